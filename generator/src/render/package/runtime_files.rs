//! The runtime's and the client's sources, carried in the generator. The runtime is an ordinary crate in `templates/runtime`, copied into an
//! SDK or depended on; the client (`templates/face`) always stands in the SDK, since its methods do.

use crate::render::{Input, has_events};

macro_rules! sources {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../templates/", $folder, $name)))),*]
    };
}

/// Every file of the runtime. A test compares the list with the folder.
pub(crate) const RUNTIME: &[(&str, &str)] = sources![
    "runtime/src/runtime/":
    "call/accepted.rs",
    "call/events.rs",
    "call/machine.rs",
    "call/mfa.rs",
    "call/mod.rs",
    "call/page.rs",
    "call/retry.rs",
    "call/trace.rs",
    "decode/context.rs",
    "decode/exact.rs",
    "decode/extra.rs",
    "decode/list.rs",
    "decode/map.rs",
    "decode/mod.rs",
    "decode/model.rs",
    "decode/open_enum.rs",
    "decode/patch.rs",
    "decode/records.rs",
    "decode/scalar.rs",
    "decode/tuple.rs",
    "decode/union.rs",
    "decode/value.rs",
    "encode/base64.rs",
    "encode/equal.rs",
    "encode/mod.rs",
    "encode/order.rs",
    "encode/visit.rs",
    "error/items.rs",
    "error/mod.rs",
    "http/auth.rs",
    "http/body.rs",
    "http/client.rs",
    "http/fields.rs",
    "http/key.rs",
    "http/mod.rs",
    "http/multipart.rs",
    "http/operation.rs",
    "http/parts.rs",
    "http/query.rs",
    "http/request.rs",
    "http/response.rs",
    "http/server.rs",
    "http/status.rs",
    "http/target.rs",
    "http/token.rs",
    "http/transport/blocking.rs",
    "http/transport/connect.rs",
    "http/transport/mod.rs",
    "http/transport/reqwest.rs",
    "interop/bridge.rs",
    "interop/mod.rs",
    "interop/typed.rs",
    "json/mod.rs",
    "json/number.rs",
    "json/scan.rs",
    "json/tape.rs",
    "mod.rs",
    "settings.rs",
    "testing/examples.rs",
    "testing/matcher.rs",
    "testing/mod.rs",
    "testing/record.rs",
    "testing/samples.rs",
    "text.rs",
];

/// Every file of the client; the generator writes `mod.rs` and `settings.rs`.
pub(crate) const FACE: &[(&str, &str)] = sources!["face/": "builder.rs", "face.rs", "handle.rs", "headers.rs"];

/// What of the runtime only some APIs need.
#[derive(Debug, Clone, Copy)]
struct Parts {
    /// Reading event streams: an operation answers with events.
    events: bool,
    /// The second factor: the settings say how the API asks for it.
    mfa: bool,
}

impl Parts {
    /// The files left out.
    fn unneeded(self) -> impl Iterator<Item = &'static str> {
        [("events", self.events), ("mfa", self.mfa)].into_iter().filter(|(_, needed)| !needed).map(|(name, _)| name)
    }
}

/// `src/runtime/*`, a copy of the runtime for the crate `lib`.
pub fn runtime_files(input: Input<'_>, lib: &str) -> Vec<(String, String)> {
    let parts = Parts { events: has_events(input), mfa: input.settings.mfa.is_some() };
    let mut out = Vec::new();
    for (name, text) in RUNTIME {
        if parts.unneeded().any(|part| *name == format!("call/{part}.rs")) {
            continue;
        }
        let names = |line: &str| {
            let line = line.trim_start();
            let (module, path) = (line.strip_prefix("pub(crate) mod "), line.strip_prefix("pub use "));
            parts.unneeded().any(|part| {
                module.is_some_and(|module| module == format!("{part};"))
                    || path.is_some_and(|p| p.trim_start_matches("super::").starts_with(&format!("call::{part}::")))
            })
        };
        let mut copy = String::new();
        // Macros are for the crate they stand in.
        for line in text.lines().filter(|line| !names(line) && line.trim() != "#[macro_export]") {
            copy.push_str(line);
            copy.push('\n');
        }
        out.push((format!("src/runtime/{name}"), super::doc_examples::placed(&copy, input, lib)));
    }
    out
}

/// The revision of what generated code relies on.
pub(super) fn revision() -> u32 {
    let module = RUNTIME.iter().find(|(name, _)| *name == "mod.rs").map_or("", |(_, text)| *text);
    let number = module.split("REVISION: u32 = ").nth(1).and_then(|rest| rest.split(';').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// `src/client/*` but for what the generator writes.
pub fn client_files() -> Vec<(String, String)> {
    FACE.iter().map(|(name, text)| (format!("src/client/{name}"), (*text).to_owned())).collect()
}

/// What identifies the runtime and the other hand-written files that go into the output.
pub fn runtime_hash() -> String {
    let own = RUNTIME.iter().chain(FACE).map(|(_, text)| *text);
    let all: String = own.chain(super::extras::texts()).chain(super::examples::texts()).collect();
    crate::base::hash::hash_text(all.as_bytes()).chars().take(16).collect()
}
