//! What was learned, as text and as JSON.

use super::{Action, Learned};
use crate::adopt::yaml;
use crate::base::visible::visible;
use crate::drift::{Change, Class};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many records of a proposal are named.
const SHOWN: usize = 5;

/// The report for a person. `file` is the overlay to which the actions are written, with `apply`, or would be.
pub fn text(learned: &Learned, file: &str, apply: bool) -> String {
    let mut out = String::new();
    for proposal in &learned.proposals {
        let at = proposal.at.as_deref().map(|at| format!("{at}: ")).unwrap_or_default();
        let _ = writeln!(out, "{at}{}", visible(&proposal.pointer.to_string()));
        let _ = writeln!(out, "  {}", visible(&proposal.reason));
        let mut places: Vec<&str> = proposal.seen.places.iter().take(SHOWN).map(String::as_str).collect();
        if proposal.seen.places.len() > SHOWN {
            places.push("...");
        }
        let _ = writeln!(out, "  seen in {}", places.join(", "));
        if proposal.rust.is_empty() {
            out.push_str("  Rust: no declaration changes\n");
        }
        for line in &proposal.rust {
            let _ = writeln!(out, "  Rust: {}", visible(line));
        }
        for action in &proposal.actions {
            out.push_str(&indented(action));
        }
        out.push('\n');
    }
    if !learned.others.is_empty() {
        out.push_str("Rust, by several of them together:\n");
        for line in &learned.others {
            let _ = writeln!(out, "  {}", visible(line));
        }
        out.push('\n');
    }
    if !learned.remarks.is_empty() {
        out.push_str("Reported only:\n");
        for remark in &learned.remarks {
            let at = remark.at.as_deref().map(|at| format!("{at}: ")).unwrap_or_default();
            let _ = writeln!(out, "  {at}{}: {}", visible(&remark.pointer.to_string()), visible(&remark.text));
        }
        out.push('\n');
    }
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let (bodies, logged) = learned.records;
    let mut read = vec![count(bodies, "body", "bodies")];
    if logged > 0 {
        read.push(count(logged, "line of logs", "lines of logs"));
    }
    let read = read.join(" and ");
    if learned.proposals.is_empty() {
        let _ = writeln!(out, "nothing to propose from {read}");
        return out;
    }
    let proposals = count(learned.proposals.len(), "proposal", "proposals");
    let step = learned.semver.as_ref().map_or("none", |semver| semver.step.word());
    let then = if apply { format!("written to {file}") } else { format!("`--apply` writes them to {file}") };
    let _ = writeln!(out, "{proposals} from {read}; semver: {step}; {then}");
    out
}

/// An action as it will be in the overlay, below what is said of it.
fn indented(action: &Action) -> String {
    yaml(&action.node()).lines().map(|line| format!("  {line}\n")).collect()
}

/// The report for scripts.
pub fn json(learned: &Learned, file: &str) -> Value {
    let proposal = |p: &super::Proposal| {
        let action = |action: &Action| action.node().to_json();
        json!({
            "kind": p.what.word(),
            "pointer": p.pointer.to_string(),
            "place": p.at,
            "reason": p.reason,
            "bodies": p.seen.bodies,
            "of": (p.seen.of > 0).then_some(p.seen.of),
            "logged": p.seen.logged,
            "operations": p.seen.operations,
            "seen_in": p.seen.places,
            "actions": p.actions.iter().map(action).collect::<Vec<_>>(),
            "rust": p.rust,
        })
    };
    let remark = |r: &super::Remark| json!({"pointer": r.pointer.to_string(), "place": r.at, "text": r.text});
    json!({
        "overlay": file,
        "bodies": learned.records.0,
        "logged": learned.records.1,
        "proposals": learned.proposals.iter().map(proposal).collect::<Vec<_>>(),
        "remarks": learned.remarks.iter().map(remark).collect::<Vec<_>>(),
        "rust": learned.others,
        "semver": learned.semver.as_ref().map_or("none", |semver| semver.step.word()),
    })
}

/// A change as one line of Rust: `models::Account::balance: Balance → Option<Balance>`. `None` where only words differ.
pub(super) fn rust(change: &Change) -> Option<String> {
    if change.class == Class::DocumentationOnly {
        return None;
    }
    let path = change.path_new.as_deref().or(change.path_old.as_deref())?;
    // `pub balance: Balance`: the name is in the path.
    let ty = |rust: &str| {
        rust.strip_prefix("pub ").and_then(|rest| rest.split_once(": ")).map_or(rust, |(_, ty)| ty).to_owned()
    };
    Some(match (change.rust_old.as_deref().map(ty), change.rust_new.as_deref().map(ty)) {
        (Some(old), Some(new)) if old != new => format!("{path}: {old} → {new}"),
        (None, Some(new)) => format!("{path}: {new} (new)"),
        (Some(old), None) => format!("{path}: {old} (gone)"),
        (same, _) => {
            let declared = same.map(|same| format!("{same}, as before; ")).unwrap_or_default();
            format!("{path}: {declared}{}", change.message.split(": ").next().unwrap_or_default())
        }
    })
}
