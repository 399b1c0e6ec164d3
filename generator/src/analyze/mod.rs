//! Facts over the whole graph: what must be boxed, who uses a type, what tells union branches apart,
//! where records and pages are. Adds nothing to the document and changes nothing in the IR.

mod overlap;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::diagnostic::Diagnostics;
use crate::ir::{Api, Content, JsonKind, Operation, Type, TypeId, TypeKind, TypeMap, Use};

/// How list answers are wrapped, by member names; from the settings.
#[derive(Debug, Clone, Default)]
pub struct PageShape {
    /// The member with the records.
    pub items: String,
    /// The member with the next page's address.
    pub next: String,
}

/// The constant property of a union's branch, and the values it has there.
pub type Tagging = Option<(String, Vec<String>)>;

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
    /// Per type: whether values of it can be told equal by `Eq` (no floats, no JSON values inside).
    pub mentions: TypeMap<Vec<Mention>>,
}

/// A model that is one page.
#[derive(Debug, Clone)]
pub struct PageUse {
    /// Index in [`Facts::page_models`].
    pub page: usize,
    /// Index of the field with the records.
    pub items: usize,
    /// What a record is.
    pub item: Type,
}

/// Where a type is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// By no operation.
    Nowhere,
    /// By operations of one tag, and by nothing that is always there.
    Tag(usize),
    /// By several tags, or by a type of no operation.
    Shared,
}

/// A place that uses a type, for its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// The body of an operation's request.
    Request(usize),
    /// The body of an operation's success.
    Response(usize),
    /// A field of a model.
    Field(TypeId, usize),
    /// A branch of a union.
    Branch(TypeId),
}

/// Looks at a whole API, and notes (`N0313`) branches that nothing tells apart.
pub fn analyze(api: &Api, page: Option<&PageShape>, diagnostics: &mut Diagnostics) -> Facts {
    let facts = facts(api, page);
    overlap::note(api, &facts, diagnostics);
    facts
}

/// The facts alone.
pub(crate) fn facts(api: &Api, page: Option<&PageShape>) -> Facts {
    let n = api.types.len();
    let mut facts =
        Facts { home: TypeMap::filled(n, Home::Nowhere), mentions: TypeMap::filled(n, Vec::new()), ..Facts::default() };
    usage(api, &mut facts);
    boxes(api, &mut facts);
    roots(api, page, &mut facts);
    tags(api, &mut facts);
    mentions(api, &mut facts);
    facts
}

fn usage(api: &Api, facts: &mut Facts) {
    for o in &api.operations {
        let reached = api.reached(o.request_types().into_iter().chain(o.response_types()));
        for (home, _) in facts.home.values_mut().zip(&reached).filter(|(_, r)| **r) {
            *home = match *home {
                Home::Nowhere => Home::Tag(o.tag),
                Home::Tag(t) if t == o.tag => Home::Tag(t),
                _ => Home::Shared,
            };
        }
    }
    // What no operation reaches is always compiled, and with it whatever it is made of.
    let nowhere = |(id, home): (TypeId, &Home)| (*home == Home::Nowhere).then_some(id);
    let unused = api.reached(facts.home.pairs().filter_map(nowhere));
    for (home, _) in facts.home.values_mut().zip(&unused).filter(|(home, unused)| **unused && **home != Home::Nowhere) {
        *home = Home::Shared;
    }
    facts.in_requests = api.reached(api.operations.iter().flat_map(Operation::request_types));
    facts.in_responses = api.reached(api.operations.iter().flat_map(Operation::response_types));
}

