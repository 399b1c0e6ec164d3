//! How fast bodies are read, and in how much memory: the crate against its baseline of serde's derives.
//!
//! Two programs are made for it, of four crates (`templates/bench/reading`): the generated one, `ours` and `baseline`, each with a
//! function that reads a body, and `reading` with the programs.

use super::baseline::{self, Baseline};
use super::measure::{self, median};
use super::subject::{How, Own, Subject, absolute, read, write};
use generator::Inputs;
use generator::emit;
use generator::render::{Input, RustFile};
use serde_json::Value;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What came out.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) baseline: Baseline,
    /// How many bodies there were, how many the crate could read, and how many of those the baseline.
    pub(crate) bodies: [u64; 3],
    /// The bodies that both read, and all that the crate reads.
    pub(crate) both: Speed,
    pub(crate) every: Speed,
    /// The page, its records, how fast it was read.
    pub(crate) records: usize,
    pub(crate) paged: Speed,
    /// What reading the page takes: with the crate, and with the baseline.
    pub(crate) memory: [Memory; 2],
}

/// MB (10^6 bytes) a second, and the ratio round by round: the medians of all runs, and the ratios of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Speed {
    /// Bytes that are read in one go.
    pub(crate) bytes: f64,
    pub(crate) ours: f64,
    pub(crate) baseline: f64,
    pub(crate) ratios: Vec<f64>,
}

/// MB (10^6 bytes), the body included: the most that was allocated at one time, what is left with the value, and the peak of the
/// process as the system counts it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) peak: f64,
    pub(crate) held: f64,
    pub(crate) resident: f64,
}

/// How large the page is made.
const PAGE: usize = 10_000_000;

/// Seconds that each run reads each set of bodies.
const SECONDS: &str = "3";

/// Generates the crate, its baseline and the programs, and runs them.
///
/// # Errors
///
/// When one of them cannot be made, or the file with the bodies holds no list of records.
pub(crate) fn measure(
    ours: &Subject,
    spec: &Path,
    own: &Own,
    bodies: &Path,
    baseline: Baseline,
    runs: usize,
    tell: &dyn Fn(&str),
) -> Result<Reading, String> {
    let dir = ours.dir.join("reading");
    tell("reading: the crate, its baseline and the programs, for release; that takes some minutes");
    ours.generate(spec, own, &How::default())?;
    let inputs = Inputs {
        spec: spec.to_owned(),
        config: own.config.clone(),
        overlays: own.overlays.clone(),
        lock: own.lock.clone(),
        name: Some("subject".to_owned()),
        ..Inputs::default()
    };
    lay(&dir, &inputs, baseline)?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.args(["build", "--release", "--quiet", "--manifest-path"]).arg(absolute(&dir).join("Cargo.toml"));
    cargo.arg("--target-dir").arg(absolute(&dir).join("target"));
    cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
    measure::run(&mut cargo, &dir.join("build.log"))?;
    let program = |name: &str| dir.join("target/release").join(format!("{name}{}", env::consts::EXE_SUFFIX));

    let page = Page::of(&read(bodies)?).ok_or_else(|| format!("`{}` holds no list of `results`", bodies.display()))?;
    let (line, file) = (dir.join("page.jsonl"), dir.join("page.json"));
    write(&line, &page.line())?;
    write(&file, &page.body)?;

    let mut speeds: [Speed; 3] = Default::default();
    let mut memory: [Vec<Memory>; 2] = Default::default();
    let mut counts = [0; 3];
    for run in 0..runs {
        tell(&format!("reading: run {} of {runs}", run + 1));
        let all = object(&program("speed"), &[&text(bodies), SECONDS])?;
        let paged = object(&program("speed"), &[&text(&line), SECONDS])?;
        counts = ["bodies", "ours", "baseline"].map(|key| all.get(key).and_then(Value::as_u64).unwrap_or(0));
        let figures = [all.get("both"), all.get("every"), paged.get("both")];
        for (speed, figures) in speeds.iter_mut().zip(figures) {
            speed.add(figures);
        }
        for (memory, how) in memory.iter_mut().zip(["ours", "baseline"]) {
            let arguments = [&page.operation, &page.status, &text(&file), how];
            memory.push(Memory::of(&object(&program("memory"), &arguments)?));
        }
    }
    let [both, every, paged] = speeds;
    Ok(Reading {
        baseline,
        bodies: counts,
        both,
        every,
        records: page.records,
        paged,
        memory: memory.map(|all| Memory::middle(&all)),
    })
}

