//! Facts of one document in the text of another, as `fetch` brings them in.

use generator::adopt::{Adopted, Adoption, Here, Role, adopt, facts_of};
use generator::base::diagnostic::Diagnostics;
use generator::base::{Pointer, Sources};
use generator::document::{Kind, Node, Object, hash_content, load};
use generator::{Inputs, drift};
use std::collections::BTreeMap;

/// The extensions that are facts of Belvo's document.
pub fn extensions() -> Vec<String> {
    ["x-tags", "x-tagGroups", "x-badges.name"].map(str::to_owned).to_vec()
}

/// A document as a tree.
pub fn parsed(text: &str) -> Node {
    let mut out = Diagnostics::new();
    let node = load::read_str("document", text, &mut Sources::new(), &mut out);
    node.unwrap_or_else(|| panic!("{:?}\n{text}", out.iter().map(|d| &d.message).collect::<Vec<_>>()))
}

/// Facts of `theirs` in the text of `ours`.
///
/// # Errors
/// Why they cannot be brought in.
pub fn adopted(ours: &str, theirs: &str) -> Result<Adopted, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = |name: &str, text: &str| {
        let spec = folder.path().join(name);
        std::fs::write(&spec, text).expect("written");
        Inputs { spec, ..Inputs::default() }
    };
    let (before, after) = drift::understand(&inputs("ours", ours), &inputs("theirs", theirs));
    let origins = drift::origins(&before, &after);
    let extensions = extensions();
    adopt(ours, Adoption { name: "document", theirs: &parsed(theirs), extensions: &extensions, origins: &origins })
}

/// The members of a document, as the lines they take: first and last, and the pointer.
fn lines(starts: &[usize], text: &str, node: &Node, at: &Pointer, out: &mut Vec<(usize, usize, Pointer)>) {
    let line = |offset: usize| starts.partition_point(|start| *start <= offset) - 1;
    match &node.kind {
        Kind::Object(members) => {
            for e in members.iter() {
                let pointer = at.join(&e.key);
                let last = text[..e.value.span.end as usize].trim_end().len();
                out.push((line(e.key_span.start as usize), line(last), pointer.clone()));
                lines(starts, text, &e.value, &pointer, out);
            }
        }
        Kind::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                lines(starts, text, item, &at.join(i), out);
            }
        }
        _ => {}
    }
}

/// The innermost member that each line belongs to.
fn owners(text: &str) -> Vec<Option<Pointer>> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let mut all = Vec::new();
    lines(&starts, text, &parsed(text), &Pointer::root(), &mut all);
    let mut owners = vec![None; starts.len() + 1];
    // Outer members first, so that inner ones have the last word.
    for (first, last, pointer) in all {
        owners[first..=last].iter_mut().for_each(|owner| *owner = Some(pointer.clone()));
    }
    owners
}

fn at<'n>(root: &'n Node, pointer: &Pointer) -> Option<&'n Node> {
    root.at(pointer.segments().collect::<Vec<_>>().iter().map(String::as_str))
}

