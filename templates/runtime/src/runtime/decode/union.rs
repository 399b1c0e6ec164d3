//! Unions: which branch a value is. Strict facts come first (the kind of JSON value, a discriminator, constant
//! properties, member names); where several branches are left they are tried, and the one that explains most wins.

use std::any::TypeId;
use std::borrow::Cow;

use crate::runtime::decode::context::{Context, Fault, Mark, Note, Tally};
use crate::runtime::decode::model::Shape;
use crate::runtime::decode::value::Raw;
use crate::runtime::decode::{Decode, DeviationKind};
use crate::runtime::encode::order::sorted;
use crate::runtime::json::tape::{Kind, Node};

/// The branch reads `null`.
pub const NULL: u8 = 1;
/// The branch reads booleans.
pub const BOOL: u8 = 2;
/// The branch reads numbers without fraction.
pub const INTEGER: u8 = 4;
/// The branch reads all numbers.
pub const NUMBER: u8 = INTEGER | FRACTION;
/// The branch reads strings.
pub const STRING: u8 = 16;
/// The branch reads arrays.
pub const ARRAY: u8 = 32;
/// The branch reads objects.
pub const OBJECT: u8 = 64;
/// The branch reads everything.
pub const ANY: u8 = 127;

const FRACTION: u8 = 8;
const SCALAR: u8 = BOOL | NUMBER | STRING;

const fn bit(kind: Kind) -> u8 {
    match kind {
        Kind::Absent | Kind::Null => NULL,
        Kind::False | Kind::True => BOOL,
        Kind::Integer => INTEGER,
        Kind::Fraction => FRACTION,
        Kind::String => STRING,
        Kind::Array => ARRAY,
        Kind::Object => OBJECT,
    }
}

