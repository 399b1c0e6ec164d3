//! A language: the words of the tables, and translations of the document's texts, from one file that people write.
//!
//! ```toml
//! name = "Español (México)"
//!
//! [labels]
//! description = "Descripción"
//!
//! [glossary]
//! balance = "saldo"
//!
//! [texts."/components/schemas/Account/properties/name"]
//! of = "af63bd4c8601b7df"
//! text = "Nombre de la cuenta."
//! ```
//!
//! `of` is the [`hash`] of the text that was translated: when the document says something else, the translation is stale, and the tables
//! have the document's text again.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;
use toml::Spanned;

use super::{Dictionary, Word};
use crate::base::diagnostic::Diagnostic;
use crate::base::hash::fnv;
use crate::base::{FileId, Span};

/// A language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// What it calls itself.
    pub name: String,
    /// The words of the tables, by [`LABELS`].
    #[serde(default)]
    pub labels: BTreeMap<String, Spanned<String>>,
    /// How terms are translated, for who goes on translating.
    #[serde(default)]
    pub glossary: BTreeMap<String, String>,
    /// Translations by the place of the text in the document.
    #[serde(default)]
    pub texts: BTreeMap<String, Translation>,
    /// The first place of each text that is translated.
    #[serde(skip)]
    by_hash: BTreeMap<String, String>,
}

/// A translated text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// The [`hash`] of the text in the document's language.
    pub of: Spanned<String>,
    /// The translation, as Markdown.
    pub text: String,
}

/// What is said of something deprecated where the document says nothing.
pub const ADVICE: &str = "no longer maintained: it may still arrive, do not rely on it";

/// The words of the tables, in English.
pub const LABELS: &[&str] = &[
    "path",
    "type",
    "format",
    "required",
    "may be null",
    "deprecated",
    "allowed values",
    "description",
    "example",
    "yes",
    "no",
    "list of",
    "string",
    "integer",
    "number",
    "boolean",
    "object",
    "map",
    "one of",
    "any",
    "index",
    "resource",
    "table",
    "members",
    "errors",
    "search",
    "see",
    "not translated",
    ADVICE,
    "where",
];

/// How much of a dictionary is translated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Texts of the document that are in it.
    pub texts: usize,
    /// Those that are translated.
    pub translated: usize,
    /// Places whose text is not the one that was translated.
    pub stale: Vec<String>,
    /// Places of translations where the tables have no text any more.
    pub gone: Vec<String>,
}

impl Translation {
    fn is_of(&self, text: &str) -> bool {
        *self.of.get_ref() == hash(text)
    }
}

impl Texts {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, and where; a word of the tables that there is not.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut texts: Self = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        match texts.labels.iter().find(|(label, _)| !LABELS.contains(&label.as_str())) {
            Some((label, word)) => {
                let line = text.get(..word.span().start).unwrap_or_default().matches('\n').count() + 1;
                Err(format!("line {line}: the tables have no word `{label}`; they have {}", LABELS.join(", ")))
            }
            None => {
                for (at, translation) in texts.texts.iter().rev() {
                    texts.by_hash.insert(translation.of.get_ref().clone(), at.clone());
                }
                Ok(texts)
            }
        }
    }

    /// A language that nobody has translated anything into yet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The translation of a text at a place: the one for this place, or that of the same text elsewhere, as when it has moved. That of
    /// an earlier text is none.
    pub(super) fn of(&self, at: &str, text: &str) -> Option<&str> {
        let here = self.texts.get(at).filter(|translation| translation.is_of(text));
        let elsewhere = || self.texts.get(self.by_hash.get(&hash(text))?);
        here.or_else(elsewhere).map(|translation| translation.text.as_str())
    }

    /// A word of the tables; in English where the file has none.
    pub fn label<'a>(&'a self, label: &'a str) -> &'a str {
        self.labels.get(label).map_or(label, |word| word.get_ref().as_str())
    }

    /// The same where a title begins with it.
    pub fn title(&self, label: &str) -> String {
        let mut rest = self.label(label).chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
    }

    /// A type's word.
    pub fn word(&self, word: Word) -> &str {
        self.label(word.as_str())
    }

    /// How much of what `english` says is translated, and which translations are of other texts than those at their places.
    pub fn coverage(&self, english: &Dictionary) -> Coverage {
        let texts = english.texts();
        let translated = texts.iter().filter(|(at, text)| self.of(at, &text.text).is_some()).count();
        let is_stale = |at: &&String| {
            texts.get(at.as_str()).is_some_and(|t| !self.texts.get(*at).is_some_and(|own| own.is_of(&t.text)))
        };
        let stale = self.texts.keys().filter(is_stale).cloned().collect();
        let gone = self.texts.keys().filter(|at| !texts.contains_key(at.as_str())).cloned().collect();
        Coverage { texts: texts.len(), translated, stale, gone }
    }

    /// The file with all texts of `english` in it: what is translated as it is, the others in the document's language, to be translated.
    pub fn template(&self, english: &Dictionary) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut out = format!("name = {}\n\n[labels]\n", quoted(&self.name));
        for label in LABELS {
            let _ = writeln!(out, "{} = {}", quoted(label), quoted(self.label(label)));
        }
        out.push_str("\n[glossary]\n");
        for (term, translation) in &self.glossary {
            let _ = writeln!(out, "{} = {}", quoted(term), quoted(translation));
        }
        for (at, text) in english.texts() {
            let own = self.texts.get(at);
            if own.is_none() {
                out.push_str("\n# To be translated.");
            }
            if let Some(stale) = own.filter(|own| !own.is_of(&text.text)) {
                let _ = write!(
                    out,
                    "\n# {} is now {}: {}",
                    stale.of.get_ref(),
                    hash(&text.text),
                    text.text.replace('\n', "\n# ")
                );
            }
            let of = own.map_or_else(|| hash(&text.text), |own| own.of.get_ref().clone());
            let text = own.map_or(text.text.as_str(), |own| own.text.as_str());
            let _ = write!(out, "\n[texts.{}]\nof = {}\ntext = {}\n", quoted(at), quoted(&of), quoted(text));
        }
        out
    }
}

/// Says (`W0910`) which translations of a language's file are of earlier texts, at their places in it. `english` has all tables.
pub fn stale(texts: &Texts, english: &Dictionary, file: FileId) -> Vec<Diagnostic> {
    let place = |at: &str| {
        let span = texts.texts.get(at).map(|translation| translation.of.span()).unwrap_or_default();
        let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: offset(span.start), end: offset(span.end) }
    };
    let coverage = texts.coverage(english);
    let earlier = |at: &String| {
        let help = "translate it anew; `cargo xtask dictionary --lang LANG --template` prints the text and its hash";
        Diagnostic::warning("W0910", format!("the translation of `#{at}` is of an earlier text"))
            .at(place(at))
            .help(help)
    };
    let gone = |at: &String| {
        let message = format!("the tables have no text at `#{at}`, of which this is a translation");
        Diagnostic::warning("W0910", message)
            .at(place(at))
            .help("remove it, or give it the place where the text is now")
    };
    coverage.stale.iter().map(earlier).chain(coverage.gone.iter().map(gone)).collect()
}

/// What a text of the document is known by.
pub fn hash(text: &str) -> String {
    format!("{:016x}", fnv(text.as_bytes()))
}
