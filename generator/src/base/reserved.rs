//! Names that are taken before a document asks for any. `generator/tests/reserved.rs` reads who has them, and keeps each list to exactly that.

/// Keywords of every edition, strict and reserved; a name is made of each by `r#`.
pub const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that are no names, and cannot be made one by `r#`.
pub const PATHS: &[&str] = &["self", "Self", "super", "crate", "_"];

/// What generated code and the macros in it call by its name alone: a type of that name would be taken for it.
pub const TYPES: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Default",
    "Eq",
    "Err",
    "From",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];

/// Files next to those of the tags, and what the first of them imports: a module of a tag would be written over it, or taken for it.
pub const MODULES: &[&str] = &["mod", "requests", "runtime", "shared"];

/// What the client has besides the handles of the tags, and what it passes on to.
#[rustfmt::skip]
pub const CLIENT: &[&str] = &[
    "builder", "builder_from_env", "check_credentials", "clone", "deref", "fmt", "from", "from_env", "from_variables",
    "inner", "new", "server",
];

/// What every builder has besides its setters; `body` is the argument of all that takes one.
#[rustfmt::skip]
pub const BUILDER: &[&str] = &[
    "asynchronous", "blocking", "body", "clone", "extra", "fmt", "header", "into_future", "items", "pages", "query", "raw", "request",
    "send", "send_as", "timeout",
];

/// What headers have besides their accessors.
pub const HEADERS: &[&str] = &["clone", "fmt", "of"];

/// What hand-written modules give to a handle: the extra, the accessor of the handle, the methods.
pub const HANDLES: &[(&str, &str, &[&str])] =
    &[("belvo", "widget_access_token", &["new_link", "portal", "update_mode", "with_keys", "with_members"])];

/// The field of every model that keeps what the document does not list.
pub const MODEL: &[&str] = &["extra"];

/// What errors and their items have besides the accessors of their members.
#[rustfmt::skip]
pub const ERROR: &[&str] = &[
    "advice", "attempts", "body", "build", "build_of", "class", "clone", "code",
    "earlier_attempt_may_have_acted", "ending", "error_code", "failure", "failure_kind", "fault", "field", "fmt", "get",
    "has_code", "headers", "idempotency_key", "is_mfa_expired", "is_not_found", "is_retryable", "item_count",
    "items", "kind", "may_have_been_sent", "media_type", "members", "message", "mfa", "mfa_by", "new",
    "of_message", "operation", "read", "refresh_again_after", "request_id", "response", "retry_after", "settings",
    "source", "status", "text", "with_body", "with_fault", "with_history", "with_host", "with_note", "with_operation",
];

/// What credentials have, whatever the schemes of a document are called.
#[rustfmt::skip]
pub const CREDENTIALS: &[&str] = &[
    "and", "answer", "api_key", "apply", "asked", "authorization", "basic", "bearer", "chosen", "clone", "find", "fmt", "is_none", "none",
    "of", "of_scheme", "pair", "place", "token",
];

/// Whether Windows takes a file of this name, whatever its ending, for a device: no such file can be checked out there.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_ascii_lowercase();
    let port = |kind: &str| stem.strip_prefix(kind).and_then(|n| n.parse::<char>().ok());
    let numbered = port("com").or_else(|| port("lpt")).is_some_and(|n| n.is_ascii_digit() || "¹²³".contains(n));
    numbered || ["aux", "con", "nul", "prn", "conin$", "conout$"].contains(&stem.as_str())
}