/// Models hold models by value; a cycle of such edges must be boxed. Union branches are boxed anyway, lists and
/// maps hold their elements elsewhere.
fn boxes(api: &Api, facts: &mut Facts) {
    let edges = |id: TypeId| -> Vec<(usize, TypeId)> {
        match api.get(id).map(|d| &d.kind) {
            Some(TypeKind::Model(m)) => m
                .fields
                .iter()
                .enumerate()
                .filter_map(|(i, f)| {
                    let to = f.of.ty.named()?;
                    matches!(api.get(to)?.kind, TypeKind::Model(_)).then_some((i, to))
                })
                .collect(),
            _ => Vec::new(),
        }
    };
    let component = crate::base::graph::strong_components(api.types.len(), &|i| {
        edges(TypeId(i as u32)).into_iter().map(|(_, t)| t.index()).collect()
    });
    for i in 0..api.types.len() {
        let id = TypeId(i as u32);
        for (field, to) in edges(id) {
            let same = component.get(i) == component.get(to.index());
            if to == id || same {
                facts.boxed.insert((id, field));
            }
        }
    }
}

/// Models that are the body of a success: their lists of models are records, and some are pages.
fn roots(api: &Api, page: Option<&PageShape>, facts: &mut Facts) {
    let mut roots: BTreeSet<TypeId> = BTreeSet::new();
    for o in &api.operations {
        for r in o.responses.iter().filter(|r| Operation::is_success(&r.status)) {
            if let Some((_, Content::Json(Use { ty: Type::Named(id), .. }))) = &r.content {
                roots.insert(*id);
            }
        }
    }
    for &id in &roots {
        let Some(TypeKind::Model(model)) = api.get(id).map(|d| &d.kind) else { continue };
        for (i, f) in model.fields.iter().enumerate() {
            if let Type::List(of) = &f.of.ty
                && let Type::Named(item) = of.ty
                && !matches!(api.get(item).map(|d| &d.kind), Some(TypeKind::Enum(_)) | None)
            {
                facts.records.insert((id, i));
            }
        }
        // A request model must stay what its caller builds: plain lists.
        if facts.in_requests.has(id) {
            facts.records.retain(|(t, _)| *t != id);
        }
    }
    let Some(shape) = page else { return };
    for &id in &roots {
        let Some(TypeKind::Model(model)) = api.get(id).map(|d| &d.kind) else { continue };
        let Some(items) = model.fields.iter().position(|f| f.wire == shape.items) else { continue };
        let Some(Type::List(of)) = model.fields.get(items).map(|f| f.of.ty.clone()) else { continue };
        if !model.fields.iter().any(|f| f.wire == shape.next)
            || model.additional.is_some()
            || !facts.records.contains(&(id, items))
        {
            continue;
        }
        let alike = |other: TypeId| -> bool {
            let Some(TypeKind::Model(first)) = api.get(other).map(|d| &d.kind) else { return false };
            first.fields.len() == model.fields.len()
                && first.fields.iter().zip(&model.fields).all(|(a, b)| {
                    a.wire == b.wire
                        && a.required == b.required
                        && a.of.nullable == b.of.nullable
                        && (a.wire == shape.items || a.of.ty == b.of.ty)
                })
        };
        let page = match facts.page_models.iter().position(|m| alike(*m)) {
            Some(i) => i,
            None => {
                facts.page_models.push(id);
                facts.page_models.len() - 1
            }
        };
        facts.pages.insert(id, PageUse { page, items, item: of.ty });
    }
}

/// A property that is constant in every branch of a union tells the branches apart, declared or not.
fn tags(api: &Api, facts: &mut Facts) {
    for (id, def) in api.defs() {
        let TypeKind::Union(union) = &def.kind else { continue };
        if union.discriminator.is_some() {
            facts.tags.insert(id, union.branches.iter().map(|b| b.tag.clone()).collect());
            continue;
        }
        let constants: Vec<Vec<(String, Vec<String>)>> = union.branches.iter().map(|b| constants(api, &b.ty)).collect();
        let Some((first, rest)) = constants.split_first() else { continue };
        for (property, values) in first {
            let mut all = vec![values.clone()];
            for other in rest {
                match other.iter().find(|(p, _)| p == property) {
                    Some((_, v)) => all.push(v.clone()),
                    None => break,
                }
            }
            let disjoint = all.len() == constants.len() && {
                let mut seen = BTreeSet::new();
                all.iter().flatten().all(|v| seen.insert(v.clone()))
            };
            if disjoint {
                let found = all.into_iter().map(|v| Some((property.clone(), v))).collect();
                facts.tags.insert(id, found);
                break;
            }
        }
    }
}

