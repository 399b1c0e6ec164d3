//! Facts over the whole graph: what must be boxed, who uses a type, what tells union branches apart,
//! where records and pages are, how operations are called. Adds nothing to the document and changes nothing in the IR.

mod call;
mod cycles;
mod kinds;
mod overlap;
mod pages;
mod tags;
mod usage;

pub use call::{Asynchronous, Authentication, Call, Case, FieldSelection, HeaderUse, Proof, Retry, Success};
pub use kinds::{Kinds, kinds};
pub use pages::PageUse;
pub use tags::Tagging;
pub use usage::{Home, Mention};

use std::collections::{BTreeMap, BTreeSet};

use crate::base::diagnostic::Diagnostics;
use crate::ir::{Api, Scalar, TypeId, TypeMap};
use crate::settings::{NumberType, Settings};

/// What `analyze` found.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Per type: reached from a request.
    pub in_requests: TypeMap<bool>,
    /// Per type: reached from a response.
    pub in_responses: TypeMap<bool>,
    /// Fields (type, index) that would make their model infinitely large by value.
    pub boxed: BTreeSet<(TypeId, usize)>,
    /// Fields that hold the records of an answer.
    pub records: BTreeSet<(TypeId, usize)>,
    /// Per union: for each branch the constant property and its values.
    pub tags: BTreeMap<TypeId, Vec<Tagging>>,
    /// Models that are one page of records: the generic page they share and the record type.
    pub pages: BTreeMap<TypeId, PageUse>,
    /// The generic pages, each by its first model.
    pub page_models: Vec<TypeId>,
    /// Per type: the first tag that uses it, and whether another does too.
    pub home: TypeMap<Home>,
    /// Per type: the places that use it, for its documentation.
    pub mentions: TypeMap<Vec<Mention>>,
    /// Whether there are exact numbers: the settings ask for them, or one place has no other type.
    pub exact: bool,
    /// Per operation: how it is called and what it gives.
    pub calls: Vec<Call>,
}

/// Looks at a whole API, and notes branches that nothing tells apart (`N0313`) and headers of two types (`N0349`).
pub fn analyze(api: &Api, settings: &Settings, diagnostics: &mut Diagnostics) -> Facts {
    let mut facts = facts(api, settings);
    facts.exact = settings.numbers.read == NumberType::Exact || api.has_scalar(Scalar::Number);
    facts.calls = call::calls(api, settings, &facts);
    call::note_headers(&facts.calls, diagnostics);
    overlap::note(api, &facts, diagnostics);
    facts
}

/// The facts of the types alone.
pub(crate) fn facts(api: &Api, settings: &Settings) -> Facts {
    let n = api.types.len();
    let mut facts =
        Facts { home: TypeMap::filled(n, Home::Nowhere), mentions: TypeMap::filled(n, Vec::new()), ..Facts::default() };
    usage::usage(api, &mut facts);
    cycles::boxes(api, &mut facts);
    pages::roots(api, settings, &mut facts);
    tags::tags(api, &mut facts);
    usage::mentions(api, &mut facts);
    facts
}