fn is_within(pointer: &str, of: &str) -> bool {
    pointer.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The lines of each member that no inner member has, without comments and empty ones.
fn own_lines(text: &str) -> BTreeMap<Pointer, Vec<&str>> {
    let mut lines: BTreeMap<Pointer, Vec<&str>> = BTreeMap::new();
    for (line, owner) in text.lines().zip(owners(text)) {
        if let Some(owner) = owner.filter(|_| !line.trim().is_empty() && !line.trim().starts_with('#')) {
            lines.entry(owner).or_default().push(line);
        }
    }
    lines
}

/// Members whose lines changed although their facts did not.
pub fn unfounded(ours: &str, done: &Adopted) -> Vec<String> {
    let (before, after) = (parsed(ours), parsed(&done.text));
    let (lines, now) = (own_lines(ours), own_lines(&done.text));
    let extensions = extensions();
    let mut out = Vec::new();
    for (owner, lines) in lines {
        let steps: Vec<String> = owner.segments().collect();
        // Examples follow the facts they show. What moved takes its lines along, and where something else has come to a place, what
        // stood there is gone. The list of tags has no facts.
        let replaced = done.moved.iter().any(|(from, to)| [from, to].iter().any(|at| is_within(owner.as_str(), at)));
        if replaced || steps.iter().any(|s| s == "example") || steps.first().is_some_and(|s| s == "tags") {
            continue;
        }
        let here = at(&before, &owner).expect("a place of the document");
        if now.get(&owner) == Some(&lines) {
            continue;
        }
        let mut place = Here::document(&extensions);
        let mut around = &before;
        for step in steps.iter().take(steps.len() - 1) {
            let below = around.at([step.as_str()]).expect("a place of the document");
            place = if around.as_array().is_some() { place.element() } else { place.child(step, below) };
            around = below;
        }
        let last = steps.last().expect("a key");
        let own = place.child(last, here);
        let is_word = place.role(last) != Role::Fact;
        let Some(other) = at(&after, &owner) else {
            // What is gone takes its words along; of what lives on they stay.
            let parent = owner.parent().and_then(|parent| at(&after, &parent));
            if is_word && parent.is_some_and(|parent| parent.as_object().is_some() && parent.get("$ref").is_none()) {
                out.push(format!("{owner}: {lines:?} is gone"));
            }
            continue;
        };
        let container = matches!((&here.kind, &other.kind), (Kind::Object(_), Kind::Object(_)));
        let differs = hash_content(&facts_of(here, own)) != hash_content(&facts_of(other, own));
        let same_kind = here.get("$ref").is_some() == other.get("$ref").is_some();
        if is_word || container && same_kind || !differs {
            out.push(format!("{owner}: {lines:?} now {:?}", now.get(&owner)));
        }
    }
    out
}

/// The lines that are gone, and those that came, by their numbers.
pub fn changed(old: &str, new: &str) -> (Vec<usize>, Vec<usize>) {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for change in similar::TextDiff::from_lines(old, new).iter_all_changes() {
        match change.tag() {
            similar::ChangeTag::Delete => gone.extend(change.old_index()),
            similar::ChangeTag::Insert => come.extend(change.new_index()),
            similar::ChangeTag::Equal => {}
        }
    }
    (gone, come)
}

/// Objects whose members, as far as they are in both documents, do not stand in the order that they had.
pub fn disordered(before: &Node, after: &Node, at: &Pointer) -> Vec<Pointer> {
    match (&before.kind, &after.kind) {
        (Kind::Object(a), Kind::Object(b)) => {
            let order = |of: &Object, in_other: &Object| -> Vec<String> {
                of.iter().filter(|e| in_other.contains(&e.key)).map(|e| e.key.clone()).collect()
            };
            let own = (order(a, b) != order(b, a)).then(|| at.clone());
            let below = a.iter().filter_map(|e| Some((e, b.get(&e.key)?)));
            own.into_iter().chain(below.flat_map(|(e, other)| disordered(&e.value, other, &at.join(&e.key)))).collect()
        }
        _ => Vec::new(),
    }
}

/// The facts of a document, as one text.
pub fn facts(text: &str) -> String {
    hash_content(&facts_of(&parsed(text), Here::document(&[])))
}

/// `ours` with the facts of `theirs`: the text that comes of it, as lines that are gone (`-`) and that came (`+`).
pub fn diff(ours: &str, theirs: &str) -> String {
    let done = adopted(ours, theirs).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(facts(&done.text), facts(theirs), "{}", done.text);
    let diff = similar::TextDiff::from_lines(ours, &done.text);
    let changes = diff.iter_all_changes().filter(|c| c.tag() != similar::ChangeTag::Equal);
    changes.map(|c| format!("{}{}\n", c.tag(), c.value().trim_end())).collect()
}
