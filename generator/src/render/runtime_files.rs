//! The runtime's source, carried in the generator: an ordinary crate in `templates/runtime`, copied into every SDK.

/// Where the runtime's `lib.rs` says something that is only true in its own crate.
const OWN_CRATE: &str = "// Only in this crate:";

macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../templates/runtime/src/", $name)))),*]
    };
}

/// Every file of the runtime but `lib.rs`. A test compares the list with the folder.
pub(crate) const SOURCES: &[(&str, &str)] = sources![
    "accepted.rs",
    "auth.rs",
    "blocking.rs",
    "body.rs",
    "builder.rs",
    "bridge.rs",
    "call.rs",
    "client.rs",
    "context.rs",
    "decode.rs",
    "encode.rs",
    "equal.rs",
    "error.rs",
    "error_items.rs",
    "events.rs",
    "exact.rs",
    "examples.rs",
    "extra.rs",
    "handle.rs",
    "key.rs",
    "list.rs",
    "map.rs",
    "mfa.rs",
    "model.rs",
    "multipart.rs",
    "number.rs",
    "open_enum.rs",
    "operation.rs",
    "order.rs",
    "page.rs",
    "patch.rs",
    "query.rs",
    "record.rs",
    "records.rs",
    "request.rs",
    "reqwest_transport.rs",
    "response.rs",
    "retry.rs",
    "samples.rs",
    "scalar.rs",
    "scan.rs",
    "server.rs",
    "setters.rs",
    "status.rs",
    "tape.rs",
    "testing.rs",
    "text.rs",
    "trace.rs",
    "transport.rs",
    "typed.rs",
    "union.rs",
    "value.rs",
    "visit.rs",
];

const SETTINGS: &str = include_str!("../../../templates/runtime/src/settings.rs");
const LIB: &str = include_str!("../../../templates/runtime/src/lib.rs");

/// `src/runtime/*`; `settings` is the value of the constant `SETTINGS`. `events` says whether an operation answers with events: what
/// reads them has a module of its own, which nothing else of the runtime needs.
pub fn runtime_files(settings: &str, events: bool) -> Vec<(String, String)> {
    let wanted = |line: &str| events || !(line == "mod events;" || line.starts_with("pub use events::"));
    let mut out: Vec<(String, String)> = SOURCES
        .iter()
        .filter(|(name, _)| events || *name != "events.rs")
        .map(|(name, text)| (format!("src/runtime/{name}"), (*text).to_owned()))
        .collect();
    let mut module = String::new();
    for line in LIB.split(OWN_CRATE).next().unwrap_or(LIB).trim_end().lines().filter(|line| wanted(line)) {
        module.push_str(line);
        module.push('\n');
    }
    out.push(("src/runtime/mod.rs".to_owned(), module));
    let types = SETTINGS.split("/// The values of this SDK.").next().unwrap_or(SETTINGS).trim_end();
    let head = types.replacen(
        "The generator replaces this file in every SDK; here stand neutral values.",
        "The values are made from the settings.",
        1,
    );
    out.push(("src/runtime/settings.rs".to_owned(), format!("{head}\n\n{settings}")));
    out
}

/// What identifies the runtime and the extras that go into the output.
pub fn runtime_hash() -> String {
    let mut all = String::from(LIB);
    all.push_str(SETTINGS);
    SOURCES
        .iter()
        .map(|(_, text)| *text)
        .chain(super::extras::texts())
        .chain(super::examples::texts())
        .for_each(|text| all.push_str(text));
    crate::base::hash::hash_text(all.as_bytes()).chars().take(16).collect()
}
