//! The whole surface against Prism, which plays the API from its document and judges every request by it.
//!
//! Every operation is called over HTTP through the generated client, with what is required only and with everything set. Prism
//! answers with the document's examples, with bodies it makes up from the schemas (seeded), and with every status the document
//! declares. It plays the document with our overlay applied, as the client is made from that.
//!
//! `parity` holds our own mock against it: both take the same requests, and refuse the same ones.

#[path = "prism/mutate.rs"]
mod mutate;
#[path = "prism/parity.rs"]
mod parity;

use belvo::retry::RetryRules;
use belvo::testing::{SampleRequest, operations, requests};
use belvo::{Client, Credentials};
use belvo::{Error, ErrorKind, Response};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::document::normalize::{Overlay, apply_overlays};
use http::HeaderMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;
use tests::node::{self, Listener};
use tests::place::{root, shared};

/// A client that asks for answers of one kind: `prefer` is Prism's header of that name.
fn client(prism: &Listener, prefer: &str) -> Client {
    let builder = Client::builder(format!("http://127.0.0.1:{}", prism.port)).retry_rules(RetryRules::NONE);
    let builder = builder.credentials(Credentials::basic("id", "password"));
    builder.header("prefer", prefer).build().expect("a client")
}

/// What Prism has against a request or a response, with the place.
fn violations(headers: &HeaderMap, location: &str) -> Vec<String> {
    let text = headers.get("sl-violations").map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    told(&text, location)
}

/// The same of the header's text.
fn told(text: &str, location: &str) -> Vec<String> {
    // A long list is cut off behind this notice; what it has against the request comes first.
    let (cut, text) = text.strip_prefix("Too many violations! ").map_or((false, text), |rest| (true, rest));
    let here = format!("\"location\":[\"{location}\"");
    if cut {
        return text.contains(&here).then(|| text.to_owned()).into_iter().collect();
    }
    let all: Vec<serde_json::Value> = if text.is_empty() {
        Vec::new()
    } else {
        serde_json::from_str(text).unwrap_or_else(|e| panic!("violations are JSON: {e}: {text}"))
    };
    let of = |v: &&serde_json::Value| v["location"][0] == location;
    all.iter().filter(of).map(|v| format!("{} at {}", v["message"], v["location"])).collect()
}

/// What came of a pass over the operations.
#[derive(Default)]
struct Pass {
    sent: usize,
    read: BTreeSet<&'static str>,
    faults: Vec<String>,
    deviations: usize,
    odd_responses: usize,
}

impl Pass {
    fn take(&mut self, sample: &SampleRequest, status: Option<u16>, result: Result<Response<()>, Error>) {
        self.sent += 1;
        let name = format!("{}{}", sample.operation, if sample.full { " with everything" } else { "" });
        let headers = match &result {
            Ok(response) => response.headers(),
            Err(error) => error.headers(),
        };
        self.faults.extend(violations(headers, "request").into_iter().map(|v| format!("{name}: {v}")));
        self.odd_responses += usize::from(!violations(headers, "response").is_empty());
        let fault = match result {
            Ok(response) => {
                self.deviations += response.deviations().len();
                let odd: Vec<&str> = response.findings().invalid.iter().map(String::as_str).collect();
                let got = response.status().code();
                (status.is_some_and(|wanted| wanted != got) || !odd.is_empty()).then(|| format!("{got}, odd: {odd:?}"))
            }
            Err(error) => {
                let got = error.status().map_or(0, |status| status.code());
                let as_promised = match error.kind() {
                    // An answer nobody asked for; the request id in it is all there is to read.
                    ErrorKind::Accepted => got == 202 && error.request_id().is_some(),
                    // One of Belvo's errors, wanted here.
                    ErrorKind::Status => status.is_some() && error.items().iter().any(|item| item.code().is_some()),
                    _ => false,
                };
                let body: String = String::from_utf8_lossy(error.body()).chars().take(1000).collect();
                (!as_promised || status.is_some_and(|wanted| wanted != got)).then(|| format!("{error:?} {body}"))
            }
        };
        match fault {
            Some(fault) => self.faults.push(format!("{name}, {status:?} wanted: {fault}")),
            None => drop(self.read.insert(sample.operation)),
        }
    }

