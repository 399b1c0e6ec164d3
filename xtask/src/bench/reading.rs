//! How fast bodies are read, and in how much memory: the crate against its twin of serde's derives, in one program.

use super::measure;
use super::subject::{Own, Subject, absolute, write};
use generator::Inputs;
use generator::emit;
use generator::render::{self, Input};
use serde_json::Value;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What came out.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// How many bodies there were, how many each could read, and how many both.
    pub(crate) bodies: [u64; 4],
    pub(crate) all: Speed,
    /// The page: its size in MB (10^6 bytes), its records, how fast it was read.
    pub(crate) page: f64,
    pub(crate) records: usize,
    pub(crate) paged: Speed,
    /// Peaks in MB of a process that reads the page once: with the crate, with the twin, and not at all.
    pub(crate) peaks: [f64; 3],
}

/// MB (10^6 bytes) a second, and the ratio round by round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speed {
    pub(crate) ours: f64,
    pub(crate) twin: f64,
    pub(crate) ratio: f64,
}

/// How large the page is made.
const PAGE: usize = 10_000_000;

/// Generates the crate, its twin and the program, and runs it.
///
/// # Errors
///
/// When one of them cannot be made, or the file with the bodies holds none that both can read.
pub(crate) fn measure(ours: &Subject, spec: &Path, own: &Own, bodies: &Path, runs: usize) -> Result<Reading, String> {
    let dir = ours.dir.join("reading");
    ours.generate(spec, own)?;
    let inputs = Inputs {
        spec: spec.to_owned(),
        config: own.config.clone(),
        overlays: own.overlays.clone(),
        name: Some("subject".to_owned()),
        ..Inputs::default()
    };
    write(&dir.join("src/twin.rs"), &twin(&inputs)?)?;
    write(&dir.join("src/main.rs"), include_str!("../../../templates/bench/reading.rs"))?;
    write(&dir.join("Cargo.toml"), MANIFEST)?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.args(["build", "--release", "--quiet", "--manifest-path"]).arg(absolute(&dir).join("Cargo.toml"));
    cargo.arg("--target-dir").arg(absolute(&dir).join("target")).env_remove("CARGO_MANIFEST_DIR");
    measure::run(&mut cargo, &dir.join("build.log"))?;
    let program = dir.join("target/release").join(format!("reading{}", env::consts::EXE_SUFFIX));

    let (page, records, bytes) = page(bodies)?;
    let page_file = dir.join("page.jsonl");
    write(&page_file, &page)?;
    let seconds = (runs * 2).to_string();
    let all = object(&program, &["throughput", &text(bodies), &seconds])?;
    let paged = object(&program, &["throughput", &text(&page_file), &seconds])?;
    let peak = |how: &str| {
        let once = |_| {
            let mut command = Command::new(&program);
            command.args(["page", &text(&page_file), how]);
            measure::run(&mut command, &dir.join("page.log")).map(|cost| cost.peak)
        };
        (0..runs).map(once).collect::<Result<Vec<f64>, String>>().map(measure::median)
    };
    let count = |key: &str| all.get(key).and_then(Value::as_u64).unwrap_or(0);
    Ok(Reading {
        bodies: [count("bodies"), count("by_us"), count("by_serde"), count("both")],
        all: speed(&all),
        page: bytes as f64 / 1e6,
        records,
        paged: speed(&paged),
        peaks: [peak("ours")?, peak("twin")?, peak("none")?],
    })
}

const MANIFEST: &str = "[package]\nname = \"reading\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
    subject = { path = \"../crate\" }\nserde = { version = \"1\", features = [\"derive\"] }\n\
    serde_json = { version = \"1\", features = [\"raw_value\"] }\n\n[workspace]\n";

/// The twin's text.
fn twin(inputs: &Inputs) -> Result<String, String> {
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
    let file = render::twin(input, "subject");
    let mut out: String = file.head.iter().map(|line| format!("//! {line}\n")).collect();
    out.push_str("#![allow(dead_code, non_snake_case, non_camel_case_types, clippy::all)]\n");
    for item in file.items {
        out.push_str(&emit::format(item)?);
    }
    Ok(out)
}

/// A page of [`PAGE`] bytes: the longest list among the bodies, its records over and over. As one line, with the number of its
/// records and the size of the body.
fn page(bodies: &Path) -> Result<(String, usize, usize), String> {
    let text = super::subject::read(bodies)?;
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let records = |line: &Value| line.pointer("/body/results").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_list = |line: &Value| line.get("op").and_then(Value::as_str).is_some_and(|op| op == "ListTransactions");
    let mut lists: Vec<Value> = lines.filter(|line| !records(line).is_empty()).collect();
    // Transactions are what pages of this size are made of; elsewhere the largest list does.
    lists.sort_by_key(|line| (is_list(line), line.to_string().len()));
    let mut line = lists.pop().ok_or_else(|| format!("`{}` holds no list of `results`", bodies.display()))?;
    let records = records(&line);
    let size: usize = records.iter().map(|record| record.to_string().len() + 1).sum();
    let many: Vec<Value> = records.iter().cycle().take(records.len() * PAGE.div_ceil(size)).cloned().collect();
    let count = many.len();
    if let Some(results) = line.pointer_mut("/body/results") {
        *results = Value::Array(many);
    }
    let bytes = line.get("body").map_or(0, |body| body.to_string().len());
    Ok((format!("{line}\n"), count, bytes))
}

fn object(program: &Path, arguments: &[&str]) -> Result<Value, String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|e| format!("cannot run `{}`: {e}", program.display()))?;
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", program.display(), String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("`{}` printed no object: {e}", program.display()))
}

fn speed(object: &Value) -> Speed {
    let figure = |key: &str| object.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    Speed { ours: figure("ours"), twin: figure("twin"), ratio: figure("ratio") }
}

fn text(path: &Path) -> String {
    absolute(path).display().to_string()
}

/// The bodies that lie beside the document, or for the repository's own beside the checkout, if they do.
pub(crate) fn known_bodies(root: &Path, spec: Option<&Path>) -> Option<PathBuf> {
    let beside = match spec {
        Some(spec) => spec.with_file_name("composed-2xx.jsonl"),
        None => root.join("../shared/belvo/composed-2xx.jsonl"),
    };
    beside.is_file().then_some(beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_twin_has_the_same_fields_under_serdes_derives() {
        let dir = tempfile::tempdir().expect("temp dir");
        let spec = dir.path().join("shop.yaml");
        fs::write(&spec, SHOP).expect("write");
        let text = twin(&Inputs { spec, ..Inputs::default() }).expect("a twin");
        for expected in [
            "#[serde(rename = \"createdAt\")]\n    pub created_at: String,",
            "#[serde(rename = \"parent\", skip_serializing_if = \"Option::is_none\")]\n    pub parent: Option<Box<Item>>,",
            "#[serde(rename = \"in-stock\")]",
            "#[serde(untagged)]\n    Unrecognized(String),",
            "(\"listItems\", \"200\") =>",
            "by_serde::<Vec<Item>>(body)",
        ] {
            assert!(text.contains(expected), "{expected} in\n{text}");
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
