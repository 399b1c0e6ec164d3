//! The program that makes the calls: a workspace of all generated crates, the runtime that they share, and one that calls them.

use super::calls::module;
use super::scenarios::exact;
use super::{Scenario, Wanted};
use crate::beside::write as write_own;
use crate::consumer::Known;
use crate::place::root;
use crate::run::{deep, told};
use crate::schema::differences;
use generator::emit::{Manifest, write};
use generator::{Inputs, generate, understand};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace in the making.
pub struct Program {
    dir: PathBuf,
    documents: Vec<Document>,
}

struct Document {
    name: String,
    krate: String,
    /// What follows the server's address.
    below: String,
    scenarios: Vec<Scenario>,
}

/// What came of one call.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The call.
    pub scenario: Scenario,
    /// What the program says of it: request, answer, what the client and the reader made of it.
    pub seen: Value,
}

/// A call, judged.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Whether the server takes the request for right.
    pub accepted: bool,
    /// Whether what it answered was read (or refused, where that is what is wanted).
    pub read: bool,
    /// Whether a JSON body was written back equal; `None`: there was none to read.
    pub equal: Option<bool>,
    /// How many declared headers came and were read.
    pub headers: usize,
    /// What went wrong, in one line.
    pub reason: String,
}

impl Program {
    /// An empty workspace in `dir`, which keeps its build products from one run to the next.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf(), documents: Vec::new() }
    }

    /// Generates the crate of a document and the calls of its scenarios. Of `table`, `$server` follows the server's address, and
    /// `$credentials` is Rust, where the crate is `sdk`.
    ///
    /// # Errors
    /// What the generator says when it makes no crate.
    pub fn add(&mut self, name: &str, document: &Path, table: &Value, scenarios: Vec<Scenario>) -> Result<(), String> {
        let krate = format!("live-{}", name.replace(['.', '_'], "-").to_lowercase());
        let config = self.dir.join(format!("{krate}.toml"));
        let runtime = root().join("templates/runtime");
        write_own(&config, &format!("[crate]\nruntime = {{ path = {:?} }}\n", runtime.display().to_string()));
        let inputs = Inputs {
            spec: document.to_path_buf(),
            config: Some(config),
            name: Some(krate.clone()),
            ..Inputs::default()
        };
        let run = deep(|| generate(&inputs));
        if run.diagnostics.has_errors() {
            return Err(told(&run));
        }
        let understood = deep(|| understand(&inputs));
        let (api, facts, names) = (&understood.api, &understood.facts, &understood.names);
        let known = Known { api, facts, names, environments: &[] };
        write(&self.dir.join(&krate), &run.files, &Manifest::new(run.provenance.clone(), &run.files))
            .unwrap_or_else(|d| panic!("{}", d.message));
        let snake = krate.replace('-', "_");
        write_own(
            &self.dir.join(format!("calls/src/{snake}.rs")),
            &module(&snake, known, table["$credentials"].as_str(), &scenarios),
        );
        let below = table["$server"].as_str().unwrap_or_default().to_owned();
        self.documents.push(Document { name: name.to_owned(), krate, below, scenarios });
        Ok(())
    }

    /// Compiles all of it: the warnings of generated crates, with the names of their documents.
    pub fn build(&self) -> Vec<(String, String)> {
        let krates: Vec<&str> = self.documents.iter().map(|d| d.krate.as_str()).collect();
        let features = "default-features = false, features = [\"blocking\", \"testing\"]";
        let dependencies: String =
            krates.iter().map(|krate| format!("{krate} = {{ path = \"../{krate}\", {features} }}\n")).collect();
        let runtime = root().join("templates/runtime").display().to_string();
        let manifest = format!(
            "[package]\nname = \"calls\"\nedition = \"2024\"\n\n[dependencies]\nhttp = \"1\"\nserde_json = \"1\"\n\
             runtime = {{ path = {runtime:?}, default-features = false, features = [\"blocking\", \"testing\"] }}\n{dependencies}"
        );
        let workspace = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {:?}\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            krates.iter().copied().chain(["calls"]).collect::<Vec<_>>()
        );
        let snake = |krate: &str| krate.replace('-', "_");
        let mods: String = krates.iter().map(|k| format!("mod {};\n", snake(k))).collect();
        let arm = |d: &Document| format!("    document!(world, {}, {:?});\n", snake(&d.krate), d.below);
        let arms: String = self.documents.iter().map(arm).collect();
        write_own(&self.dir.join("Cargo.toml"), &workspace);
        write_own(&self.dir.join("calls/Cargo.toml"), &manifest);
        write_own(
            &self.dir.join("calls/src/main.rs"),
            &CALLS.replace("/* mods */", &mods).replace("/* documents */", &arms),
        );
        // The same versions as here, so that nothing needs the network; cargo takes out what is not needed.
        let lock = fs::read_to_string(root().join("Cargo.lock")).expect("a lock");
        if !self.dir.join("Cargo.lock").exists() {
            write_own(&self.dir.join("Cargo.lock"), &lock);
        }
        let output = self.cargo(&["build", "--package", "calls", "--message-format=json"], &[]);
        let mut warnings = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            let package = line["target"]["name"].as_str().unwrap_or_default();
            let (level, message) = (&line["message"]["level"], &line["message"]["message"]);
            let of = self.documents.iter().find(|d| snake(&d.krate) == package);
            if let (true, Some(document)) = (level == "warning", of) {
                warnings.push((document.name.clone(), message.to_string()));
            } else if level == "error" {
                panic!("{package}: {}", line["message"]["rendered"].as_str().unwrap_or_default());
            }
        }
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        warnings
    }

    /// Makes the calls.
    pub fn run(&self, address: &str) -> Vec<Outcome> {
        let output = self.cargo(&["run", "--package", "calls"], &[address]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let seen: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut out = Vec::new();
        for document in &self.documents {
            let seen = &seen[&document.krate.replace('-', "_")];
            assert_eq!(seen.len(), document.scenarios.len(), "{}", document.krate);
            let each = document.scenarios.iter().cloned().zip(seen.iter().cloned());
            out.extend(each.map(|(scenario, seen)| Outcome { scenario, seen }));
        }
        out
    }

    fn cargo(&self, arguments: &[&str], after: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(&self.dir).args(arguments).args(["--offline", "--quiet"]);
        if !after.is_empty() {
            command.arg("--").args(after);
        }
        command.env("CARGO_TARGET_DIR", self.dir.join("target")).env("CARGO_TERM_COLOR", "never");
        // What cargo set for this test is not meant for these crates.
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTFLAGS").env_remove("CARGO_MANIFEST_DIR");
        command.output().expect("cargo runs")
    }
}