/// Writes the sources of the crates beside the generated one.
fn lay(dir: &Path, inputs: &Inputs, baseline: Baseline) -> Result<(), String> {
    let [ours, other] = readers(inputs, baseline)?;
    // What an earlier version of this program left would be compiled too.
    if dir.join("src").exists() {
        fs::remove_dir_all(dir.join("src"))
            .map_err(|e| format!("cannot remove `{}`: {e}", dir.join("src").display()))?;
    }
    write(&dir.join("ours/src/lib.rs"), &ours)?;
    write(&dir.join("ours/Cargo.toml"), &manifest("ours", "subject = { path = \"../../subject\" }\n"))?;
    write(&dir.join("baseline/src/lib.rs"), &other)?;
    write(&dir.join("baseline/Cargo.toml"), &manifest("baseline", SERDE))?;
    write(&dir.join("src/lib.rs"), include_str!("../../../templates/bench/reading/lib.rs"))?;
    write(&dir.join("src/bin/speed.rs"), include_str!("../../../templates/bench/reading/speed.rs"))?;
    write(&dir.join("src/bin/memory.rs"), include_str!("../../../templates/bench/reading/memory.rs"))?;
    let mut main =
        manifest("reading", "ours = { path = \"ours\" }\nbaseline = { path = \"baseline\" }\nlibc = \"0.2\"\n");
    let _ = write!(main, "{SERDE}\n[workspace]\nmembers = [\"ours\", \"baseline\"]\n");
    write(&dir.join("Cargo.toml"), &main)
}

const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = { version = \"1\", features = [\"raw_value\"] }\n";

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}")
}

/// The sources of `ours` and `baseline`.
fn readers(inputs: &Inputs, baseline: Baseline) -> Result<[String; 2], String> {
    let understood = generator::understand(inputs);
    if understood.diagnostics.has_errors() {
        return Err("the document cannot be used: `cargo xtask generate` says why".to_owned());
    }
    let input = Input {
        api: &understood.api,
        facts: &understood.facts,
        names: &understood.names,
        settings: &understood.settings,
    };
    Ok([source(baseline::reader(input, "subject"))?, source(baseline::baseline(input, baseline))?])
}

fn source(file: RustFile<'_>) -> Result<String, String> {
    let mut out: String = file.head.iter().map(|line| format!("//! {line}\n")).collect();
    out.push_str("#![allow(dead_code, non_snake_case, non_camel_case_types, clippy::all)]\n");
    for item in file.items {
        out.push_str(&emit::format(item)?);
    }
    Ok(out)
}

/// A page of [`PAGE`] bytes.
struct Page {
    operation: String,
    status: String,
    records: usize,
    body: String,
}

impl Page {
    /// The longest list among the bodies, its records over and over.
    fn of(bodies: &str) -> Option<Self> {
        let lines = bodies.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let records =
            |line: &Value| line.pointer("/body/results").and_then(Value::as_array).cloned().unwrap_or_default();
        let word = |line: &Value, key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut lists: Vec<Value> = lines.filter(|line| !records(line).is_empty()).collect();
        // Transactions are what pages of this size are made of; elsewhere the largest list does.
        lists.sort_by_key(|line| (word(line, "op").as_deref() == Some("ListTransactions"), line.to_string().len()));
        let mut line = lists.pop()?;
        let records = records(&line);
        let size: usize = records.iter().map(|record| record.to_string().len() + 1).sum();
        let many: Vec<Value> = records.iter().cycle().take(records.len() * PAGE.div_ceil(size)).cloned().collect();
        let count = many.len();
        if let Some(results) = line.pointer_mut("/body/results") {
            *results = Value::Array(many);
        }
        let (operation, status) = (word(&line, "op")?, word(&line, "status")?);
        Some(Self { operation, status, records: count, body: line.get("body")?.to_string() })
    }

    fn line(&self) -> String {
        let (operation, status) = (Value::from(self.operation.as_str()), Value::from(self.status.as_str()));
        format!("{{\"op\":{operation},\"status\":{status},\"body\":{}}}\n", self.body)
    }
}

impl Speed {
    /// One run more.
    fn add(&mut self, object: Option<&Value>) {
        let figure = |key: &str| object.and_then(|o| o.get(key)).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let before = self.ratios.len() as f64;
        // The speeds are there to be looked at, the ratios count: a mean of the runs' medians will do.
        let mean = |so_far: f64, new: f64| (so_far * before + new) / (before + 1.0);
        self.bytes = figure("bytes");
        self.ours = mean(self.ours, figure("ours"));
        self.baseline = mean(self.baseline, figure("baseline"));
        self.ratios.push(figure("ratio"));
    }
}

