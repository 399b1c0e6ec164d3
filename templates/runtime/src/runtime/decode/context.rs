//! What goes with one decoding: what was found on the way, the places where the original form differs from what will be
//! written, and the fault that stops it. All of it can be rolled back, because unions try.

use std::any::TypeId;
use std::fmt;

use crate::runtime::decode::extra::{Extra, Form};
use crate::runtime::decode::{Counts, DecodeError, Deviation, DeviationKind, Findings, Mode};
use crate::runtime::encode::Writer;
use crate::runtime::encode::order::sorted;
use crate::runtime::json::tape::{Entry, Kind, Node, Tape, Walker, push_name};
use crate::runtime::text::append;

/// How much a union may try, for every entry of the body; see [`Context::fuel`].
const FUEL_PER_ENTRY: u64 = 64;

/// Room for the members of the objects open at one time, and for those objects: what most bodies need.
const SLOTS: usize = 256;
const EXTRAS: usize = 16;

/// The state of one decoding, handed down through every [`Decode`](crate::runtime::decode::Decode). `Debug` prints nothing of it.
pub struct Context {
    pub(crate) mode: Mode,
    /// For every open object, the entry its members are at; 0 for one that did not come.
    pub(crate) slots: Vec<u32>,
    /// For every open object, its unknown members and original forms. Here and not in its reader, which so has nothing to drop.
    pub(crate) extras: Vec<Extra>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) splices: Vec<Splice>,
    /// The texts of the splices, one after the other.
    texts: String,
    pub(crate) fault: Option<Fault>,
    pub(crate) tally: Tally,
    /// How many findings of each sort there were ...
    counts: Counted,
    /// ... and how many there were where the trial at hand began: each lists so many anew, for what it finds may be all that is left.
    listed_from: Counted,
    /// Entries that trials may still pass over. What unions try is bounded by this and so linear in the body; past it
    /// each takes the branch that looks best from outside.
    pub(crate) fuel: u64,
    /// How many unions are trying branches right now.
    pub(crate) trials: u32,
    /// The end of the value that the last union could only read because of nulls that the document does not allow.
    pub(crate) contained: u32,
    /// What unions within trials decided. Without it nested unions would try exponentially often.
    pub(crate) decided: Decisions,
    /// Whether the elements that the scan of the body has left for later were all scanned, and end where it was thought.
    pub(crate) rest_is_json: bool,
    /// The memory of a tape for the next. One is enough: what such a tape holds is never only checked.
    spare: Vec<Entry>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

/// For and against a branch of a union.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Members that a model knew.
    pub(crate) explained: u32,
    /// Unknown and missing members, deviations, invalid records, values outside their enum.
    pub(crate) against: u32,
    /// Values among them that could not be read. A branch with any is only taken where all have some.
    pub(crate) unread: u32,
    /// Nulls and gaps among them where the document wants a value, read because [`MAY_BE_NULL`](crate::runtime::decode::model::MAY_BE_NULL) says so.
    /// To unions they are what they were to a reader without that rule: nothing around them can be read, up to the next member
    /// that can do without, record or union, which [contains](Context::contain) them.
    pub(crate) nulls: u32,
}

/// How many findings of each sort, by [`Note::sort`].
type Counted = [u32; 4];

