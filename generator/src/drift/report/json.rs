//! The report for programs: one JSON object, described by `report.schema.json` beside this file.

use crate::base::codes;
use crate::drift::change::{Change, Document, Place, Report, Survival};
use serde_json::{Map, Value, json};

/// The schema of the object (JSON Schema, draft 2020-12).
pub const SCHEMA: &str = include_str!("report.schema.json");

/// What the object's `version` says. It grows when a member changes its meaning or goes; members may be added under the same.
const VERSION: u32 = 1;

/// The report as one object.
pub fn json(report: &Report) -> Value {
    let counts: Map<String, Value> =
        report.counts().into_iter().map(|(class, n)| (class.word().to_owned(), json!(n))).collect();
    json!({
        "version": VERSION,
        "old": document(&report.old),
        "new": document(&report.new),
        "semver": report.semver.step.word(),
        "semver_zero": report.semver.zero.word(),
        "reason": report.semver.reason,
        "breaking": report.is_breaking(),
        "api_changed": report.changes_the_api(),
        "counts": counts,
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn document(d: &Document) -> Value {
    json!({
        "file": d.file,
        "title": d.title,
        "version": d.version,
        "hash": d.hash,
        "operations": d.operations,
        "types": d.types,
    })
}

fn change(c: &Change) -> Value {
    json!({
        "class": c.class.word(),
        "code": c.code,
        "title": codes::title(c.code),
        "message": c.message,
        "old": c.old.as_ref().map(place),
        "new": c.new.as_ref().map(place),
        "path_old": c.path_old,
        "path_new": c.path_new,
        "rust_old": c.rust_old,
        "rust_new": c.rust_new,
        "survives": c.survives.worst().map(survival),
        "reads": c.survives.reads.as_ref().map(survival),
        "sends": c.survives.sends.as_ref().map(survival),
        "also": c.also,
        "tags": c.tags,
        "operations": c.operations,
        "elsewhere": c.elsewhere.iter().map(|(a, b)| json!({ "path_old": a, "path_new": b })).collect::<Vec<_>>(),
        "help": c.help,
    })
}

fn survival(s: &Survival) -> Value {
    json!({ "outcome": s.word(), "how": s.text() })
}

fn place(p: &Place) -> Value {
    json!({ "file": p.file, "line": p.line, "column": p.column, "pointer": p.pointer.to_string() })
}