impl Memory {
    fn of(object: &Value) -> Self {
        let figure = |key: &str| object.get(key).and_then(Value::as_f64).map_or(f64::NAN, |bytes| bytes / 1e6);
        Self { peak: figure("peak"), held: figure("held"), resident: figure("resident") }
    }

    fn middle(all: &[Self]) -> Self {
        let middle = |figure: fn(&Self) -> f64| median(all.iter().map(figure));
        Self { peak: middle(|m| m.peak), held: middle(|m| m.held), resident: middle(|m| m.resident) }
    }
}

impl Reading {
    /// As it stands in BENCHMARKS.md.
    pub(crate) fn table(&self) -> String {
        let [all, ours, baseline] = self.bodies;
        let [our, their] = self.memory;
        let how = match self.baseline {
            Baseline::Same => {
                "Its enums keep an unlisted value, by an untagged variant; it is read by `serde_json::from_slice`."
            }
            Baseline::Lean => {
                "It is as fast as derives get: its enums lose an unlisted value (`#[serde(other)]`), and it is read by `serde_json::from_str` \
                 after one check of the body's UTF-8."
            }
        };
        let mut out = format!(
            "\n## Reading\n\nRelease builds, against a baseline with serde's derives: the same models, fields and types, dates as `String`, nothing \
             flattened, unions untagged, unknown members dropped. {how} Of {all} bodies this crate reads {ours}, the baseline {baseline}: it refuses the others, which break their own schema. In the row \
             of all bodies the baseline makes a `serde_json::Value` of those, and is not charged for having tried. One process, in turn, in \
             rounds of 20 ms, by the processor's clock; MB are 10^6 bytes. A ratio above 1 says that this crate is faster.\n\n\
             | | this crate | baseline | ratio | each run |\n|---|---|---|---|---|\n"
        );
        let page = format!("a page of {:.1} MB, {} records", self.paged.bytes / 1e6, self.records);
        let rows = [
            (format!("the {baseline} bodies that both read"), &self.both),
            (format!("all {ours} bodies"), &self.every),
            (page, &self.paged),
        ];
        for (what, speed) in rows {
            let ratio = median(speed.ratios.iter().copied());
            let each: Vec<String> = speed.ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
            let (ours, baseline, each) = (speed.ours, speed.baseline, each.join(", "));
            let _ = writeln!(out, "| {what} | {ours:.0} MB/s | {baseline:.0} MB/s | {ratio:.2} | {each} |");
        }
        out.push_str(
            "\nMemory of reading that page once, a process for each reader, the body included. A ratio above 1 says that this crate takes more.\n\n\
             | | this crate | baseline | ratio |\n|---|---|---|---|\n",
        );
        let rows = [
            ("most allocated at one time", our.peak, their.peak),
            ("peak of the process, as the system counts", our.resident, their.resident),
            ("what the body and the value take", our.held, their.held),
        ];
        for (what, ours, baseline) in rows {
            let _ = writeln!(out, "| {what} | {ours:.1} MB | {baseline:.1} MB | {:.2} |", ours / baseline);
        }
        out
    }
}

fn object(program: &Path, arguments: &[&str]) -> Result<Value, String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|e| format!("cannot run `{}`: {e}", program.display()))?;
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", program.display(), String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("`{}` printed no object: {e}", program.display()))
}

fn text(path: &Path) -> String {
    absolute(path).display().to_string()
}

