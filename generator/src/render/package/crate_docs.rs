//! What the documentation of the crate says beside the document's own words: promises of the runtime that hold for every API, and how to
//! use them.

use super::first_call;
use crate::render::Input;
use crate::render::rust::operation_docs::refusals;
use crate::settings::{NumberType, Runtime};

/// The sections on failures, retries, abandoned calls, features and tests.
pub(super) fn sections(input: Input<'_>, lib: &str, client: (&str, &str)) -> Vec<String> {
    let mut out = Vec::new();
    if input.settings.numbers.read == NumberType::Exact {
        section(
            &mut out,
            "Numbers",
            &[
                "A number is a [`Number`], not an `f64`: it holds the digits that came, and writes them back as they came, `1.10` as `1.10`.",
                "It is compared and hashed by value, and is added without rounding ([`Number::checked_add`], [`Number::checked_sub`]). A",
                "filter is sent with the digits it is given: `Number::new(1050, 2)` and `\"10.50\".parse()` are `10.50`, whole numbers",
                "convert by themselves, and `Number::try_from` takes an `f64`, which may be no number. `{:.2}` shows two digits.",
                "",
                "It is a type of this crate, because a decimal type made for arithmetic holds fewer digits than JSON may have and rounds what",
                "has more, and a program that only passes amounts on needs no such crate. To calculate, use `rust_decimal` by the feature",
                "`decimal`: `number.to_decimal()` is exact or an error, `Number::from(decimal)` keeps the zeros at the end.",
            ],
        );
    }
    section(
        &mut out,
        "When a call fails",
        &[
            "There is one [`Error`]. It says what happened ([`Error::kind`], [`Error::status`], [`Error::items`]), which request id to",
            "report, whether trying again may help ([`Error::is_retryable`]) and whether the API may have acted",
            "([`Error::may_have_been_sent`]). Neither `Debug` nor `Display` shows credentials, bodies or what a person entered; the body",
            "is reached by [`Error::body`].",
            "",
            "Transient failures are retried automatically, as the documentation of each operation says, with the pauses of the settings",
            "and at least as long as `Retry-After` asks for, within its cap. Rules, timeout and deadline can be set for a client",
            "([`ClientBuilder`]) and for one call ([`Request`]); by default the deadline leaves room for every attempt and every pause.",
            "An operation that is not idempotent is retried only when the API has certainly done nothing.",
            "",
            "Where waiting seldom helps, a call does not wait for long: a server whose name has no address, or that refuses connections, is",
            "tried again three times within five seconds, and one with a bad certificate not at all. The error names the host and the cause",
            "([`Error::failure_kind`](crate::Error::failure_kind)). What the rules are and how their pauses are spread by jitter is in",
            "[`RetryRules`](crate::retry::RetryRules); [`ClientBuilder::on_retry`] is called before each pause, with its reason.",
        ],
    );
    let refused = refusals(input);
    if !refused.is_empty() {
        out.extend([
            format!("By {refused} the API says that it did nothing and may be asked again: such a call is repeated whatever it does"),
            "(unless it is never retried), after the time that `Retry-After` names, else after the pauses of the settings.".to_owned(),
            String::new(),
        ]);
    }
    if !input.settings.errors.codes.is_empty() {
        // Of a runtime that is a crate of its own they are methods of a trait.
        let (class, advice) = match input.settings.package.runtime {
            Runtime::Copy => ("[`Error::class`]", "[`Error::advice`]"),
            Runtime::Dependency(_) => ("[`class`](ext::ErrorExt::class)", "[`advice`](ext::ErrorExt::advice)"),
        };
        out.extend([
            format!("{class} says who has to act, {advice} what to do; both know the codes of the API ([`ErrorCode`]), and what"),
            "an answer without one means.".to_owned(),
            String::new(),
        ]);
    }
    if crate::render::rust::extension::module(input).is_some() {
        out.extend([
            "What this API adds to errors are methods of traits, since [`Error`] is of a crate that other APIs share. This brings them in:".to_owned(),
            String::new(),
            "```".to_owned(),
            format!("use {lib}::ext::*;"),
            "```".to_owned(),
            String::new(),
        ]);
    }
    section(
        &mut out,
        "When a call is abandoned",
        &[
            "A call does nothing before it is first polled, and no further attempt is made once its future is dropped: by a timeout around",
            "it, by `select!`, by the end of a task. What the last attempt did is then not known: the request may have arrived. To find",
            "out, in this order:",
            "",
            "1. Where the operation takes an idempotency key, choose the key yourself (`.request().idempotency_key(..)`), keep it before",
            "   the call, and repeat the call with it. Nothing is done twice, and the answer is the first one's. A key that the client has",
            "   made itself is lost with the future.",
            "2. Give what you create an id of your own where the API has a member for it, and list by it before you create it again.",
            "3. Otherwise read the state first. Prefer the call's own `timeout` and `deadline` to dropping its future: they end in an",
            "   [`Error`] that knows whether anything was sent, and with which key.",
        ],
    );
    section(
        &mut out,
        "Features",
        &[
            "- `reqwest` (default): calls over reqwest. In a browser (`wasm32-unknown-unknown`) it uses `fetch`, which follows redirects",
            "  and decides about TLS by itself, and does not say whether anything was sent: a failed connection counts as sent there.",
            "- `rustls` (default): TLS by rustls, with the machine's certificates and reqwest's own provider, aws-lc, or the one that the",
            "  program has installed (`CryptoProvider::install_default`). It needs a C compiler at build time, on common systems no cmake.",
            "  Plain reqwest clients elsewhere in the program then have TLS too. As with reqwest's default features, they cannot be built",
            "  on a machine without any certificates. A program that calls rustls itself, with another provider, installs that one at its",
            "  start: with two of them compiled in, `rustls::ClientConfig::builder` does not choose. With `blocking`, ureq adds ring.",
            "- `native-tls`: TLS by the system's library, with its headers at build time (Debian: `libssl-dev`); leave out the default features",
            "  for it. With `rustls` as well, calls go by rustls. It changes what others in the program get: every reqwest client that does",
            "  not choose for itself (`tls_backend_rustls`) then goes by the system's library, also where its own features name rustls, and",
            "  refuses what only rustls has, as an `Identity::from_pem`.",
            "- Neither of the two: `http` only, unless `ClientBuilder::reqwest` gets a client of your own, built with the TLS of your choice.",
            "  Connection pools are set there too. A proxy, certificates of an authority, a client certificate and the time to connect are plain",
            "  settings of [`ClientBuilder`], for awaited and for blocking calls alike. Without one, proxies are those of the environment",
            "  (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`); those of the settings of macOS and Windows need reqwest's feature",
            "  `system-proxy`.",
            "- `blocking`: calls that hold the thread, over ureq. Without the default features there is no async runtime in the graph.",
            "  While such a call is under way the level of the crate `log` is held at `DEBUG`, for the whole program: at `TRACE` ureq would",
            "  write credentials and bodies.",
            "- `serde`: `Serialize` and `Deserialize` for models, enums and unions. The crate itself needs neither: [`from_json`]",
            "  and [`to_json`] read and write every model without it, and for hundreds of types it makes compiling slower.",
            "  serde knows no decimal numbers, so it loses what `u64`, `i64` and `f64` do not hold: zeros at the end (`1.10` becomes `1.1`),",
            "  the spelling (`1E5`), and all but some 16 digits unless serde_json has `arbitrary_precision`. A number beyond `f64` is an error.",
            "- `gzip`: compressed responses.",
            "- `tracing`: a span for each call (`call`, with the operation) and below it one for each request that is sent (`attempt`, of kind",
            "  client), by OpenTelemetry's conventions for HTTP: it is called `{method} {url.template}` (`otel.name`) and has",
            "  `http.request.method`, `url.template`, `server.address`, `server.port`, `http.response.status_code`, `error.type` (the status, or",
            "  what [`FailureKind`](crate::client::FailureKind) calls it) and, from the second on, `http.request.resend_count`. An event says why",
            "  another attempt follows, and when. No URL with its values is in it, nor any header or body, so `url.full` is left out.",
            "- `chrono`, `jiff`, `time`, `uuid`, `decimal`: dates, times, identifiers and amounts as the types of these crates, converted",
            "  when asked for: what came is kept as the text it came as.",
            "- `testing`: the double for tests, below.",
        ],
    );
    if out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.extend(super::extras::features(input).map(|(name, what)| format!("- `{name}`: {what}.")));
    out.push(String::new());
    out.extend(crate::render::rust::features::about(input));
    out.extend(testing(input, lib, client));
    out
}