    fn end(self, what: &str) -> usize {
        println!(
            "{what}: {} requests, {} operations read, {} deviations, {} responses that break the document, {} faults",
            self.sent,
            self.read.len(),
            self.deviations,
            self.odd_responses,
            self.faults.len()
        );
        assert!(self.faults.is_empty(), "{what}: {}", self.faults.join("\n"));
        assert_eq!(self.read.len(), operations().len(), "{what}: every operation was read");
        self.odd_responses
    }
}

/// A document with our overlay applied, as a file below `folder`.
fn corrected(document: &Path, folder: &Path) -> PathBuf {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let overlay = root().join("spec/overlay.yaml");
    let mut read =
        |path: &Path| generator::document::load::read(path, &mut sources, &mut diagnostics).expect("a document");
    let (mut tree, overlay) = (read(document), read(&overlay));
    apply_overlays(&mut tree, &[Overlay { label: "overlay.yaml".to_owned(), root: overlay }], &mut diagnostics);
    assert!(!diagnostics.has_errors());
    let path = folder.join("document.json");
    fs::write(&path, tree.to_json().to_string()).expect("write");
    path
}

async fn pass(prism: &Listener, prefer: &str) -> Pass {
    let mut pass = Pass::default();
    for sample in requests(&client(prism, prefer)) {
        let result = sample.send().await;
        pass.take(&sample, None, result);
    }
    assert_eq!(pass.sent, 2 * operations().len());
    pass
}

/// Every operation with every status it declares.
async fn statuses(prism: &Listener) -> Pass {
    let declared: BTreeSet<u16> =
        operations().iter().flat_map(|o| o.statuses).map(|s| s.parse().expect("a status")).collect();
    let mut pass = Pass::default();
    for status in declared {
        for sample in requests(&client(prism, &format!("code={status}"))).iter().filter(|sample| !sample.full) {
            let operation = operations().iter().find(|o| o.id == sample.operation).expect("an operation");
            if operation.statuses.iter().any(|s| s.parse() == Ok(status)) {
                let result = sample.send().await;
                pass.take(sample, Some(status), result);
            }
        }
    }
    pass
}

/// Prism on a document. Its tests share it; it ends with the last of them.
struct Running {
    prism: Listener,
    _folder: TempDir,
}

impl Running {
    fn start(document: &Path) -> Option<Self> {
        let modules = node::modules(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
        let folder = tempfile::tempdir().expect("a folder");
        let prism = node::prism(&modules, &corrected(document, folder.path()));
        Some(Self { prism, _folder: folder })
    }

    /// On our document.
    fn ours() -> Option<Arc<Self>> {
        static OURS: Mutex<Weak<Running>> = Mutex::new(Weak::new());
        let mut ours = OURS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = ours.upgrade() {
            return Some(running);
        }
        let running = Arc::new(Self::start(&root().join("spec/belvo.yaml"))?);
        *ours = Arc::downgrade(&running);
        Some(running)
    }
}

/// How many responses break the document: static ones, those with a given status, and made up ones.
async fn whole_surface(name: &str, prism: &Listener) -> [usize; 3] {
    let examples = pass(prism, "dynamic=false").await.end(&format!("{name}, examples"));
    let all = statuses(prism).await.end(&format!("{name}, every status"));
    let made_up = pass(prism, "dynamic=true, seed=belvo").await.end(&format!("{name}, made up"));
    [examples, all, made_up]
}

#[tokio::test]
async fn our_document_is_called_and_read_as_a_whole() {
    let Some(running) = Running::ours() else { return };
    let odd = whole_surface("ours", &running.prism).await;
    // Every example of ours is what its schema says.
    assert!(odd[0] + odd[1] == 0, "{odd:?}");
}

#[tokio::test]
async fn the_published_document_is_called_and_read_as_a_whole() {
    let Some(published) = shared("belvo/belvo-1.223.0.json") else { return };
    let Some(running) = Running::start(&published) else { return };
    whole_surface("published", &running.prism).await;
}