/// Where something was found: an entry of the tape at work, a member of the object there, or a path once that tape is left.
#[derive(Debug)]
pub(crate) enum Place {
    Entry(u32),
    Member(u32, &'static str),
    Path(String),
}

#[derive(Debug)]
pub(crate) enum Note {
    Deviation(DeviationKind, &'static str, &'static str),
    Unknown,
    /// No branch fitted; `foreign` when the value names one that the document does not know.
    RawUnion {
        union: &'static str,
        foreign: bool,
    },
    /// What was expected there and found.
    Invalid(&'static str, &'static str),
}

impl Note {
    const fn sort(&self) -> usize {
        match self {
            Self::Deviation(..) => 0,
            Self::Invalid(..) => 1,
            Self::Unknown => 2,
            Self::RawUnion { .. } => 3,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Pending {
    /// Where in the body: what was found is reported in the order of the body, in whichever order a model reads its fields.
    pub(crate) start: u32,
    pub(crate) place: Place,
    pub(crate) note: Note,
}

/// Why a value could not be read.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) expected: &'static str,
    pub(crate) found: &'static str,
    pub(crate) offset: u32,
}

/// A stretch of the body that will be written as another text: how a value that came in another form is known again.
#[derive(Clone, Copy)]
pub(crate) struct Splice {
    start: u32,
    end: u32,
    /// Where its text is among the context's.
    from: usize,
    to: usize,
}

/// What unions decided, by the end of the value in the body (no two values have the same) and the union.
///
/// The list is chained by the lowest bits of the ends. Ends that have these in common lie as far apart as there are chains, and
/// there are as many as there are decisions: so no body can have long chains and many decisions, and nothing needs to be hashed.
#[derive(Default)]
pub(crate) struct Decisions {
    list: Vec<Decision>,
    /// For every chain one more than the index of its first decision; as many as a power of two, or none.
    chains: Vec<u32>,
}

struct Decision {
    end: u32,
    union: TypeId,
    /// The branch, or none.
    branch: Option<u32>,
    /// As in `chains`.
    next: u32,
}

impl Decisions {
    fn chain(&self, end: u32) -> usize {
        end as usize & self.chains.len().wrapping_sub(1)
    }

    /// The decision about a value, if there is one.
    pub(crate) fn find(&mut self, (end, union): (u32, TypeId)) -> Option<&mut Option<u32>> {
        let mut at = *self.chains.get(self.chain(end))?;
        loop {
            let index = (at as usize).checked_sub(1)?;
            let decision = self.list.get(index)?;
            if decision.end == end && decision.union == union {
                return self.list.get_mut(index).map(|decision| &mut decision.branch);
            }
            at = decision.next;
        }
    }

    pub(crate) fn insert(&mut self, key: (u32, TypeId), branch: Option<u32>) {
        if let Some(decided) = self.find(key) {
            *decided = branch;
            return;
        }
        self.list.push(Decision { end: key.0, union: key.1, branch, next: 0 });
        let mut fresh = self.list.len() - 1;
        if fresh >= self.chains.len() {
            let chains = (2 * self.chains.len()).max(64);
            self.chains.clear();
            self.chains.resize(chains, 0);
            fresh = 0;
        }
        while let Some(end) = self.list.get(fresh).map(|decision| decision.end) {
            let chain = self.chain(end);
            if let (Some(first), Some(decision)) = (self.chains.get_mut(chain), self.list.get_mut(fresh)) {
                decision.next = *first;
                *first = fresh as u32 + 1;
            }
            fresh += 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.chains.clear();
    }
}

/// A point to roll back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pending: usize,
    splices: usize,
    slots: usize,
    tally: Tally,
    counts: Counted,
}

impl Context {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            slots: Vec::with_capacity(SLOTS),
            extras: Vec::with_capacity(EXTRAS),
            pending: Vec::new(),
            splices: Vec::new(),
            texts: String::new(),
            fault: None,
            tally: Tally::default(),
            counts: [0; 4],
            listed_from: [0; 4],
            fuel: 0,
            trials: 0,
            contained: 0,
            decided: Decisions::default(),
            rest_is_json: false,
            spare: Vec::new(),
        }
    }

    /// Records that a value cannot be read; what was expected is a short noun like `string`.
    ///
    /// Always `None`, so that a decoder can end with it.
    #[inline]
    pub fn refuse<T>(&mut self, node: Node<'_>, expected: &'static str) -> Option<T> {
        self.fail(node, None, expected);
        None
    }

    /// Records that a member which must be there is not.
    #[inline]
    pub(crate) fn refuse_missing<T>(&mut self, object: Node<'_>, name: &'static str) -> Option<T> {
        self.fail(object, Some(name), "a value");
        None
    }

