//! What a comparison found: one [`Change`] for each thing that differs.

use crate::base::Pointer;
use crate::base::{Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

use super::semver::Semver;

/// What a change means for someone who uses the crate. Worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Code that uses the item does not compile with the new crate.
    BreaksCompiling,
    /// Code compiles, but a released client fails or can fail, or the same code means something else now. What a released
    /// client tolerates is none of it.
    BreaksAtRunTime,
    /// Code compiles with a warning now.
    Deprecating,
    /// Everything goes on: there is more than before, or less that is demanded, or a difference that a client tolerates.
    Additive,
    /// Only words differ.
    DocumentationOnly,
}

impl Class {
    /// All classes, worst first.
    pub const ALL: [Class; 5] =
        [Self::BreaksCompiling, Self::BreaksAtRunTime, Self::Deprecating, Self::Additive, Self::DocumentationOnly];

    /// The word in reports: `breaks-compiling`.
    pub fn word(self) -> &'static str {
        match self {
            Self::BreaksCompiling => "breaks-compiling",
            Self::BreaksAtRunTime => "breaks-at-run-time",
            Self::Deprecating => "deprecating",
            Self::Additive => "additive",
            Self::DocumentationOnly => "documentation-only",
        }
    }

    /// The words above a list of such changes.
    pub fn title(self) -> &'static str {
        match self {
            Self::BreaksCompiling => "Breaks compiling",
            Self::BreaksAtRunTime => "Breaks at run time",
            Self::Deprecating => "Deprecating",
            Self::Additive => "Additive",
            Self::DocumentationOnly => "Documentation only",
        }
    }
}

/// What becomes of a released client, made from the old document, when the API follows the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Survival {
    /// It goes on working; how.
    Survives(String),
    /// It depends on the values or on the server; on what.
    Depends(String),
    /// What fails.
    Fails(String),
}

impl Survival {
    /// The word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Survives(_) => "survives",
            Self::Depends(_) => "depends",
            Self::Fails(_) => "fails",
        }
    }

    /// The explanation.
    pub fn text(&self) -> &str {
        match self {
            Self::Survives(text) | Self::Depends(text) | Self::Fails(text) => text,
        }
    }

    /// `None` is as good as it gets.
    fn badness(of: Option<&Self>) -> u8 {
        of.map_or(0, |s| s.weight() + 1)
    }

    /// How bad it is: 0, 1 or 2.
    fn weight(&self) -> u8 {
        match self {
            Self::Survives(_) => 0,
            Self::Depends(_) => 1,
            Self::Fails(_) => 2,
        }
    }

    /// The worse of two; both explanations when they are equally bad.
    pub fn worst(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        match (a, b) {
            (None, x) | (x, None) => x,
            (Some(a), Some(b)) if a.weight() > b.weight() => Some(a),
            (Some(a), Some(b)) if a.weight() < b.weight() => Some(b),
            (Some(a), Some(b)) if a == b => Some(a),
            (Some(a), Some(b)) => {
                let text = format!("{}; {}", a.text(), b.text());
                Some(match a {
                    Self::Survives(_) => Self::Survives(text),
                    Self::Depends(_) => Self::Depends(text),
                    Self::Fails(_) => Self::Fails(text),
                })
            }
        }
    }
}

/// What becomes of a released client's two halves. `None`: that half notices nothing, or does not meet the change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Of reading the answers of the new document.
    pub reads: Option<Survival>,
    /// Of the requests that it still makes as the old document wants them.
    pub sends: Option<Survival>,
}

impl Outcome {
    /// The worse half; reading, where both are equally bad.
    pub fn worst(&self) -> Option<&Survival> {
        match Survival::badness(self.sends.as_ref()) > Survival::badness(self.reads.as_ref()) {
            true => self.sends.as_ref(),
            false => self.reads.as_ref(),
        }
    }

    /// Each half that there is, with its word: `reading`, `sending`.
    pub fn halves(&self) -> impl Iterator<Item = (&'static str, &Survival)> {
        let both = [("reading", self.reads.as_ref()), ("sending", self.sends.as_ref())];
        both.into_iter().filter_map(|(word, survival)| Some((word, survival?)))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.worst().is_none()
    }

    /// The halves as one sentence: `reading survives: ..; sending fails: ..`.
    pub fn text(&self) -> String {
        let half = |(word, survival): (&str, &Survival)| format!("{word} {}: {}", survival.word(), survival.text());
        self.halves().map(half).collect::<Vec<_>>().join("; ")
    }