impl Outcome {
    /// Whether the server, the client and the reader are content.
    pub fn judge(&self) -> Verdict {
        let text = |key: &str| self.seen[key].as_str().unwrap_or_default();
        let status = self.seen["status"].as_u64().unwrap_or_default();
        let success = (200..300).contains(&status);
        if self.scenario.wanted == Wanted::Unserved {
            let accepted = status == 404 && text("body").contains("Cannot ");
            let reason = if accepted { String::new() } else { format!("{status}, where the server has no such path") };
            return Verdict { accepted, read: accepted, reason, ..Verdict::default() };
        }
        let mut verdict = Verdict { accepted: success || self.seen["covered"] == true, ..Verdict::default() };
        if !verdict.accepted {
            verdict.reason = match status {
                0 => text("error").to_owned(),
                _ => format!("{status} for {} {} {}", text("method"), text("target"), text("sent")),
            };
            return verdict;
        }
        let kind = text("error_kind");
        if self.scenario.wanted == Wanted::Error {
            let headers = self.seen["declared_headers"].as_array().into_iter().flatten();
            let unreadable = headers.filter_map(|header| header[2].as_str()).any(|shown| shown.starts_with("Err"));
            verdict.read = !kind.is_empty() || unreadable;
            if !verdict.read {
                verdict.reason = format!("{status} is read, where an error is due: {}", text("body"));
            }
            return verdict;
        }
        let back = &self.seen["back"];
        verdict.read = match success {
            true => kind.is_empty(),
            false => matches!(kind, "Status" | "Redirect"),
        };
        if !verdict.read {
            verdict.reason = match kind {
                "" => format!("{status} is taken for a success"),
                _ => text("error").to_owned(),
            };
        } else if self.scenario.wanted == Wanted::Deviation
            && self.seen["deviations"].as_array().is_none_or(Vec::is_empty)
        {
            verdict.read = false;
            verdict.reason = format!("it is read without a deviation: {}", text("body"));
        } else if let Some(error) = back["error"].as_str() {
            verdict.read = false;
            verdict.reason = error.to_owned();
        } else if let Some(text_back) = back["text"].as_str() {
            let mut found = BTreeSet::new();
            let parsed = |text: &str| exact(text).unwrap_or(Value::Null);
            differences(&parsed(text_back), &parsed(text("body")), "$", &mut found);
            verdict.equal = Some(found.is_empty());
            if !found.is_empty() {
                verdict.reason = format!("written back differently at {found:?}: {text_back}");
            }
        }
        for header in self.seen["declared_headers"].as_array().into_iter().flatten() {
            let [name, value, shown] = [0, 1, 2].map(|i| header[i].as_str().unwrap_or_default());
            if !is_shown(value, shown) {
                verdict.read = false;
                verdict.reason = format!("the header {name}, {value:?}, is read as {shown}");
            }
            verdict.headers += 1;
        }
        verdict
    }
}