    /// Records that a value, or a member that is not there, cannot be read.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, node: Node<'_>, missing: Option<&'static str>, expected: &'static str) {
        let entry = node.entry();
        let (place, found) = match missing {
            Some(name) => (Place::Member(node.at, name), "nothing"),
            None => (Place::Entry(node.at), entry.kind.name()),
        };
        self.fault = Some(Fault { place, expected, found, offset: entry.start });
    }

    /// Records a value that was read although it is not what the document says. In strict mode that is a fault: `None`.
    #[cold]
    pub(crate) fn deviate(&mut self, node: Node<'_>, kind: DeviationKind, expected: &'static str) -> Option<()> {
        if self.mode.strict {
            return self.refuse(node, expected);
        }
        self.note(node, Note::Deviation(kind, expected, node.kind().name()));
        self.tally.against += 2;
        Some(())
    }

    /// Counts a null, or a gap, where the document wants a value and that is read all the same; evidence for unions only.
    #[cold]
    pub(crate) fn count_null(&mut self, weight: u32) {
        self.tally.against += weight;
        self.tally.nulls += 1;
    }

    /// Weighs what was read since the mark as if it could not be read, where that is so by the declared flags alone.
    #[cold]
    pub(crate) fn contain(&mut self, mark: Mark, against: u32, unread: u32) {
        self.tally = mark.tally;
        self.tally.against += against;
        self.tally.unread += unread;
    }

    /// Makes a deviation of the fault at hand, because the member around it can do without: by the document, or
    /// by the rule that what it requires may be null. Not in strict mode.
    #[cold]
    #[inline(never)]
    pub(crate) fn forgive(&mut self, mark: Mark, by_rule: bool) -> bool {
        if self.mode.strict {
            return false;
        }
        let Some(Fault { place, expected, found, offset }) = self.fault.take() else { return false };
        self.roll_back(mark);
        self.record(offset, place, Note::Deviation(DeviationKind::Unreadable, expected, found));
        if by_rule {
            self.count_null(2);
        } else {
            self.contain(mark, 2, 1);
        }
        true
    }

    /// Records a member that should be there, even if only as `null`.
    #[cold]
    pub(crate) fn deviate_missing(&mut self, object: Node<'_>, name: &'static str) -> Option<()> {
        self.tally.against += 1;
        if self.mode.partial {
            return Some(());
        }
        if self.mode.strict {
            return self.refuse_missing(object, name);
        }
        let note = Note::Deviation(DeviationKind::Missing, "a value or null", "nothing");
        self.record(object.entry().start, Place::Member(object.at, name), note);
        Some(())
    }

    /// Records that a value will be written as `text` and not as it came.
    #[cold]
    pub(crate) fn splice(&mut self, node: Node<'_>, text: String) {
        let entry = node.entry();
        self.splice_at(entry.start, entry.end, &text);
    }

    /// Records that a stretch of the body will be written as `text`.
    #[inline(never)]
    pub(crate) fn splice_at(&mut self, start: u32, end: u32, text: &str) {
        let from = self.texts.len();
        self.texts.push_str(text);
        self.splices.push(Splice { start, end, from, to: self.texts.len() });
    }

    /// Records that a lone value is read as an array of one.
    #[cold]
    pub(crate) fn wrap(&mut self, node: Node<'_>) -> Option<()> {
        self.deviate(node, DeviationKind::OneForMany, "array")?;
        let entry = node.entry();
        self.splice_at(entry.start, entry.start, "[");
        self.splice_at(entry.end, entry.end, "]");
        Some(())
    }

    /// Records that an array is read as the member of this name of an object that holds nothing else.
    #[cold]
    pub(crate) fn unfold(&mut self, array: Node<'_>, name: &str) -> Option<()> {
        self.deviate(array, DeviationKind::ManyForOne, "object")?;
        let entry = array.entry();
        let mut open = Writer::default();
        open.raw("{");
        open.name(name);
        self.splice_at(entry.start, entry.start, &open.out);
        self.splice_at(entry.end, entry.end, "}");
        Some(())
    }

