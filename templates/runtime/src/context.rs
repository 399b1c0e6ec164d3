//! What goes with one decoding: what was found on the way, the places where the original form differs from what will be
//! written, and the fault that stops it. All of it can be rolled back, because unions try.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;

use super::decode::{DecodeError, Deviation, DeviationKind, Findings, Mode, OddPath};
use super::extra::{Extra, Form};
use super::order::sorted;
use super::tape::{Entry, Kind, Node, Tape, Walker, push_name};

/// How much a union may try, for every entry of the body; see [`Context::fuel`].
const FUEL_PER_ENTRY: u64 = 64;

/// The state of one decoding, handed down through every [`Decode`](super::decode::Decode). `Debug` prints nothing of it.
pub struct Context {
    pub(super) mode: Mode,
    /// For every open object, the entry its members are at; 0 for one that did not come.
    pub(super) slots: Vec<u32>,
    /// For every open object, what is kept beside its fields. Here and not in its reader, which so has nothing to drop.
    pub(super) extras: Vec<Extra>,
    pub(super) pending: Vec<Pending>,
    pub(super) splices: Vec<Splice>,
    pub(super) fault: Option<Fault>,
    pub(super) tally: Tally,
    /// Entries that trials may still pass over. What unions try is bounded by this and so linear in the body; past it
    /// each takes the branch that looks best from outside.
    pub(super) fuel: u64,
    /// How many unions are trying branches right now.
    pub(super) trials: u32,
    /// What unions within trials decided: (tape, entry, union) to the branch, or none. Without it nested unions would
    /// try exponentially often.
    pub(super) decided: HashMap<(u32, u32, TypeId), Option<u16>>,
    spare: Vec<Vec<Entry>>,
    tapes: u32,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// For and against a branch of a union.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Members that a model knew.
    pub(super) explained: u32,
    /// Unknown and missing members, deviations, odd records, values outside their enum.
    pub(super) against: u32,
}

/// Where something was found: an entry of the tape at work, a member of the object there, or a path once that tape is left.
#[derive(Debug)]
pub(super) enum Place {
    Entry(u32),
    Member(u32, &'static str),
    Path(String),
}

#[derive(Debug)]
pub(super) enum Note {
    Deviation(DeviationKind, &'static str, &'static str),
    Unknown,
    /// No branch fitted; `foreign` when the value names one that the document does not know.
    RawUnion {
        union: &'static str,
        foreign: bool,
    },
    /// What was expected there and found.
    Odd(&'static str, &'static str),
}

#[derive(Debug)]
pub(super) struct Pending {
    /// Where in the body: what was found is reported in the order of the body, in whichever order a model reads its fields.
    pub(super) start: u32,
    pub(super) place: Place,
    pub(super) note: Note,
}

/// Why a value could not be read.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) expected: &'static str,
    pub(super) found: &'static str,
    pub(super) offset: u32,
}

/// A stretch of the body that will be written as another text: how a value that came in another form is known again.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) text: Box<str>,
}

/// A point to roll back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pending: usize,
    splices: usize,
    slots: usize,
    tally: Tally,
}