/// What the document says about one branch of a union.
#[derive(Debug, Clone, Copy)]
pub struct Branch {
    kinds: u8,
    shape: Option<&'static Shape>,
    tag: Option<(&'static str, &'static [&'static str])>,
}

impl Branch {
    /// A branch that is a model.
    #[must_use]
    pub const fn object(shape: &'static Shape) -> Self {
        Self { kinds: OBJECT, shape: Some(shape), tag: None }
    }

    /// A branch that is not a model, by the kinds of JSON value it reads: `STRING`, `ARRAY | NULL`.
    #[must_use]
    pub const fn kinds(kinds: u8) -> Self {
        Self { kinds, shape: None, tag: None }
    }

    /// The values of the discriminator, or of a constant property, that mean this branch.
    #[must_use]
    pub const fn tag(mut self, property: &'static str, values: &'static [&'static str]) -> Self {
        self.tag = Some((property, values));
        self
    }
}

/// What the document says about a union.
#[derive(Debug)]
pub struct Choices {
    name: &'static str,
    branches: &'static [Branch],
    discriminator: Option<&'static str>,
}

impl Choices {
    /// A union by its name and its branches.
    #[must_use]
    pub const fn new(name: &'static str, branches: &'static [Branch]) -> Self {
        Self { name, branches, discriminator: None }
    }

    /// The property whose value names the branch; the branches say by [`Branch::tag`] which values are theirs.
    #[must_use]
    pub const fn discriminator(mut self, property: &'static str) -> Self {
        self.discriminator = Some(property);
        self
    }
}

/// A union: what the generator writes for every `oneOf` and `anyOf` of the document.
pub trait Union: Sized + 'static {
    /// What the document says about it.
    const CHOICES: &'static Choices;

    /// Reads the branch that the trial is at.
    fn read(t: &mut Trial<'_, '_>) -> Option<Self>;

    /// Keeps a value that is none of the branches.
    fn raw(raw: Raw) -> Self;
}

/// One branch of a union being tried.
#[derive(Debug)]
pub struct Trial<'c, 't> {
    cx: &'c mut Context,
    node: Node<'t>,
    branch: usize,
}

impl Trial<'_, '_> {
    /// Reads the branch with this index into `best`, if it is the one to be tried.
    #[inline]
    pub fn branch<T: Decode, U>(&mut self, index: usize, best: &mut Option<U>, make: fn(T) -> U) {
        if self.branch == index {
            *best = T::decode(self.node, self.cx).map(make);
        }
    }
}

/// Reads a union; what `union!` calls.
pub fn decode_union<U: Union>(node: Node<'_>, cx: &mut Context) -> Option<U> {
    let mut search = Search::begin(node, cx, U::CHOICES, TypeId::of::<U>());
    let mut best = None;
    while let Some(branch) = search.next(cx) {
        let value = U::read(&mut Trial { cx, node: search.node, branch });
        if search.judge(cx, value.is_some()) {
            best = value;
        }
    }
    match search.end(cx) {
        Outcome::Found => best,
        Outcome::Raw => Some(U::raw(Raw::of(node))),
        Outcome::Fault => None,
    }
}

enum Outcome {
    Found,
    Raw,
    Fault,
}

/// The search for the branch of one value.
struct Search<'t> {
    node: Node<'t>,
    /// The value whose members are looked at: the node, or the only element of it.
    object: Node<'t>,
    choices: &'static Choices,
    /// Under what the decision is remembered while other unions around are being tried.
    key: (u32, TypeId),
    mark: Mark,
    /// Where the trial at hand began: after all that the best branch has found.
    trial: Mark,
    /// The branches still possible, the most likely first.
    candidates: Vec<u32>,
    tried: usize,
    /// Whether there is more than one, so that they must be weighed.
    weighing: bool,
    /// Whether the mode is strict. The trials are not: the branch must be the same in both modes, or a strict reading would
    /// rather take a branch that says nothing about most members than one that a single number in quotes speaks against.
    strict: bool,
    best: Option<(i64, u32)>,
    /// Where the lists of findings began before the trials.
    listed_from: [u32; 4],
    /// For and against the best, with all that was before.
    tally: Tally,
    /// Why the first branch failed that did.
    fault: Option<Fault>,
    /// The value names a branch that the document does not know, which is no fault of anyone.
    foreign: bool,
    /// How many members there are in the value, at any depth, once that was worth counting.
    members: u32,
}

impl<'t> Search<'t> {
    fn begin(node: Node<'t>, cx: &mut Context, choices: &'static Choices, union: TypeId) -> Self {
        let mut search = Self {
            node,
            object: node,
            choices,
            key: (node.entry().end, union),
            mark: cx.mark(),
            trial: cx.mark(),
            candidates: Vec::new(),
            tried: 0,
            weighing: false,
            strict: cx.mode.strict,
            best: None,
            listed_from: [0; 4],
            tally: cx.tally,
            fault: None,
            foreign: false,
            members: 0,
        };
        if cx.trials > 0
            && let Some(decided) = cx.decided.find(search.key)
        {
            if let Some(branch) = decided {
                search.candidates.push(*branch);
            }
            return search;
        }
        search.by_kind(cx);
        search.trial = search.mark;
        if search.object.kind() == Kind::Object {
            search.by_tag();
            search.by_members(cx);
        }
        if search.candidates.len() > 1 {
            search.weighing = true;
            search.members = members_within(search.object);
            cx.trials += 1;
            cx.mode.strict = false;
            search.listed_from = cx.list_anew();
        }
        search
    }

    #[inline(never)]
    fn branches_of(&self, kinds: u8) -> Vec<u32> {
        let mut found = Vec::new();
        let mut index = 0;
        while let Some(branch) = self.choices.branches.get(index as usize) {
            if branch.kinds & kinds != 0 {
                found.push(index);
            }
            index += 1;
        }
        found
    }

    /// Keeps the branches of the value's kind. Only if there is none, those that tolerance could read it as.
    #[inline(never)]
    fn by_kind(&mut self, cx: &mut Context) {
        let kind = bit(self.node.kind());
        self.candidates = self.branches_of(kind);
        if !self.candidates.is_empty() {
            return;
        }
        if kind == NULL {
            // In strict mode this is a fault, and there is no candidate, so the search ends with it.
            if cx.deviate(self.node, DeviationKind::Null, self.choices.name).is_some() {
                cx.count_null(0);
                self.mark = cx.mark();
            }
        } else if kind & SCALAR != 0 {
            self.candidates = self.branches_of(SCALAR);
        } else if let Some(only) = self.node.only()
            && only.kind() == Kind::Object
            && !self.branches_of(OBJECT).is_empty()
        {
            self.object = only;
            self.candidates = self.branches_of(OBJECT);
        }
        if self.candidates.is_empty() && kind & (SCALAR | OBJECT) != 0 {
            self.candidates = self.branches_of(ARRAY);
        }
    }