    /// Records that an object is read as the array that is one of its members.
    #[cold]
    pub(crate) fn fold<'t>(&mut self, object: Node<'t>, array: Node<'t>) -> Option<Node<'t>> {
        self.deviate(object, DeviationKind::OneForMany, "array")?;
        let (outer, inner) = (object.entry(), array.entry());
        self.splice_at(outer.start, inner.start, "");
        self.splice_at(inner.end, outer.end, "");
        Some(array)
    }

    /// Records that an array of one is read as its only element.
    #[cold]
    pub(crate) fn unwrap<'t>(&mut self, array: Node<'t>, only: Node<'t>) -> Option<Node<'t>> {
        self.deviate(array, DeviationKind::ManyForOne, "object")?;
        let (outer, inner) = (array.entry(), only.entry());
        self.splice_at(outer.start, inner.start, "");
        self.splice_at(inner.end, outer.end, "");
        Some(only)
    }

    /// Makes a deviation of the fault at hand, a `null` in a list or a map whose type has no word for it: the value is without that element,
    /// which is written back where it was. `stretch` is the element in the body, `has_kept` whether one before it stays. Not in strict mode.
    /// To unions it is what it was without that rule: what cannot be read.
    #[cold]
    #[inline(never)]
    pub(crate) fn leave_null_out(&mut self, body: &str, stretch: (u32, u32), has_kept: bool) -> bool {
        if self.mode.strict {
            return false;
        }
        let Some(Fault { place, expected, found, offset }) = self.fault.take() else { return false };
        self.record(offset, place, Note::Deviation(DeviationKind::Null, expected, found));
        self.tally.against += 2;
        self.tally.unread += 1;
        // One comma goes with it: the one before it, or, of the first elements, the one behind it, if there is any.
        let (mut start, mut end) = stretch;
        if has_kept {
            let before = body.get(..start as usize).unwrap_or_default().trim_ascii_end();
            start = before.len().saturating_sub(1) as u32;
        } else {
            let behind = body.get(end as usize..).unwrap_or_default();
            let next = behind.trim_ascii_start();
            if next.starts_with(',') {
                end += (behind.len() - next.len() + 1) as u32;
            }
        }
        self.splice_at(start, end, "");
        true
    }

    /// Counts a value that can be read but hardly is what its type means; evidence for unions only.
    pub(crate) fn doubt(&mut self) {
        self.tally.against += 2;
    }

    pub(crate) fn note(&mut self, node: Node<'_>, note: Note) {
        self.record(node.entry().start, Place::Entry(node.at), note);
    }

    #[inline(never)]
    pub(crate) fn record(&mut self, start: u32, place: Place, note: Note) {
        let sort = note.sort();
        let from = self.listed_from.get(sort).copied().unwrap_or(0);
        let Some(count) = self.counts.get_mut(sort) else { return };
        *count = count.saturating_add(1);
        if count.saturating_sub(from) as usize <= self.mode.limit {
            self.pending.push(Pending { start, place, note });
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        let Self { pending, splices, slots, tally, counts, .. } = self;
        Mark { pending: pending.len(), splices: splices.len(), slots: slots.len(), tally: *tally, counts: *counts }
    }

    /// Lets a trial list its findings as if it were the first; where the lists began before.
    pub(crate) fn list_anew(&mut self) -> Counted {
        std::mem::replace(&mut self.listed_from, self.counts)
    }

    /// Ends the trials since the mark: what is left of their findings joins those from before, as far as there is room.
    pub(crate) fn join_lists(&mut self, mark: Mark, listed_from: Counted) {
        self.listed_from = listed_from;
        let mut listed = mark.counts;
        for (listed, from) in listed.iter_mut().zip(listed_from) {
            *listed = listed.saturating_sub(from);
        }
        let mut kept = mark.pending;
        for at in mark.pending..self.pending.len() {
            let Some(listed) = self.pending.get(at).and_then(|found| listed.get_mut(found.note.sort())) else { break };
            *listed = listed.saturating_add(1);
            if *listed as usize <= self.mode.limit {
                self.pending.swap(kept, at);
                kept += 1;
            }
        }
        self.pending.truncate(kept);
    }

    /// Forgets everything found since the mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.pending.truncate(mark.pending);
        self.drop_splices(mark.splices);
        self.slots.truncate(mark.slots);
        self.tally = mark.tally;
        self.counts = mark.counts;
    }