/// The text members of a model that have a list of values.
fn constants(api: &Api, ty: &Type) -> Vec<(String, Vec<String>)> {
    let Some(TypeKind::Model(model)) = ty.named().and_then(|id| api.get(id)).map(|d| &d.kind) else {
        return Vec::new();
    };
    model
        .fields
        .iter()
        .filter_map(|f| match api.get(f.of.ty.named()?)?.kind {
            TypeKind::Enum(ref e) if !e.numeric && e.values.len() <= 8 => {
                Some((f.wire.clone(), e.values.iter().map(|v| v.wire.clone()).collect()))
            }
            _ => None,
        })
        .collect()
}

fn mentions(api: &Api, facts: &mut Facts) {
    let mut add = |ty: &Type, mention: Mention| {
        ty.each_named(&mut |id| {
            if let Some(list) = facts.mentions.of_mut(id)
                && !list.contains(&mention)
                && list.len() < 64
            {
                list.push(mention.clone());
            }
        });
    };
    for (i, o) in api.operations.iter().enumerate() {
        if let Some(of) = o.body.as_ref().and_then(|b| b.content.of()) {
            add(&of.ty, Mention::Request(i));
        }
        for r in o.responses.iter().filter(|r| Operation::is_success(&r.status)) {
            if let Some(of) = r.content.as_ref().and_then(|(_, c)| c.of()) {
                add(&of.ty, Mention::Response(i));
            }
        }
    }
    for (id, def) in api.defs() {
        match &def.kind {
            TypeKind::Model(m) => {
                for (k, f) in m.fields.iter().enumerate() {
                    add(&f.of.ty, Mention::Field(id, k));
                }
            }
            TypeKind::Union(u) => u.branches.iter().for_each(|b| add(&b.ty, Mention::Branch(id))),
            TypeKind::Enum(_) => {}
        }
    }
}

/// Which JSON kinds a type can be, for choosing among union branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// An object.
    pub object: bool,
    /// An array.
    pub array: bool,
    /// A string.
    pub string: bool,
    /// A number.
    pub number: bool,
    /// `true` or `false`.
    pub boolean: bool,
}

/// The JSON kinds of a type.
pub fn kinds(api: &Api, ty: &Type) -> Kinds {
    api.alternatives(ty).into_iter().fold(Kinds::default(), |k, ty| {
        let o = kinds_of(api, ty);
        Kinds {
            object: k.object | o.object,
            array: k.array | o.array,
            string: k.string | o.string,
            number: k.number | o.number,
            boolean: k.boolean | o.boolean,
        }
    })
}

/// The JSON kinds of a type that is no union.
fn kinds_of(api: &Api, ty: &Type) -> Kinds {
    let all = Kinds { object: true, array: true, string: true, number: true, boolean: true };
    match ty {
        Type::List(_) => Kinds { array: true, ..Kinds::default() },
        Type::Map(_) => Kinds { object: true, ..Kinds::default() },
        Type::Any => all,
        Type::Scalar(s) => match s.json_kind() {
            JsonKind::Bool => Kinds { boolean: true, ..Kinds::default() },
            JsonKind::Number => Kinds { number: true, ..Kinds::default() },
            JsonKind::String => Kinds { string: true, ..Kinds::default() },
        },
        Type::Named(id) => match api.get(*id).map(|d| &d.kind) {
            Some(TypeKind::Model(_)) => Kinds { object: true, ..Kinds::default() },
            Some(TypeKind::Enum(e)) if e.numeric => Kinds { number: true, ..Kinds::default() },
            Some(TypeKind::Enum(_)) => Kinds { string: true, ..Kinds::default() },
            Some(TypeKind::Union(_)) | None => all,
        },
    }
}