    /// Keeps the branches that the discriminator or their constant property allows.
    #[inline(never)]
    fn by_tag(&mut self) {
        let node = self.object;
        let choices = self.choices;
        let before = self.candidates.len();
        let named = match choices.discriminator {
            Some(property) => scalar_member(node, property),
            None => None,
        };
        let mut kept = Vec::new();
        for index in &self.candidates {
            let tag = choices.branches.get(*index as usize).and_then(|branch| branch.tag);
            let fits = match (tag, &named) {
                (Some((_, values)), Some(value)) => is_among(value, values),
                (None, Some(_)) => false,
                (Some((property, values)), None) => match scalar_member(node, property) {
                    Some(value) => is_among(&value, values),
                    None => true,
                },
                (None, None) => true,
            };
            if fits {
                kept.push(*index);
            }
        }
        self.candidates = kept;
        self.foreign = before > 0 && self.candidates.is_empty();
    }

    /// Orders the branches by how well their members fit from outside, and drops those that cannot fit.
    #[inline(never)]
    fn by_members(&mut self, cx: &mut Context) {
        let mut fits: Vec<Fit> = Vec::new();
        let empty = self.object.weight() == 1;
        let mut complete = false;
        for index in &self.candidates {
            let Some(branch) = self.choices.branches.get(*index as usize) else { continue };
            let fit = Fit::of(self.object, *index, branch.shape, cx);
            // Without a member in common with a value that has some, a model is only a way to say nothing about it.
            if !fit.closed || empty || fit.known > 0 {
                complete |= fit.lacking == 0;
                fits.push(fit);
            }
        }
        let rank = |at: u32| match fits.get(at as usize) {
            Some(fit) => fit.rank,
            None => 0,
        };
        self.candidates.clear();
        for at in sorted(fits.len(), &|a, b| rank(b).cmp(&rank(a))) {
            match fits.get(at as usize) {
                Some(fit) if fit.lacking == 0 || !complete => self.candidates.push(fit.branch),
                _ => {}
            }
        }
    }

    /// The next branch to try.
    fn next(&mut self, cx: &mut Context) -> Option<usize> {
        let index = *self.candidates.get(self.tried)?;
        if self.tried > 0 {
            let cost = u64::from(self.node.weight());
            if cx.fuel < cost {
                return None;
            }
            cx.fuel -= cost;
            cx.list_anew();
        }
        self.tried += 1;
        cx.contained = 0;
        Some(index as usize)
    }

    /// Weighs the branch just tried; whether it is the best so far.
    fn judge(&mut self, cx: &mut Context, readable: bool) -> bool {
        let Some(&index) = self.candidates.get(self.tried.wrapping_sub(1)) else { return false };
        // A union below that could not read this very value either has read nothing.
        let readable = readable && !cx.is_raw_since(self.trial, self.node);
        if !readable {
            let fault = cx.fault.take();
            if self.fault.is_none() {
                self.fault = fault;
            }
            cx.roll_back(self.trial);
            return false;
        }
        if cx.contained == self.node.entry().end {
            // So has one that could read it only because of nulls that the document does not allow.
            cx.count_null(0);
        }
        let evidence = cx.tally.since(self.mark.tally());
        let score = evidence.score();
        if let Some((most, best)) = self.best
            && (score < most || score == most && index > best)
        {
            cx.roll_back(self.trial);
            return false;
        }
        self.best = Some((score, index));
        self.tally = cx.tally;
        self.trial = cx.supersede(self.mark, self.trial);
        if evidence.against == 0 && evidence.explained >= self.members {
            // A perfect fit: the rest can at most be as good.
            self.candidates.truncate(self.tried);
        }
        true
    }

