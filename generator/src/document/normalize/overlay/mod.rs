//! Corrections of a document, in the OpenAPI Overlay format (1.x): read here, merged in `merge`.
//!
//! Overlays come first: their targets name places of the document as published, in whatever version it
//! is written.

mod merge;

use serde_json_path::{JsonPath, PathElement};

use crate::base::Span;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Kind, Node};

use super::codes;
use merge::Step;

/// One overlay file, as `load` read it.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// What to call it in messages: the file's name.
    pub label: String,
    /// Its tree.
    pub root: Node,
}

/// What an action did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// It merged a value into what it selected.
    Update,
    /// It removed what it selected.
    Remove,
}

/// What became of one action. An action that selected nothing or changed nothing is stale: the document
/// was probably corrected by its publisher. Whether that is an error is the caller's decision.
#[derive(Debug, Clone)]
pub struct ActionReport {
    /// Which of the overlays it stands in.
    pub overlay: usize,
    /// Which of that overlay's actions it is.
    pub action: usize,
    /// Where it stands.
    pub span: Span,
    /// Its JSONPath.
    pub target: String,
    /// Why it is there, if it says so.
    pub reason: Option<String>,
    /// What it did.
    pub kind: ActionKind,
    /// How many nodes its target selected.
    pub selected: usize,
    /// How many of them are different now.
    pub changed: usize,
}

impl ActionReport {
    /// Whether it had no effect.
    pub fn is_stale(&self) -> bool {
        self.changed == 0
    }
}

struct Action<'o> {
    span: Span,
    target: &'o str,
    path: JsonPath,
    reason: Option<&'o str>,
    effect: Effect<'o>,
}

enum Effect<'o> {
    Update(&'o Node),
    Remove,
}

/// Applies `overlays` to the document in order and says what each action did.
///
/// An overlay that cannot be read is an error in `diagnostics`, and none of its actions is applied.
pub fn apply_overlays(root: &mut Node, overlays: &[Overlay], diagnostics: &mut Diagnostics) -> Vec<ActionReport> {
    let mut reports = Vec::new();
    if overlays.is_empty() {
        return reports;
    }
    // the JSONPath queries need plain JSON; both trees are changed together, so it is made only once
    let mut plain = root.to_json();
    for (index, overlay) in overlays.iter().enumerate() {
        let mut faults = Diagnostics::new();
        let actions = read(overlay, &mut faults);
        let refused = faults.has_errors();
        diagnostics.extend(faults);
        if refused {
            continue;
        }
        for (number, action) in actions.iter().enumerate() {
            let paths: Vec<Vec<Step>> =
                action.path.query_located(&plain).dedup().locations().map(|l| l.iter().map(step).collect()).collect();
            let selected = paths.len();
            let (kind, changed) = match action.effect {
                Effect::Remove => (ActionKind::Remove, merge::remove(root, &mut plain, paths)),
                Effect::Update(update) => {
                    let value = update.to_json();
                    let changed = paths.iter().filter(|path| {
                        merge::update(root, &mut plain, path, update, &value).unwrap_or_else(|fault| {
                            diagnostics.push(
                                Diagnostic::error(
                                    codes::OVERLAY_MERGE,
                                    format!("{fault}, selected by `{}`", action.target),
                                )
                                .at(update.span),
                            );
                            false
                        })
                    });
                    (ActionKind::Update, changed.count())
                }
            };
            reports.push(ActionReport {
                overlay: index,
                action: number,
                span: action.span,
                target: action.target.to_owned(),
                reason: action.reason.map(str::to_owned),
                kind,
                selected,
                changed,
            });
        }
    }
    reports
}

fn step(element: &PathElement<'_>) -> Step {
    match element {
        PathElement::Name(name) => Step::Key((*name).to_owned()),
        PathElement::Index(index) => Step::Index(*index),
    }
}

