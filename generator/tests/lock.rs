//! The lock's text: what is written is read back, and what cannot be read is said with its place.

use generator::base::FileId;
use generator::base::Pointer;
use generator::base::diagnostic::Diagnostics;
use generator::history::lock::{Lock, LockEntry};

fn entry(name: &str, fingerprint: &str) -> LockEntry {
    LockEntry { name: name.into(), fingerprint: fingerprint.into(), gone: false }
}

fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).expect("a pointer")
}

fn parse(text: &str) -> (Lock, Vec<String>) {
    let mut out = Diagnostics::new();
    let lock = Lock::parse(text, FileId(0), &mut out);
    let line = |offset: u32| 1 + text[..offset as usize].matches('\n').count();
    let told =
        out.iter().map(|d| format!("{}: {}: {}", line(d.span.expect("a place").start), d.code, d.message)).collect();
    (lock, told)
}

#[test]
fn entries_are_sorted_and_read_back() {
    let mut lock = Lock::new();
    lock.insert("type", &pointer("#/components/schemas/b"), entry("B", "f2"));
    lock.insert("type", &pointer("#/components/schemas/a"), LockEntry { gone: true, ..entry("A", "f1") });
    lock.insert("module", &pointer("#/components/schemas/b"), entry("models::b", "f2"));
    lock.insert("crate", &Pointer::root(), entry("belvo", "f0"));
    let text = lock.print();
    assert_eq!(
        text,
        "\
# Rust names that users of the generated crate rely on. Written by `cargo xtask generate`, reviewed in every change.
# pointer | kind | fingerprint | name
# | crate | f0 | belvo
#/components/schemas/a | type | f1 | A (gone)
#/components/schemas/b | module | f2 | models::b
#/components/schemas/b | type | f2 | B
"
    );
    assert_eq!(parse(&text), (lock.clone(), Vec::new()));
    assert_eq!(parse(&text.replace('\n', "\r\n")), (lock, Vec::new()));
}

#[test]
fn any_pointer_survives() {
    for segment in
        ["a | b", "line\nbreak", "tab\t", "back\\slash", "\u{2028}", "Nómina", "", " ", " (gone)", "~/", "\\u{41}"]
    {
        let mut lock = Lock::new();
        let place = pointer("#/x").join(segment);
        lock.insert("field", &place, entry("x", "f"));
        let text = lock.print();
        assert_eq!(text.lines().count(), 3, "{segment:?}");
        assert_eq!(parse(&text), (lock, Vec::new()), "{segment:?}");
    }
}

#[test]
fn nodes_are_found_by_pointer_and_kind() {
    let mut lock = Lock::new();
    lock.insert("type", &pointer("#/a"), entry("A", "same"));
    lock.insert("type", &pointer("#/b"), LockEntry { gone: true, ..entry("B", "same") });
    lock.insert("field", &pointer("#/b"), entry("b", "same"));
    assert_eq!(lock.get("type", &pointer("/a")).map(|e| e.name.as_str()), Some("A"));
    assert_eq!(lock.get("type", &pointer("/c")), None);
}

#[test]
fn what_is_gone_leaves_a_tombstone_and_what_moved_does_not() {
    let mut old = Lock::new();
    old.insert("type", &pointer("#/stays"), entry("Stays", "f1"));
    old.insert("type", &pointer("#/gone"), entry("Gone", "f2"));
    old.insert("type", &pointer("#/moved"), entry("Moved", "f3"));
    let mut assigned = Lock::new();
    assigned.insert("type", &pointer("#/stays"), entry("Stays", "f1b"));
    assigned.insert("type", &pointer("#/elsewhere"), entry("Moved", "f3"));
    let next = old.succeeded_by(assigned.clone());
    assert_eq!(next.len(), 3);
    assert_eq!(next.get("type", &pointer("#/gone")), Some(&LockEntry { gone: true, ..entry("Gone", "f2") }));
    assert_eq!(next.get("type", &pointer("#/moved")), None);
    // Once more, unchanged: tombstones stay and the text is the same.
    assert_eq!(next.succeeded_by(assigned).print(), next.print());
    let mut back = Lock::new();
    back.insert("type", &pointer("#/gone"), entry("Gone", "f2"));
    assert_eq!(next.succeeded_by(back).get("type", &pointer("#/gone")).map(|e| e.gone), Some(false));
}

#[test]
fn broken_lines_are_told_with_their_place() {
    let text = "\
# a comment
#/a | type | f | A
#/a | type | f | B
#/b | type | A
nonsense
b | type | f | B
#/c | type | f | two words
#/d\\x | type | f | D
#/e | type | f | E
#/f | type | f | a-b
#/g | method | f | type
#/g | type-alias | next..1.0.0 | 1x
#/g | method-alias | next..1.0.0 | orders/Orders/create
#/g | builder | f | r#type
";
    let (lock, told) = parse(text);
    assert_eq!(
        told,
        [
            "3: E0803: `#/a` has two names of the kind `type`",
            "4: E0802: this line is no entry of the lock",
            "5: E0802: this line is no entry of the lock",
            "6: E0802: this line is no entry of the lock",
            "7: E0802: this line is no entry of the lock",
            "8: E0802: this line is no entry of the lock",
            "10: E0802: `a-b` is no name in Rust",
            "11: E0802: `type` is no name in Rust",
            "12: E0802: `1x` is no name in Rust",
        ]
    );
    assert_eq!(lock.len(), 3);
}

#[test]
fn an_unfinished_merge_is_one_message() {
    let text = "#/a | type | f | A\n<<<<<<< ours\n#/b | type | f | B\n=======\n#/b | type | f | C\n>>>>>>> theirs\n";
    assert_eq!(parse(text).1, ["2: E0801: the lock holds the marks of an unfinished merge"]);
}