impl Context {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            slots: Vec::new(),
            extras: Vec::new(),
            pending: Vec::new(),
            splices: Vec::new(),
            fault: None,
            tally: Tally::default(),
            fuel: 0,
            trials: 0,
            decided: HashMap::new(),
            spare: Vec::new(),
            tapes: 0,
        }
    }

    /// Records that a value cannot be read; what was expected is a short noun like `string`.
    ///
    /// Always `None`, so that a decoder can end with it.
    #[cold]
    pub fn refuse<T>(&mut self, node: Node<'_>, expected: &'static str) -> Option<T> {
        let entry = node.entry();
        self.fault =
            Some(Fault { place: Place::Entry(node.at), expected, found: entry.kind.name(), offset: entry.start });
        None
    }

    /// Records that a member which must be there is not.
    #[cold]
    pub(super) fn refuse_missing<T>(&mut self, object: Node<'_>, name: &'static str) -> Option<T> {
        let place = Place::Member(object.at, name);
        self.fault = Some(Fault { place, expected: "a value", found: "nothing", offset: object.entry().start });
        None
    }

    /// Records a value that was read although it is not what the document says. In strict mode that is a fault: `None`.
    #[cold]
    pub(super) fn deviate(&mut self, node: Node<'_>, kind: DeviationKind, expected: &'static str) -> Option<()> {
        if self.mode.strict {
            return self.refuse(node, expected);
        }
        let note = Note::Deviation(kind, expected, node.kind().name());
        self.pending.push(Pending { start: node.entry().start, place: Place::Entry(node.at), note });
        self.tally.against += 2;
        Some(())
    }

    /// Records a member that should be there, even if only as `null`.
    #[cold]
    pub(super) fn deviate_missing(&mut self, object: Node<'_>, name: &'static str) -> Option<()> {
        self.tally.against += 1;
        if self.mode.partial {
            return Some(());
        }
        if self.mode.strict {
            return self.refuse_missing(object, name);
        }
        let note = Note::Deviation(DeviationKind::Missing, "a value or null", "nothing");
        self.pending.push(Pending { start: object.entry().start, place: Place::Member(object.at, name), note });
        Some(())
    }

    /// Records that a value will be written as `text` and not as it came.
    #[cold]
    pub(super) fn splice(&mut self, node: Node<'_>, text: impl Into<Box<str>>) {
        let entry = node.entry();
        self.splices.push(Splice { start: entry.start, end: entry.end, text: text.into() });
    }

    /// Records that a lone value is read as an array of one.
    #[cold]
    pub(super) fn wrap(&mut self, node: Node<'_>) -> Option<()> {
        self.deviate(node, DeviationKind::OneForMany, "array")?;
        let entry = node.entry();
        self.splices.push(Splice { start: entry.start, end: entry.start, text: "[".into() });
        self.splices.push(Splice { start: entry.end, end: entry.end, text: "]".into() });
        Some(())
    }

    /// Records that an array of one is read as its only element.
    #[cold]
    pub(super) fn unwrap<'t>(&mut self, array: Node<'t>, only: Node<'t>) -> Option<Node<'t>> {
        self.deviate(array, DeviationKind::ManyForOne, "object")?;
        let (outer, inner) = (array.entry(), only.entry());
        self.splices.push(Splice { start: outer.start, end: inner.start, text: "".into() });
        self.splices.push(Splice { start: inner.end, end: outer.end, text: "".into() });
        Some(only)
    }

    /// Counts a value that can be read but hardly is what its type means; evidence for unions only.
    pub(super) fn doubt(&mut self) {
        self.tally.against += 2;
    }

    pub(super) fn note(&mut self, node: Node<'_>, note: Note) {
        self.pending.push(Pending { start: node.entry().start, place: Place::Entry(node.at), note });
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { pending: self.pending.len(), splices: self.splices.len(), slots: self.slots.len(), tally: self.tally }
    }

    /// Forgets everything found since the mark.
    pub(super) fn roll_back(&mut self, mark: Mark) {
        self.pending.truncate(mark.pending);
        self.splices.truncate(mark.splices);
        self.slots.truncate(mark.slots);
        self.tally = mark.tally;
    }

    /// Whether a union at this very node found no branch since the mark.
    pub(super) fn is_raw_since(&self, mark: Mark, node: Node<'_>) -> bool {
        let raw =
            |p: &Pending| matches!((&p.place, &p.note), (Place::Entry(at), Note::RawUnion { .. }) if *at == node.at);
        self.pending.get(mark.pending..).is_some_and(|since| since.iter().any(raw))
    }

    /// Makes the first deviation since the mark the fault, as strict mode wants it; whether there was one.
    pub(super) fn fail_since(&mut self, mark: Mark, node: Node<'_>) -> bool {
        for at in mark.pending..self.pending.len() {
            let Some(Pending { place, note, .. }) = self.pending.get_mut(at) else { break };
            let (expected, found) = match *note {
                Note::Deviation(_, expected, found) | Note::Odd(expected, found) => (expected, found),
                Note::RawUnion { union, foreign: false } => (union, "something else"),
                Note::RawUnion { .. } | Note::Unknown => continue,
            };
            let place = std::mem::replace(place, Place::Entry(0));
            self.fault = Some(Fault { place, expected, found, offset: node.entry().start });
            self.roll_back(mark);
            return true;
        }
        false
    }

    /// Takes away what was found since the mark, to bring it back by [`Self::restore`] if it turns out best.
    pub(super) fn take_since(&mut self, mark: Mark) -> (Vec<Pending>, Vec<Splice>, Tally) {
        let tally = self.tally;
        let pending = self.pending.split_off(mark.pending.min(self.pending.len()));
        let splices = self.splices_since(mark.splices);
        self.roll_back(mark);
        (pending, splices, tally)
    }

    /// Takes the splices recorded after the first so many.
    pub(super) fn splices_since(&mut self, first: usize) -> Vec<Splice> {
        self.splices.split_off(first.min(self.splices.len()))
    }

    pub(super) fn restore(&mut self, (mut pending, mut splices, tally): (Vec<Pending>, Vec<Splice>, Tally)) {
        self.pending.append(&mut pending);
        self.splices.append(&mut splices);
        self.tally = tally;
    }

    /// A tape for one element whose array has no entries for it.
    pub(super) fn element_tape<'t>(&mut self, array: Node<'t>) -> Tape<'t> {
        self.tapes += 1;
        let entries = self.spare.pop().unwrap_or_default();
        Tape { body: array.tape.body, entries, origin: Some((array, 0)), id: self.tapes }
    }

    /// Gives the memory of a tape back for the next.
    pub(super) fn recycle(&mut self, tape: Tape<'_>) {
        self.spare.push(tape.entries);
    }

    /// Grants the unions in a freshly scanned tape their trials.
    pub(super) fn refuel(&mut self, tape: &Tape<'_>) {
        self.fuel = 4096 + FUEL_PER_ENTRY * tape.entries.len() as u64;
    }

    /// Turns what was found on a tape since `from` into paths, because the tape is left.
    pub(super) fn settle(&mut self, tape: &Tape<'_>, from: usize) {
        if self.pending.len() == from && self.fault.is_none() {
            return;
        }
        let Some(pending) = self.pending.get_mut(from..) else { return };
        let entry = |at: u32| pending.get(at as usize).map_or(0, |p| p.place.entry());
        let order = sorted(pending.len(), &|a, b| entry(a).cmp(&entry(b)));
        let mut walker = Walker::new(tape);
        for at in order {
            if let Some(p) = pending.get_mut(at as usize) {
                p.place.settle(&mut walker);
            }
        }
        if let Some(fault) = &mut self.fault {
            fault.place.settle(&mut walker);
        }
    }

    /// The fault at hand as an error; its place is found by `walker`, unless it is a path already.
    pub(super) fn take_fault(&mut self, walker: &mut Walker<'_>) -> DecodeError {
        let fault = self.fault.take().unwrap_or(Fault {
            place: Place::Entry(0),
            expected: "a readable value",
            found: Kind::Absent.name(),
            offset: 0,
        });
        DecodeError {
            path: fault.place.path(walker),
            expected: fault.expected,
            found: fault.found,
            offset: fault.offset as usize,
        }
    }

    /// Everything found, when the decoding is over.
    pub(super) fn findings(&mut self, tape: &Tape<'_>) -> Findings {
        let mut findings = Findings::default();
        if !self.splices.is_empty() {
            findings.form = Some(Form::new(tape.root(), std::mem::take(&mut self.splices)));
        }
        if self.pending.is_empty() {
            return findings;
        }
        self.settle(tape, 0);
        let mut pending = std::mem::take(&mut self.pending);
        let start = |at: u32| pending.get(at as usize).map_or(0, |found| found.start);
        for at in sorted(pending.len(), &|a, b| start(a).cmp(&start(b))) {
            let Some(Pending { place, note, .. }) = pending.get_mut(at as usize) else { continue };
            let Place::Path(path) = std::mem::replace(place, Place::Entry(0)) else { continue };
            match *note {
                Note::Deviation(kind, expected, found) => {
                    findings.deviations.push(Deviation { path, kind, expected, found });
                }
                Note::Unknown => findings.unknown.push(path),
                Note::RawUnion { .. } => findings.raw_unions.push(path),
                Note::Odd(..) => findings.odd.push(OddPath { path }),
            }
        }
        findings
    }
}

impl Place {
    fn entry(&self) -> u32 {
        match self {
            Self::Entry(at) | Self::Member(at, _) => *at,
            Self::Path(_) => 0,
        }
    }

    fn settle(&mut self, walker: &mut Walker<'_>) {
        if !matches!(self, Self::Path(_)) {
            *self = Self::Path(self.path(walker));
        }
    }

    fn path(&self, walker: &mut Walker<'_>) -> String {
        match self {
            Self::Entry(at) => walker.path(*at),
            Self::Member(at, name) => {
                let mut path = walker.path(*at);
                push_name(&mut path, name);
                path
            }
            Self::Path(path) => path.clone(),
        }
    }
}

impl Mark {
    pub(super) fn tally(self) -> Tally {
        self.tally
    }
}

impl Tally {
    /// What was added since an earlier tally.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            explained: self.explained.saturating_sub(earlier.explained),
            against: self.against.saturating_sub(earlier.against),
        }
    }

    pub(super) fn score(self) -> i64 {
        i64::from(self.explained) - i64::from(self.against)
    }
}