/// Reads the file's shape; everything wrong with it is reported, not only the first thing.
fn read<'o>(overlay: &'o Overlay, faults: &mut Diagnostics) -> Vec<Action<'o>> {
    let label = &overlay.label;
    let root = &overlay.root;
    let Some(members) = root.as_object() else {
        let message = format!("overlay {label} is {}, not an object", root.type_name());
        faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, message).at(root.span));
        return Vec::new();
    };
    for e in members.iter() {
        if !matches!(e.key.as_str(), "overlay" | "info" | "extends" | "actions") && !e.key.starts_with("x-") {
            let message = format!("an overlay has no member `{}`", e.key);
            faults.push(
                Diagnostic::error(codes::OVERLAY_KEY, message)
                    .at(e.key_span)
                    .help("its members are `overlay`, `info`, `extends` and `actions`"),
            );
        }
    }
    match members.get("overlay") {
        Some(Node { kind: Kind::String(v) | Kind::Number(v), .. }) if v.starts_with("1.") => {}
        Some(node) => {
            let message = "`overlay` is not a version of the Overlay format that begins with `1.`";
            faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, message).at(node.span));
        }
        None => {
            let message = format!("overlay {label} does not say its version");
            faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, message).at(root.span).help("add `overlay: 1.0.0`"));
        }
    }
    let Some(list) = members.get("actions").filter(|n| !n.is_null()) else {
        faults.push(Diagnostic::error(codes::OVERLAY_EMPTY, format!("overlay {label} has no actions")).at(root.span));
        return Vec::new();
    };
    let Some(nodes) = list.as_array() else {
        let message = format!("`actions` is {}, not a list", list.type_name());
        faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, message).at(list.span));
        return Vec::new();
    };
    if nodes.is_empty() {
        faults.push(Diagnostic::error(codes::OVERLAY_EMPTY, format!("overlay {label} has no actions")).at(list.span));
    }
    nodes.iter().filter_map(|node| action(node, faults)).collect()
}

fn action<'o>(node: &'o Node, faults: &mut Diagnostics) -> Option<Action<'o>> {
    let Some(members) = node.as_object() else {
        let message = format!("an action is an object, not {}", node.type_name());
        faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, message).at(node.span));
        return None;
    };
    for e in members.iter() {
        if !matches!(e.key.as_str(), "target" | "description" | "update" | "remove") && !e.key.starts_with("x-") {
            faults.push(
                Diagnostic::error(codes::OVERLAY_KEY, format!("an action has no member `{}`", e.key))
                    .at(e.key_span)
                    .help("its members are `target`, `description`, `update` and `remove`"),
            );
        }
    }
    let path = target(node, faults);
    let effect = effect(node, faults);
    let (target, path) = path?;
    Some(Action {
        span: node.span,
        target,
        path,
        reason: node.get("description").and_then(Node::as_str),
        effect: effect?,
    })
}

fn target<'o>(node: &'o Node, faults: &mut Diagnostics) -> Option<(&'o str, JsonPath)> {
    let Some(target) = node.get("target") else {
        faults.push(Diagnostic::error(codes::OVERLAY_SHAPE, "an action has no `target`").at(node.span));
        return None;
    };
    let Some(text) = target.as_str() else {
        let message = format!("`target` is {}, not a JSONPath", target.type_name());
        faults.push(Diagnostic::error(codes::OVERLAY_TARGET, message).at(target.span));
        return None;
    };
    match JsonPath::parse(text) {
        Ok(path) => Some((text, path)),
        Err(e) => {
            let message = format!("`{text}` is not a JSONPath: {}", e.message());
            faults.push(Diagnostic::error(codes::OVERLAY_TARGET, message).at(target.span).help(
                "names with other characters than letters, digits and `_` are written in brackets: `$.paths['/pets']`",
            ));
            None
        }
    }
}

fn effect<'o>(node: &'o Node, faults: &mut Diagnostics) -> Option<Effect<'o>> {
    let update = node.get("update");
    match node.get("remove") {
        Some(Node { kind: Kind::Bool(true), span }) => {
            if update.is_some() {
                let message = "the action removes what it selects; its `update` has no effect";
                faults.push(Diagnostic::warning(codes::OVERLAY_BOTH, message).at(*span));
            }
            return Some(Effect::Remove);
        }
        Some(Node { kind: Kind::Bool(false), .. }) | None => {}
        Some(other) => {
            let message = format!("`remove` is {}, not a boolean", other.type_name());
            faults.push(Diagnostic::error(codes::OVERLAY_ACTION, message).at(other.span));
            return None;
        }
    }
    if update.is_none() {
        let message = "the action has neither `update` nor `remove: true`";
        faults.push(Diagnostic::error(codes::OVERLAY_ACTION, message).at(node.span));
    }
    update.map(Effect::Update)
}