    /// Whether a union at this very node found no branch since the mark.
    pub(crate) fn is_raw_since(&self, mark: Mark, node: Node<'_>) -> bool {
        for found in self.pending.get(mark.pending..).unwrap_or_default() {
            if let (Place::Entry(at), Note::RawUnion { .. }) = (&found.place, &found.note)
                && *at == node.at
            {
                return true;
            }
        }
        false
    }

    /// Makes the first deviation since the mark the fault, as strict mode wants it; whether there was one.
    pub(crate) fn fail_since(&mut self, mark: Mark, node: Node<'_>) -> bool {
        for at in mark.pending..self.pending.len() {
            let Some(Pending { place, note, .. }) = self.pending.get_mut(at) else { break };
            let (expected, found) = match *note {
                Note::Deviation(_, expected, found) | Note::Invalid(expected, found) => (expected, found),
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

    /// Puts what was found since `later` in the place of what was found since `mark` before; where the next trial begins.
    pub(crate) fn supersede(&mut self, mark: Mark, later: Mark) -> Mark {
        let mut kept = mark;
        for from in later.pending..self.pending.len() {
            self.pending.swap(kept.pending, from);
            kept.pending += 1;
        }
        for from in later.splices..self.splices.len() {
            self.splices.swap(kept.splices, from);
            kept.splices += 1;
        }
        for ((kept, now), before) in kept.counts.iter_mut().zip(self.counts).zip(later.counts) {
            *kept = kept.saturating_add(now.saturating_sub(before));
        }
        self.roll_back(kept);
        kept
    }

    /// Takes the splices recorded after the first so many for the form of a value, which they are within.
    #[cold]
    pub(crate) fn take_form(&mut self, node: Node<'_>, first: usize) -> Form {
        let written = self.written(node, first, false);
        self.drop_splices(first);
        Form::new(node.raw(), written)
    }

    /// The text that a value will be written as, by the splices after the first so many; or with only those that put strings in.
    #[cold]
    #[inline(never)]
    pub(crate) fn written(&self, node: Node<'_>, first: usize, strings: bool) -> String {
        let (raw, start) = (node.raw(), node.entry().start);
        let splices = self.splices.get(first..).unwrap_or_default();
        let place = |at: u32| match splices.get(at as usize) {
            Some(splice) => (splice.start, splice.end),
            None => (0, 0),
        };
        let mut written = String::new();
        let mut at = 0;
        // Stable: of an empty stretch and one that begins at the same place, the one recorded first comes first.
        for index in sorted(splices.len(), &|a, b| place(a).cmp(&place(b))) {
            let Some(splice) = splices.get(index as usize) else { continue };
            let text = self.texts.get(splice.from..splice.to).unwrap_or_default();
            if strings && !text.starts_with('"') {
                continue;
            }
            let plain = raw.get(at..splice.start.saturating_sub(start) as usize).unwrap_or_default();
            append(&mut written, &[plain, text]);
            at = splice.end.saturating_sub(start) as usize;
        }
        written.push_str(raw.get(at..).unwrap_or_default());
        written
    }

    /// Forgets all splices but the first so many.
    pub(crate) fn drop_splices(&mut self, first: usize) {
        self.splices.truncate(first);
        let texts = self.splices.last().map_or(0, |splice| splice.to);
        self.texts.truncate(texts);
    }

    /// A tape for the elements of an array that has no entries for them.
    pub(crate) fn element_tape<'t>(&mut self, array: Node<'t>) -> Tape<'t> {
        let entries = std::mem::take(&mut self.spare);
        Tape { entries, origin: Some((array, 0)), ..Tape::empty(array.tape.body) }
    }

    /// Gives the memory of a tape back for the next.
    pub(crate) fn recycle(&mut self, tape: Tape<'_>) {
        self.spare = tape.entries;
    }

    /// Grants the unions in a freshly scanned tape their trials.
    pub(crate) fn refuel(&mut self, tape: &Tape<'_>) {
        self.fuel = 4096 + FUEL_PER_ENTRY * tape.entries.len() as u64;
    }

    /// Turns what was found on a tape since `from` into paths, because the tape is left.
    #[inline(never)]
    pub(crate) fn settle(&mut self, tape: &Tape<'_>, from: usize) {
        if self.pending.len() == from && self.fault.is_none() {
            return;
        }
        let mut walker = Walker::new(tape);
        for at in self.in_order(from) {
            if let Some(found) = self.pending.get_mut(from + at as usize) {
                found.place.settle(&mut walker);
            }
        }
        if let Some(fault) = &mut self.fault {
            fault.place.settle(&mut walker);
        }
    }

    /// What was found after the first so many, in the order of the body.
    fn in_order(&self, from: usize) -> Vec<u32> {
        let start = |at: u32| match self.pending.get(from + at as usize) {
            Some(found) => found.start,
            None => 0,
        };
        sorted(self.pending.len().saturating_sub(from), &|a, b| start(a).cmp(&start(b)))
    }

    /// The fault at hand as an error; its place is found by `walker`, unless it is a path already.
    pub(crate) fn take_fault(&mut self, walker: &mut Walker<'_>) -> DecodeError {
        let mut error =
            DecodeError { path: String::new(), expected: "a readable value", found: Kind::Absent.name(), offset: 0 };
        let mut place = Place::Entry(0);
        if let Some(fault) = self.fault.take() {
            place = fault.place;
            (error.expected, error.found, error.offset) = (fault.expected, fault.found, fault.offset as usize);
        }
        place.settle(walker);
        if let Place::Path(path) = place {
            error.path = path;
        }
        error
    }

    /// Everything found, when the decoding is over.
    pub(crate) fn findings(&mut self, tape: &Tape<'_>) -> Findings {
        let [deviations, invalid_records, unknown, raw_unions] = self.counts.map(|count| count as usize);
        let counts = Counts { deviations, invalid_records, unknown, raw_unions };
        let mut findings = Findings { counts, ..Findings::default() };
        if !self.splices.is_empty() {
            findings.form = Some(self.take_form(tape.root(), 0));
        }
        let mut walker = Walker::new(tape);
        for at in self.in_order(0) {
            let Some(Pending { place, note, .. }) = self.pending.get_mut(at as usize) else { continue };
            place.settle(&mut walker);
            let Place::Path(path) = std::mem::replace(place, Place::Entry(0)) else { continue };
            match *note {
                Note::Deviation(kind, expected, found) => {
                    findings.deviations.push(Deviation { path, kind, expected, found });
                }
                Note::Unknown => findings.unknown.push(path),
                Note::RawUnion { .. } => findings.raw_unions.push(path),
                Note::Invalid(..) => findings.invalid.push(path),
            }
        }
        findings
    }
}

impl Place {
    /// Turns it into a path, if it is none yet.
    #[inline(never)]
    fn settle(&mut self, walker: &mut Walker<'_>) {
        let path = match *self {
            Self::Entry(at) => walker.path(at),
            Self::Member(at, name) => {
                let mut path = walker.path(at);
                push_name(&mut path, name);
                path
            }
            Self::Path(_) => return,
        };
        *self = Self::Path(path);
    }
}

impl Mark {
    pub(crate) fn tally(self) -> Tally {
        self.tally
    }
}

impl Tally {
    /// What was added since an earlier tally.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            explained: self.explained.saturating_sub(earlier.explained),
            against: self.against.saturating_sub(earlier.against),
            unread: self.unread.saturating_sub(earlier.unread),
            nulls: self.nulls.saturating_sub(earlier.nulls),
        }
    }

    pub(crate) fn score(self) -> i64 {
        // Beyond any count of members.
        let unread = if self.unread > 0 { 1 << 40 } else { 0 };
        let nulls = if self.nulls > 0 { 1 << 41 } else { 0 };
        i64::from(self.explained) - i64::from(self.against) - unread - nulls
    }
}