    fn end(self, cx: &mut Context) -> Outcome {
        cx.mode.strict = self.strict;
        if self.best.is_some() {
            cx.tally = self.tally;
            if self.tally.nulls > self.mark.tally().nulls {
                cx.contain(self.mark, 2, 0);
                cx.contained = self.node.entry().end;
            }
        }
        if self.weighing {
            cx.trials -= 1;
            cx.join_lists(self.mark, self.listed_from);
        }
        if cx.trials == 0 {
            cx.decided.clear();
        } else if !self.candidates.is_empty() {
            // What needed no trial is found out again, with all that belongs to it.
            cx.decided.insert(self.key, self.best.map(|(_, index)| index));
        }
        if self.best.is_some() {
            if self.strict && cx.fail_since(self.mark, self.node) {
                return Outcome::Fault;
            }
            return Outcome::Found;
        }
        if cx.mode.strict && !self.foreign {
            let node = self.node;
            if self.fault.is_some() {
                cx.fault = self.fault;
            } else if cx.fault.is_none() {
                cx.refuse::<()>(node, self.choices.name);
            }
            return Outcome::Fault;
        }
        cx.fault = None;
        cx.roll_back(self.mark);
        cx.note(self.node, Note::RawUnion { union: self.choices.name, foreign: self.foreign });
        cx.doubt();
        Outcome::Raw
    }
}

/// How the members of an object fit the shape of a branch, from outside.
struct Fit {
    branch: u32,
    /// Whether there is a shape with members, so that `known` means something.
    closed: bool,
    known: u32,
    /// Members that must be there with a value, and are not.
    lacking: u32,
    /// The known members without the unknown, and without those that must be there, even if only as `null`, and are not.
    rank: i64,
}

impl Fit {
    #[inline(never)]
    fn of(node: Node<'_>, branch: u32, shape: Option<&'static Shape>, cx: &mut Context) -> Self {
        let mut fit = Self { branch, closed: false, known: 0, lacking: 0, rank: 0 };
        let Some(shape) = shape else { return fit };
        fit.closed = shape.size() > 0;
        let base = cx.slots.len();
        cx.slots.resize(base + shape.size(), 0);
        let mut likely = 0;
        for (name, value) in node.members() {
            let index = shape.index_of(likely, node.tape, name);
            match cx.slots.get_mut(base + index) {
                Some(slot) => {
                    likely = index + 1;
                    if *slot == 0 {
                        fit.known += 1;
                        fit.rank += 1;
                    }
                    *slot = value.at;
                }
                None => fit.rank -= 1,
            }
        }
        let mut index = 0;
        while let (Some(slot), Some(member)) = (cx.slots.get(base + index), shape.member(index)) {
            if *slot == 0 && member.is_required() {
                if member.is_nullable() {
                    fit.rank -= 1;
                } else {
                    fit.lacking += 1;
                }
            }
            index += 1;
        }
        cx.slots.truncate(base);
        fit
    }
}

fn is_among(text: &str, texts: &[&str]) -> bool {
    for known in texts {
        if *known == text {
            return true;
        }
    }
    false
}

/// The text of a scalar member. `null` says as little as absence.
#[inline(never)]
fn scalar_member<'t>(node: Node<'t>, property: &str) -> Option<Cow<'t, str>> {
    let last = node.member(property)?;
    match last.kind() {
        Kind::String => last.text().map(|(text, _)| text),
        Kind::Integer | Kind::Fraction | Kind::True | Kind::False => Some(Cow::Borrowed(last.raw())),
        _ => None,
    }
}

/// How many members there are in a value, at any depth.
fn members_within(node: Node<'_>) -> u32 {
    let mut count = 0;
    // The tape is flat: every object in the value is among its entries, and names are strings.
    for at in node.at..node.entry().next {
        for _ in (Node { tape: node.tape, at }).members() {
            count += 1;
        }
    }
    count
}

/// Gives a union its way out of JSON and back, and serde: the union; its choices by their variants, with what distinguishes them; and, if
/// the document names one, the member that says which it is.
#[macro_export]
#[doc(hidden)]
#[allow(unused_macros)] // Not every SDK has something of every sort.
macro_rules! union {
    ($union:ident, { $($index:literal => $variant:ident = $branch:expr),* $(,)? } $(, $discriminator:literal)?) => {
        impl runtime::__private::Union for $union {
            const CHOICES: &'static runtime::__private::Choices =
                &runtime::__private::Choices::new(stringify!($union), &[$($branch),*]) $(.discriminator($discriminator))?;

            #[inline]
            fn read(t: &mut runtime::__private::Trial<'_, '_>) -> Option<Self> {
                let mut best = None;
                $(t.branch($index, &mut best, Self::$variant);)*
                best
            }

            #[inline]
            fn raw(raw: runtime::Raw) -> Self {
                Self::Raw(raw)
            }
        }

        impl runtime::Decode for $union {
            #[inline]
            fn decode(node: runtime::__private::Node<'_>, cx: &mut runtime::__private::Context) -> Option<Self> {
                runtime::__private::decode_union(node, cx)
            }
        }

        impl runtime::Encode for $union {
            #[inline]
            fn encode(&self, w: &mut runtime::__private::Writer) {
                match self {
                    $(Self::$variant(value) => runtime::Encode::encode(value, w),)*
                    Self::Raw(value) => runtime::Encode::encode(value, w),
                }
            }
        }

        runtime::serde_by_json!($union);
    };
}
#[allow(unused_imports)]
pub(crate) use union;