fn section(out: &mut Vec<String>, title: &str, text: &[&str]) {
    out.push(format!("# {title}"));
    out.push(String::new());
    out.extend(text.iter().map(|line| (*line).to_owned()));
    out.push(String::new());
}

/// How a user of the crate tests what calls it, with an operation that needs no arguments.
pub(super) fn testing(input: Input<'_>, lib: &str, (server, credentials): (&str, &str)) -> Vec<String> {
    let Some(first_call::Simplest { call, declared, .. }) = first_call::simplest(input) else { return Vec::new() };
    // A status that the operation declares: another one is no answer to it.
    let status = declared.successes().find_map(|r| r.status.parse().ok()).unwrap_or(200_u16);
    // Braces stand for what a caller knows; nothing is sent to this host.
    let server = if server.contains('{') { "\"https://HOST\"" } else { server };
    let environment = if server.starts_with('"') { "" } else { ", Environment" };
    let extension = first_call::extension(input, lib);
    let lines = [
        "# Tests of your own".to_owned(),
        String::new(),
        "With the feature `testing`, code that calls the API is tested without a server and without waiting: a transport that answers".to_owned(),
        "from a script and records the exact requests, and a clock on which time passes only when somebody waits. Answers are made of".to_owned(),
        "models (`Answer::model`) or of JSON; `testing::filled` makes a model of the members a test is about.".to_owned(),
        String::new(),
        "```".to_owned(),
        "# #[cfg(feature = \"testing\")] {".to_owned(),
        format!("use {lib}::testing::{{Answer, Recorder, VirtualClock, now}};"),
        format!("use {lib}::{{Client, Credentials{environment}}};"),
        String::new(),
        "// The connection breaks once, then the API answers.".to_owned(),
        format!("let recorder = Recorder::answering([Answer::maybe_sent(), Answer::json({status}, \"{{}}\")]);"),
        "let clock = VirtualClock::new();".to_owned(),
        format!("let client = Client::builder({server})"),
        format!("    .credentials({credentials})"),
        "    .transport(recorder.clone())".to_owned(),
        "    .clock(clock.clone())".to_owned(),
        "    .build()".to_owned(),
        "    .unwrap();".to_owned(),
        format!("let received = now({call}.raw()).unwrap();"),
        "assert_eq!((received.attempts(), recorder.requests().len(), clock.pauses().len()), (2, 2, 1));".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
        String::new(),
    ];
    let mut lines = lines.to_vec();
    let uses = lines.iter().position(|line| line.starts_with("use ")).unwrap_or_default();
    extension.into_iter().for_each(|line| lines.insert(uses, line));
    lines
}