/// Whether what `Debug` shows of a header, `Some(..)` or `Ok(Some(..))`, is its value: as text, as a number, as the variant of an enum.
fn is_shown(value: &str, shown: &str) -> bool {
    if value.is_empty() {
        return !shown.starts_with("Err");
    }
    let inner = shown.rsplit_once("Some(").map_or("", |(_, rest)| rest.trim_end_matches(')'));
    // A newtype shows its own name around the text.
    let inner = inner.rsplit_once('(').map_or(inner, |(_, rest)| rest).trim_matches('"');
    let number = |text: &str| text.parse::<f64>().ok();
    inner.eq_ignore_ascii_case(value) || number(inner).is_some_and(|n| Some(n) == number(value))
}

/// Makes the calls of every document, one after the other, and says of each what was sent, what came, whether the server counts
/// it as a scenario that was played right, and what became of the answer.
const CALLS: &str = r#"
#![allow(warnings)]

use runtime::{BlockingTransport, Bytes, Error, Failure, Limits, ReadBack, SampleRequest, Ureq, VirtualClock};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

/* mods */
/// What goes over the wire, the last attempt of each call; it keeps cookies from one attempt to the next, by which the server
/// knows the second.
#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Map<String, Value>>>);

impl BlockingTransport for Wire {
    fn send_blocking(&self, mut request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, Failure> {
        let mut seen = self.0.lock().unwrap();
        if let Some(cookie) = seen.get("cookie").and_then(Value::as_str) {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        let headers: BTreeMap<String, String> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let attempts = seen.get("attempts").and_then(Value::as_u64).unwrap_or(0) + 1;
        seen.insert("attempts".into(), json!(attempts));
        seen.insert("method".into(), json!(request.method().as_str()));
        seen.insert("target".into(), json!(request.uri().path_and_query().map(|p| p.as_str())));
        seen.insert("headers".into(), json!(headers));
        seen.insert("sent".into(), json!(String::from_utf8_lossy(request.body())));
        seen.insert("status".into(), json!(0));
        let response = UREQ.send_blocking(request, limits)?;
        let content_type = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        seen.insert("status".into(), json!(response.status().as_u16()));
        seen.insert("content_type".into(), json!(content_type));
        if let Some(cookie) = response.headers().get("set-cookie").and_then(|v| v.to_str().ok()?.split(';').next()) {
            seen.insert("cookie".into(), json!(cookie));
        }
        seen.insert("body".into(), json!(String::from_utf8_lossy(response.body())));
        Ok(response)
    }
}

/// It keeps its connections.
static UREQ: LazyLock<Ureq> = LazyLock::new(Ureq::default);

struct World {
    address: String,
    wire: Wire,
    /// How many scenarios were played right until now.
    covered: AtomicU64,
    out: Mutex<BTreeMap<String, Vec<Value>>>,
}

/// For operations that the crate does not have.
pub fn missing() -> Error {
    runtime::sample::<bool>("[").unwrap_err()
}

impl World {
    fn coverage(&self) -> u64 {
        let mut sum = 0;
        for category in ["vanilla", "azure", "optional", "dpg"] {
            let request = http::Request::get(format!("{}/report/{category}", self.address)).body(Bytes::new()).unwrap();
            let response = UREQ.send_blocking(request, Limits::new(Duration::from_secs(30), 16 << 20)).unwrap();
            let report: BTreeMap<String, u64> = serde_json::from_slice(response.body()).unwrap();
            sum += report.values().sum::<u64>();
        }
        sum
    }

    fn one(
        &self,
        sample: &SampleRequest,
        read: fn(&str, u16, &str, &[u8]) -> Result<ReadBack, Error>,
        declared: fn(&str, &http::HeaderMap) -> Vec<(&'static str, String)>,
    ) -> Value {
        self.wire.0.lock().unwrap().clear();
        let result = sample.blocking();
        let count = self.coverage();
        let covered = count > self.covered.swap(count, Ordering::Relaxed);
        let mut seen = self.wire.0.lock().unwrap().clone();
        seen.insert("covered".into(), json!(covered));
        let map = match &result {
            Ok(response) => response.headers(),
            Err(error) => error.headers(),
        };
        // Value and what is read of it, of those that came.
        let declared = declared(sample.operation, map).into_iter().filter_map(|(name, read)| {
            let value = map.get(name)?.to_str().ok()?;
            Some(json!([name, value, read]))
        });
        seen.insert("declared_headers".into(), declared.collect());
        match &result {
            Ok(response) => {
                let findings = response.findings();
                let deviations: Vec<&str> = response.deviations().iter().map(|d| d.path.as_str()).collect();
                seen.insert("deviations".into(), json!(deviations));
                seen.insert("invalid".into(), json!(findings.invalid));
            }
            Err(error) => {
                let unbuilt = sample.parts.as_ref().err().filter(|_| seen.get("status").is_none());
                seen.insert("error".into(), json!(unbuilt.unwrap_or(error).to_string()));
                seen.insert("error_kind".into(), json!(format!("{:?}", error.kind())));
            }
        }
        let text = |key: &str| seen.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let status = seen.get("status").and_then(Value::as_u64).unwrap_or(0) as u16;
        let (content_type, body) = (text("content_type"), text("body"));
        if status != 0 && !body.is_empty() {
            match read(sample.operation, status, &content_type, body.as_bytes()) {
                // No body is declared.
                Ok(back) if back.debug == "()" => {}
                Ok(back) => drop(seen.insert("back".into(), json!({ "text": back.text }))),
                Err(error) if error.to_string().contains("declares no JSON body") => {}
                Err(error) => drop(seen.insert("back".into(), json!({ "error": error.to_string() }))),
            }
        }
        Value::Object(seen)
    }
}

macro_rules! document {
    ($world:ident, $name:ident, $below:literal) => {{
        let builder = ::$name::Client::builder(format!("{}{}", $world.address, $below));
        let builder = builder.blocking_transport($world.wire.clone()).clock(VirtualClock::new());
        let client = self::$name::with_credentials(builder).timeout(Duration::from_secs(20)).build().unwrap();
        let seen: Vec<Value> =
            self::$name::calls(&client)
            .iter()
            .map(|call| $world.one(call, ::$name::testing::read_back, self::$name::headers))
            .collect();
        $world.out.lock().unwrap().insert(stringify!($name).to_owned(), seen);
    }};
}

fn main() {
    let address = std::env::args().nth(1).unwrap();
    let world = &World { address, wire: Wire::default(), covered: AtomicU64::new(0), out: Mutex::default() };
    world.covered.store(world.coverage(), Ordering::Relaxed);
/* documents */
    println!("{}", serde_json::to_string(&*world.out.lock().unwrap()).unwrap());
}
"#;
