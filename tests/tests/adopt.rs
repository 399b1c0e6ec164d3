//! Adoption: the facts of another document in our text, and nothing else changed.

use generator::adopt::{Adopted, Adoption, Here, adopt, facts_of};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::document::{Node, hash_content, load};
use generator::{Inputs, drift};
use serde_json::Value;
use tests::pairs;
use tests::run::deep;

fn parsed(text: &str) -> Node {
    let mut out = Diagnostics::new();
    let node = load::read_str("document", text, &mut Sources::new(), &mut out);
    node.unwrap_or_else(|| panic!("{:?}\n{text}", out.iter().map(|d| &d.message).collect::<Vec<_>>()))
}

/// Facts of `theirs` in the text of `ours`.
fn adopted(ours: &str, theirs: &str) -> Result<Adopted, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = |name: &str, text: &str| {
        let spec = folder.path().join(name);
        std::fs::write(&spec, text).expect("written");
        Inputs { spec, ..Inputs::default() }
    };
    let (before, after) = drift::understand(&inputs("ours", ours), &inputs("theirs", theirs));
    let origins = drift::origins(&before, &after);
    adopt(ours, Adoption { name: "document", theirs: &parsed(theirs), extensions: &[], origins: &origins })
}

fn facts(text: &str) -> String {
    hash_content(&facts_of(&parsed(text), Here::document(&[])))
}

/// The lines that are gone and the lines that came, in their order.
fn changed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let diff = similar::TextDiff::from_lines(old, new);
    let of =
        |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).map(|c| c.value().trim_end().to_owned()).collect();
    (of(similar::ChangeTag::Delete), of(similar::ChangeTag::Insert))
}

/// The document with every text for people replaced, as a publisher has it.
fn in_other_words(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter_mut() {
                match value {
                    Value::String(text) if ["description", "summary"].contains(&key.as_str()) => {
                        *text = "Words of somebody else".to_owned();
                    }
                    _ => in_other_words(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_other_words),
        _ => {}
    }
}

#[test]
fn every_pair_is_adopted_in_every_way_of_writing() {
    deep(|| {
        let mut wrong = Vec::new();
        for pair in pairs::all() {
            let mut theirs = parsed(&pair.new).to_json();
            in_other_words(&mut theirs);
            let theirs = theirs.to_string();
            let json = parsed(&pair.old).to_json();
            let pretty = serde_json::to_string_pretty(&json).expect("JSON");
            for (way, ours) in [("YAML", pair.old.clone()), ("JSON", pretty), ("one line", json.to_string())] {
                let done = match adopted(&ours, &theirs) {
                    Ok(done) => done,
                    Err(why) => {
                        wrong.push(format!("{pair}: {way}: {why}"));
                        continue;
                    }
                };
                let again = adopted(&done.text, &theirs).map(|again| again.text);
                if facts(&done.text) != facts(&theirs) {
                    wrong.push(format!("{pair}: {way}: other facts"));
                }
                if again.as_ref() != Ok(&done.text) {
                    wrong.push(format!("{pair}: {way}: twice is not once: {again:?}"));
                }
                if done.text.contains("somebody else") {
                    wrong.push(format!("{pair}: {way}: their words"));
                }
                let (gone, come) = changed(&ours, &done.text);
                let (least, _) = changed(&pair.old, &pair.new);
                // What is new has our style and not that of the pair's author, and so may have other lines.
                if way == "YAML" && gone.len() > least.len() {
                    wrong.push(format!(
                        "{pair}: {} and {} lines:\n{}",
                        gone.len(),
                        come.len(),
                        [gone, come].concat().join("\n")
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    });
}
