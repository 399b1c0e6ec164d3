//! Facts of one document in the text of another, as `fetch` brings them in.

use generator::adopt::{Adopted, Adoption, adopt};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::document::{Node, load};
use generator::{Inputs, drift};

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