    /// Of each half the worse of two.
    pub(super) fn add(&mut self, other: Self) {
        self.reads = Survival::worst(self.reads.take(), other.reads);
        self.sends = Survival::worst(self.sends.take(), other.sends);
    }

    /// Only reading is concerned.
    pub(super) fn reading(survival: Option<Survival>) -> Self {
        Self { reads: survival, sends: None }
    }

    /// Only sending is concerned.
    pub(super) fn sending(survival: Option<Survival>) -> Self {
        Self { reads: None, sends: survival }
    }
}

/// A place of one of the two documents (or of a settings file).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as messages show it.
    pub file: String,
    /// From 1; 0 when the place is no place of a file.
    pub line: usize,
    /// In characters, from 1; 0 when the place is no place of a file.
    pub column: usize,
    /// The place in the document's terms.
    pub pointer: Pointer,
    /// The bytes of the file, for excerpts.
    pub(super) span: Span,
}

impl Place {
    /// The place of a node.
    pub(super) fn of(sources: &Sources, span: Span, pointer: &Pointer) -> Self {
        let position = sources.position(span);
        Self {
            file: sources.path(span.file).unwrap_or_default().to_owned(),
            line: position.map_or(0, |p| p.line),
            column: position.map_or(0, |p| p.column),
            pointer: pointer.clone(),
            span,
        }
    }
}

/// One thing that differs between the two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The worst it does.
    pub class: Class,
    /// A stable code, `D0401`; `cargo xtask explain D0401` has a page on each.
    pub code: &'static str,
    /// One line: the code's title, what it is about and how it differs. Lowercase, without a full stop.
    pub message: String,
    /// Where it stood.
    pub old: Option<Place>,
    /// Where it stands.
    pub new: Option<Place>,
    /// Its path in the old crate: `models::Link::status`, `api::Links::list`, `api::requests::ListLinks::page`.
    pub path_old: Option<String>,
    /// Its path in the new crate.
    pub path_new: Option<String>,
    /// How it is declared in the old crate, without attributes: `pub status: Option<String>`.
    pub rust_old: Option<String>,
    /// How it is declared in the new crate.
    pub rust_new: Option<String>,
    /// What becomes of a released client; `None` when it does not notice.
    pub survives: Outcome,
    /// Whatever else differs about the same thing, a line each.
    pub also: Vec<String>,
    /// The tags whose operations it concerns, as the new document names them (the old one, for what is gone).
    pub tags: Vec<String>,
    /// How many operations it concerns.
    pub operations: usize,
    /// Further Rust paths of the same thing, before and after: a shared parameter is a setter of many builders.
    pub elsewhere: Vec<(Option<String>, Option<String>)>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A comparison's outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was compared, as shown: file, title, version and hash of the old document.
    pub old: Document,
    /// The same of the new one.
    pub new: Document,
    /// Worst first, then by path and place.
    pub changes: Vec<Change>,
    /// Which step of the version the changes ask for.
    pub semver: Semver,
}

/// One of the two documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its file.
    pub file: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The hash of its content.
    pub hash: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many types it brings.
    pub types: usize,
}

impl Report {
    /// How many changes each class has; every class is there.
    pub fn counts(&self) -> BTreeMap<Class, usize> {
        let mut counts: BTreeMap<Class, usize> = Class::ALL.into_iter().map(|c| (c, 0)).collect();
        for change in &self.changes {
            *counts.entry(change.class).or_default() += 1;
        }
        counts
    }

    /// The changes of a class, in order.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |c| c.class == class)
    }

    /// Whether a change of one of the two breaking classes is among them.
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(|c| matches!(c.class, Class::BreaksCompiling | Class::BreaksAtRunTime))
    }

    /// Whether anything but words differs.
    pub fn changes_the_api(&self) -> bool {
        self.changes.iter().any(|c| c.class != Class::DocumentationOnly)
    }

    /// Every tag that a change concerns, sorted.
    pub fn tags(&self) -> BTreeSet<&str> {
        self.changes.iter().flat_map(|c| c.tags.iter().map(String::as_str)).collect()
    }
}

/// `models::Link::status`, or both paths where they differ.
pub(super) fn subject(old: Option<&str>, new: Option<&str>) -> String {
    match (old, new) {
        (Some(a), Some(b)) if a != b => format!("{a} → {b}"),
        (_, Some(path)) | (Some(path), None) => path.to_owned(),
        (None, None) => String::new(),
    }
}