/// The bodies that lie beside the document, or for the repository's own beside the checkout, if they do.
pub(crate) fn known_bodies(root: &Path, spec: Option<&Path>) -> Option<PathBuf> {
    let found = match spec {
        Some(spec) => spec.with_file_name("composed-2xx.jsonl"),
        None => root.join("../shared/belvo/composed-2xx.jsonl"),
    };
    found.is_file().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_baseline_has_the_same_fields_under_serdes_derives() {
        let dir = tempfile::tempdir().expect("temp dir");
        let spec = dir.path().join("shop.yaml");
        fs::write(&spec, SHOP).expect("write");
        let [ours, baseline] = readers(&Inputs { spec, ..Inputs::default() }, Baseline::Same).expect("readers");
        for expected in [
            "#[serde(rename = \"createdAt\")]\n    pub created_at: String,",
            "#[serde(rename = \"parent\")]\n    pub parent: Option<Box<Item>>,",
            "#[serde(rename = \"in-stock\")]",
            "#[serde(untagged)]\n    Unrecognized(String),",
            "(\"listItems\", \"200\") => Some(with::<Vec<Item>>(body)),",
        ] {
            assert!(baseline.contains(expected), "{expected} in\n{baseline}");
        }
        let arm = "(\"listItems\", \"200\") => Some(with::<runtime::Records<models::Item>>(body)),";
        assert!(ours.contains(arm), "{ours}");
    }

    #[test]
    fn the_baselines_compile() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let dir = tempfile::tempdir().expect("temp dir");
        let spec = dir.path().join("shop.yaml");
        fs::write(&spec, SHOP).expect("write");
        for (how, file) in [(Baseline::Same, "src/lib.rs"), (Baseline::Lean, "src/lean.rs")] {
            let inputs = Inputs { spec: spec.clone(), ..Inputs::default() };
            let [_, baseline] = readers(&inputs, how).expect("readers");
            let more = if how == Baseline::Same { "\npub mod lean;\n" } else { "" };
            write(&dir.path().join(file), &format!("{baseline}{more}")).expect("write");
        }
        write(&dir.path().join("Cargo.toml"), &format!("{}\n[workspace]\n", manifest("baseline", SERDE)))
            .expect("write");
        // The workspace's versions: those are at hand.
        fs::copy(root.join("Cargo.lock"), dir.path().join("Cargo.lock")).expect("copy");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        cargo.args(["check", "--offline", "--quiet", "--manifest-path"]).arg(dir.path().join("Cargo.toml"));
        cargo
            .arg("--target-dir")
            .arg(root.join("target/baseline"))
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("RUSTFLAGS");
        measure::run(&mut cargo, &dir.path().join("check.log")).expect("it compiles without an error");
        assert_eq!(read(&dir.path().join("check.log")).expect("a log"), "", "a warning");
    }

    #[test]
    fn a_page_is_the_longest_list_over_and_over() {
        let lines = [
            json!({ "op": "GetOne", "status": "200", "body": { "id": "a page's text, much longer than any list here has" } }),
            json!({ "op": "ListItems", "status": "200", "body": { "count": 2, "results": [{ "id": 1 }, { "id": 22 }] } }),
            json!({ "op": "ListOthers", "status": "200", "body": { "results": [{ "id": 3 }] } }),
        ];
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let page = Page::of(&text).expect("a page");
        assert_eq!((page.operation.as_str(), page.status.as_str()), ("ListItems", "200"));
        assert!((PAGE..PAGE + 1000).contains(&page.body.len()), "{}", page.body.len());
        assert_eq!(page.body.matches("\"id\":22").count() * 2, page.records);
        let line: Value = serde_json::from_str(&page.line()).expect("JSON");
        assert_eq!(line.get("op"), Some(&json!("ListItems")));
        assert!(Page::of(&lines[0].to_string()).is_none(), "no list, no page");
    }

    #[test]
    fn the_table_has_every_ratio() {
        let mut both = Speed::default();
        for ratio in [1.2, 1.4, 1.3] {
            both.add(Some(&json!({ "bytes": 1_000_000, "ours": ratio * 100.0, "baseline": 100.0, "ratio": ratio })));
        }
        let memory = |peak: f64| Memory { peak, held: peak / 2.0, resident: peak * 2.0 };
        let reading = Reading {
            baseline: Baseline::Same,
            bodies: [3, 3, 2],
            every: both.clone(),
            paged: both.clone(),
            both,
            records: 7,
            memory: [memory(21.0), memory(20.0)],
        };
        let table = reading.table();
        for expected in [
            "Of 3 bodies this crate reads 3, the baseline 2:",
            "| the 2 bodies that both read | 130 MB/s | 100 MB/s | 1.30 | 1.20, 1.40, 1.30 |",
            "| all 3 bodies | 130 MB/s |",
            "| a page of 1.0 MB, 7 records | 130 MB/s |",
            "| most allocated at one time | 21.0 MB | 20.0 MB | 1.05 |",
        ] {
            assert!(table.contains(expected), "{expected} in\n{table}");
        }
    }

    const SHOP: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /items:
    get:
      operationId: listItems
      responses:
        '200':
          description: fine
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Item'}}
components:
  schemas:
    Item:
      type: object
      required: [createdAt, state]
      properties:
        createdAt: {type: string, format: date-time}
        parent: {$ref: '#/components/schemas/Item'}
        state: {type: string, enum: [in-stock, sold]}
";
}
