//! The way up to the names, without rendering: [`Inputs`] → [`Understood`].
//!
//! [`read`] has all inputs before the first stage; then the document goes through the stages once, in [`through`].
//! `generate` renders what comes out, `diff` compares two of them, `explain` looks one place up in it.

use super::read::{Read, read, read_with};
use super::{Inputs, Report};
use crate::adopt;
use crate::analyze::{Facts, analyze};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{Sources, Span};
use crate::configure::configure;
use crate::document::normalize::{ActionReport, apply_overlays, normalize};
use crate::document::{Kind, Node};
use crate::emit::Provenance;
use crate::history::lock::Lock;
use crate::history::provenance::Source;
use crate::ir::Api;
use crate::lower::{NeverNull, Selection, lower};
use crate::name::{Names, name};
use crate::render;
use crate::settings::{NumberType, Settings, Words};
use std::path::Path;

/// A document as the compiler understands it: everything but the Rust text.
#[derive(Debug)]
pub struct Understood {
    /// What is true of the API.
    pub api: Api,
    /// What is known about it.
    pub facts: Facts,
    /// What everything is called.
    pub names: Names,
    /// What its maintainer wants.
    pub settings: Settings,
    /// The names as they were locked before.
    pub lock: Lock,
    /// The names as they are now.
    pub next_lock: Lock,
    /// What earlier runs left: where the document comes from, and the changelog.
    pub history: History,
    /// The document in 3.0's shape, overlays applied; `null` when it could not be read.
    pub document: Node,
    /// What it was made from, for the manifest.
    pub provenance: Provenance,
    /// How much there is; no lines, since nothing is rendered.
    pub report: Report,
    /// What there is to say about the inputs. With an error among it the rest is not to be relied on.
    pub diagnostics: Diagnostics,
    /// All files read, for the places in `diagnostics`.
    pub sources: Sources,
}

impl Default for Understood {
    fn default() -> Self {
        Self {
            api: Api::default(),
            facts: Facts::default(),
            names: Names::default(),
            settings: Settings::default(),
            lock: Lock::new(),
            next_lock: Lock::new(),
            history: History::default(),
            document: Node { span: Span::default(), kind: Kind::Null },
            provenance: Provenance::default(),
            report: Report::default(),
            diagnostics: Diagnostics::new(),
            sources: Sources::new(),
        }
    }
}

/// What earlier runs left, from the files that the settings name.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Where the document comes from.
    pub source: Option<Source>,
    /// What changed with each version, as Markdown.
    pub changelog: Option<String>,
    /// The hash of the document's content, by [`hash_content`](crate::document::hash_content).
    pub content: String,
}

/// Understands `inputs`. Never fails as such: errors are in the diagnostics of the outcome.
pub fn understand(inputs: &Inputs) -> Understood {
    through(inputs, read(inputs))
}

/// As [`understand`], with this text as the overlay at a path, whatever is there.
pub fn understand_with(inputs: &Inputs, overlay: (&Path, &str)) -> Understood {
    through(inputs, read_with(inputs, Some(overlay)))
}

/// The document as it was written, in its own version, with its overlays applied; `None` where it cannot be read. Its places are those of
/// [`Understood::sources`].
pub fn corrected(inputs: &Inputs) -> Option<Node> {
    let Read { document, overlays, mut diagnostics, .. } = read(inputs);
    let mut root = document?;
    apply_overlays(&mut root, &overlays, &mut diagnostics);
    Some(root)
}

/// The way of a document, stage by stage.
pub(super) fn through(inputs: &Inputs, read: Read) -> Understood {
    let Read { document, overlays, settings, lock, history, mut provenance, sources, mut diagnostics } = read;
    provenance.generator = format!("{} {}", env!("CARGO_PKG_VERSION"), render::runtime_hash());
    let Some(document) = document else {
        return Understood { settings, lock, history, provenance, sources, diagnostics, ..Understood::default() };
    };
    if settings.document.words == Words::Ours {
        adopt::warn(&document, &mut diagnostics);
    }
    let link_base = settings.docs.link_base.as_ref().map(|base| base.as_str());
    let normalized = normalize(document, &overlays, link_base, &mut diagnostics);
    stale(&normalized.overlays, inputs.own, &mut diagnostics);
    let document = normalized.root;
    if inputs.config.is_some() {
        diagnostics.extend(settings.unused_in(&document));
    }
    let lowered = lower(&document, &selection(inputs, &settings), &mut diagnostics);
    unused(&lowered.unused_selection, &mut diagnostics);
    let mut api = lowered.api;
    configure(&mut api, &settings, &mut diagnostics);
    let facts = analyze(&api, &settings, &mut diagnostics);
    let (names, next_lock) = name(&api, &facts, &settings, &lock, &mut diagnostics);
    settings.accept(&mut diagnostics, inputs.only.is_empty());
    let report = Report {
        operations: api.operations.len(),
        skipped_operations: lowered.skipped_operations,
        schemas: api.types.len(),
        lines: 0,
    };
    Understood {
        api,
        facts,
        names,
        settings,
        lock,
        next_lock,
        history,
        document,
        provenance,
        report,
        diagnostics,
        sources,
    }
}

impl Understood {
    /// Names everything anew, as if `lock` had been the lock: what the document would be called in the place of the one
    /// that `lock` stands for.
    pub fn follow(&mut self, lock: Lock) {
        self.lock = lock;
        // Said once, when the document was read.
        let mut said = Diagnostics::new();
        (self.names, self.next_lock) = name(&self.api, &self.facts, &self.settings, &self.lock, &mut said);
    }
}

/// Overlay actions that do nothing: an error where the overlay was written for this very document.
fn stale(actions: &[ActionReport], own: bool, diagnostics: &mut Diagnostics) {
    for action in actions.iter().filter(|a| a.is_stale()) {
        let what = if action.selected == 0 { "selects nothing" } else { "changes nothing" };
        let message = format!("overlay action {} `{}` {what}", action.action + 1, action.target);
        diagnostics.push(if own {
            Diagnostic::error("E0905", message).at(action.span).help("remove the action or correct its target")
        } else {
            Diagnostic::warning("W0906", message).at(action.span)
        });
    }
}

/// Entries of the selection that select nothing.
fn unused(selection: &[String], diagnostics: &mut Diagnostics) {
    for unused in selection {
        let message = format!("`{unused}` is neither a tag nor an operation id of the document");
        diagnostics
            .push(Diagnostic::warning("W0903", message).help("operations are selected by tag or by `operationId`"));
    }
}

/// What `lower` takes of the document, and how.
fn selection(inputs: &Inputs, settings: &Settings) -> Selection {
    let mut selection = Selection { only: inputs.only.clone(), ..Selection::default() };
    if selection.only.is_empty() {
        selection.only = settings.operations.only.iter().map(|s| s.to_string()).collect();
    }
    selection.examples = inputs.tests || settings.tests.examples;
    let never: Vec<String> = settings.required.never_null.iter().map(|n| n.member.to_string()).collect();
    selection.never_null = settings.required.may_be_null.then_some(NeverNull(never));
    selection.exact_numbers = settings.numbers.read == NumberType::Exact;
    selection.except = settings.operations.except.iter().map(|s| s.to_string()).collect();
    for t in &settings.types {
        if let Some(ty) = t.replace.clone() {
            selection.replace.insert(t.pointer.trim_start_matches('#').to_owned(), ty);
        }
    }
    selection
}
