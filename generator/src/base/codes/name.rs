//! The codes of the `name` stage: code, title, page.

/// Codes of this stage: code, title, explanation.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        "W0501",
        "a name needed a number",
        "Two places of the document want the same Rust name and nothing distinguishes them but their places. The first by place has the plain name, whatever the order of keys. Give one of them a name in the settings.",
    ),
    ("N0502", "a name was qualified", "Two places of the document want the same Rust name; this one got a longer one."),
    (
        "W0503",
        "an operation that cannot resume",
        "The settings say that the operation resumes an interrupted call, but its body is no object with a member for the session. It takes its body as it is.",
    ),
];
