//! What Belvo publishes, so that none of its sentences gets into what is ours.

use crate::adoption::parsed;
use crate::place::{shared, text};
use generator::document::{Kind, Node};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many letters in a row are nobody's by chance.
pub const RUN: usize = 60;

/// Every run of the published texts.
pub struct Published {
    known: HashSet<u64>,
}

/// A text in one form: one space between words, lower case.
fn normal(text: &str) -> Vec<char> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().flat_map(char::to_lowercase).collect()
}

fn hash(run: &[char]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

impl Published {
    /// Both documents and the reference page; `None` where they are not there.
    pub fn read() -> Option<Self> {
        let page = shared("belvo/reference.txt")?;
        let mut published = Self { known: HashSet::new() };
        text(&page).lines().for_each(|line| published.learn(line));
        for path in
            ["belvo-1.223.0.json", "belvo-1.35.0.yaml"].iter().filter_map(|name| shared(&format!("belvo/{name}")))
        {
            let document = parsed(&text(&path));
            let mut all = Vec::new();
            texts("", &document, &mut all);
            all.iter().filter(|(_, text)| text.len() >= RUN).for_each(|(_, text)| published.learn(text));
        }
        assert!(published.known.len() > 100_000, "the published texts have been read");
        Some(published)
    }

    fn learn(&mut self, text: &str) {
        self.known.extend(normal(text).windows(RUN).map(hash));
    }

    /// The first run of a text that is published too.
    pub fn run_in(&self, text: &str) -> Option<String> {
        let text = normal(text);
        text.windows(RUN).find(|run| self.known.contains(&hash(run))).map(|run| run.iter().collect())
    }

    /// The runs in the texts for people and in the examples of a document. Values of the wire are facts: enums, patterns, addresses.
    pub fn runs_in(&self, document: &Node) -> Vec<String> {
        let mut all = Vec::new();
        texts("", document, &mut all);
        let ours = all.iter().filter(|(key, text)| {
            text.len() >= RUN
                && (key.starts_with("example") || ["description", "summary", "title"].contains(&key.as_str()))
        });
        ours.filter_map(|(key, text)| Some(format!("{key}: {}", self.run_in(text)?))).collect()
    }
}

/// All texts of a document, with the key each stands under.
fn texts<'a>(key: &str, node: &'a Node, out: &mut Vec<(String, &'a str)>) {
    match &node.kind {
        Kind::String(text) => out.push((key.to_owned(), text)),
        Kind::Array(items) => items.iter().for_each(|item| texts(key, item, out)),
        Kind::Object(members) => members.iter().for_each(|e| {
            // Whatever stands within an example is one.
            let key = if key.starts_with("example") { key } else { &e.key };
            texts(key, &e.value, out);
        }),
        _ => {}
    }
}
