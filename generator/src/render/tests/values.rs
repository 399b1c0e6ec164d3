//! Example values: one JSON value of a type, as the document shows it where it does, else made of the type's parts.

use serde_json::{Map, Value, json};

use crate::ir::{Docs, Field, Scalar, Tuple, Type, TypeId, TypeKind, Union, Use};
use crate::render::Input;

/// A value larger than this many is composed no further than it must be.
const LARGEST: usize = 4000;

/// One larger than this is not composed: types that demand each other many times at many levels have values without end.
const TOO_LARGE: usize = 8 * LARGEST;

/// How deep types may lie in each other.
const DEEPEST: usize = 24;

/// Which of the document's examples a value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Examples {
    /// All, though they contradict the type: what may come.
    All,
    /// Those that are of the type, and defaults: what a server accepts that checks requests.
    Valid,
}

/// How much of a value is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every member.
    Full,
    /// What is required.
    Required,
    /// What is required, null wherever it may be, and nothing in lists.
    Least,
}

/// Composes a value of a type.
pub(super) struct Composer<'a> {
    input: Input<'a>,
    examples: Examples,
    extent: Extent,
    /// Whether it is for a response: other members than in requests.
    response: bool,
    above: Vec<TypeId>,
    /// How many values there are already.
    count: usize,
}

impl<'a> Composer<'a> {
    pub(super) fn new(input: Input<'a>, examples: Examples, extent: Extent, response: bool) -> Self {
        Self { input, examples, extent, response, above: Vec::new(), count: 0 }
    }

    /// A value of the type, where `docs` are those of its place. `None` when the type contains itself without a way out, or far
    /// too much.
    pub(super) fn value(&mut self, ty: &Type, docs: &Docs) -> Option<Value> {
        self.value_like(ty, self.shown(docs))
    }

    /// What the document shows.
    fn shown<'d>(&self, docs: &'d Docs) -> Option<&'d Value> {
        let default = docs.default.as_ref().filter(|_| self.examples == Examples::Valid);
        docs.example.as_ref().or(default)
    }

    fn value_like(&mut self, ty: &Type, shown: Option<&Value>) -> Option<Value> {
        self.count += 1;
        if let Some(shown) = shown.filter(|v| self.takes(ty, v)) {
            return Some(shown.clone());
        }
        Some(match ty {
            Type::Any => json!("any"),
            Type::Scalar(s) => scalar(*s),
            Type::List(_) if self.extent == Extent::Least => json!([]),
            // A list may be empty, so a cycle ends here.
            Type::List(of) => {
                let first = shown.and_then(Value::as_array).and_then(|list| list.first());
                Value::Array(self.value_like(&of.ty, first).into_iter().collect())
            }
            Type::Tuple(of) => {
                let there = if self.extent == Extent::Full { of.places.len() } else { of.least };
                let places = of.places.iter().take(there).map(|of| self.value_like(&of.ty, None));
                Value::Array(places.collect::<Option<_>>()?)
            }
            Type::Map(of) if self.extent == Extent::Full => {
                let inner = self.value_like(&of.ty, None);
                Value::Object(inner.map(|v| ("key".to_owned(), v)).into_iter().collect())
            }
            Type::Map(_) => json!({}),
            Type::Named(id) => {
                if self.above.contains(id) || self.above.len() > DEEPEST || self.count > TOO_LARGE {
                    return None;
                }
                self.above.push(*id);
                let value = self.named(*id);
                self.above.pop();
                value?
            }
        })
    }

    /// Whether a value that the document shows of a type is taken as it is. Objects are made member by member: examples of whole
    /// objects are often older than their schema.
    fn takes(&self, ty: &Type, shown: &Value) -> bool {
        match (self.examples, ty) {
            (Examples::Valid, _) => fits(self.input, ty, shown),
            (Examples::All, Type::Any | Type::Scalar(_)) => true,
            (Examples::All, Type::List(of)) => shown.is_array() && matches!(of.ty, Type::Scalar(_) | Type::Any),
            (Examples::All, Type::Tuple(of)) => {
                shown.as_array().is_some_and(|list| list.len() >= of.least)
                    && of.uses().all(|of| matches!(of.ty, Type::Scalar(_) | Type::Any))
            }
            (Examples::All, Type::Map(_)) => shown.is_object(),
            (Examples::All, Type::Named(id)) => self.input.api.is_enum(*id),
        }
    }

    fn named(&mut self, id: TypeId) -> Option<Value> {
        let def = self.input.api.get(id)?;
        if let Some(shown) = self.shown(&def.docs).filter(|v| self.takes(&Type::Named(id), v)) {
            return Some(shown.clone());
        }
        match &def.kind {
            TypeKind::Enum(e) => Some(match e.values.first() {
                Some(v) if e.numeric => serde_json::from_str(&v.wire).unwrap_or_else(|_| json!(v.wire)),
                Some(v) => json!(v.wire),
                None => json!("text"),
            }),
            TypeKind::Union(u) => self.union(id, u),
            TypeKind::Model(m) => {
                let mut map = Map::new();
                for f in &m.fields {
                    if let Some(value) = self.member(f)? {
                        map.insert(f.wire.clone(), value);
                    }
                }
                Some(Value::Object(map))
            }
        }
    }

    /// A member's value, if it is to be there; `None` when it must be and cannot.
    fn member(&mut self, f: &Field) -> Option<Option<Value>> {
        let other_way = if self.response { f.write_only } else { f.read_only };
        let wanted = f.required || self.extent == Extent::Full && self.count < LARGEST;
        if other_way || !wanted {
            return Some(None);
        }
        let Use { ty, nullable } = &f.of;
        // What a discriminator says of the model: a text, or a number where the member has those.
        if let Some(text) = &f.constant {
            let value = serde_json::from_str(text).ok().filter(|value| accepts(self.input, ty, value));
            return Some(Some(value.unwrap_or_else(|| json!(text))));
        }
        if self.extent == Extent::Least && *nullable {
            return Some(Some(Value::Null));
        }
        match self.value(ty, &f.docs) {
            Some(value) => Some(Some(value)),
            None if !f.required => Some(None),
            None if *nullable => Some(Some(Value::Null)),
            None => None,
        }
    }

    /// A value of the first branch that has one; of the first that alone accepts it where it is to be valid: a server that checks
    /// `oneOf` refuses what fits two.
    fn union(&mut self, id: TypeId, u: &Union) -> Option<Value> {
        let mut first = None;
        for index in 0..u.branches.len() {
            let Some(mut value) = self.branch(id, index) else { continue };
            if self.examples == Examples::All || is_only(self.input, u, index, &mut value) {
                return Some(value);
            }
            first.get_or_insert(value);
        }
        first
    }

    /// A value of one branch of a union, for itself.
    pub(super) fn branch_of(&mut self, id: TypeId, index: usize) -> Option<Value> {
        self.above.push(id);
        let value = self.branch(id, index);
        self.above.pop();
        value
    }

    /// A value of one branch of a union, marked as such where there is a mark.
    fn branch(&mut self, id: TypeId, index: usize) -> Option<Value> {
        let TypeKind::Union(union) = &self.input.api.get(id)?.kind else { return None };
        let branch = union.branches.get(index)?;
        let found = self.input.facts.tags.get(&id).and_then(|tags| tags.get(index)).and_then(Option::as_ref);
        let mut value = self.value(&branch.ty, &branch.docs)?;
        if let (Value::Object(map), Some((property, values))) = (&mut value, found.or(branch.tag.as_ref())) {
            let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            let valid = map.get(property).is_some_and(|v| values.contains(&text(v)));
            if let (false, Some(first)) = (valid, values.first()) {
                map.insert(property.clone(), json!(first));
            }
        }
        Some(value)
    }
}

/// Whether no other branch accepts the value. Where one demands what this one only allows, leaving that out tells them apart.
fn is_only(input: Input<'_>, u: &Union, index: usize, value: &mut Value) -> bool {
    let Some(own) = u.branches.get(index) else { return false };
    let others = || u.branches.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, other)| &other.ty);
    for other in others() {
        if accepts(input, other, value) {
            let (demanded, spared) = (demands(input, other), demands(input, &own.ty));
            if let (Value::Object(map), Some(key)) = (&mut *value, demanded.iter().find(|key| !spared.contains(key))) {
                map.remove(*key);
            }
        }
    }
    !others().any(|other| accepts(input, other, value))
}

/// The members a model must have.
fn demands<'a>(input: Input<'a>, ty: &Type) -> Vec<&'a str> {
    let model = ty.named().and_then(|id| input.api.model(id));
    model.into_iter().flat_map(|m| &m.fields).filter(|f| f.required).map(|f| f.wire.as_str()).collect()
}

/// Whether a value is one of the type by its kinds, keys and enumerated values; members beyond the declared ones are no
/// matter, as in JSON Schema.
fn accepts(input: Input<'_>, ty: &Type, v: &Value) -> bool {
    match ty {
        Type::Any => true,
        Type::List(of) => v.as_array().is_some_and(|a| a.iter().all(|x| accepts_use(input, of, x))),
        Type::Tuple(of) => {
            v.as_array().is_some_and(|a| a.len() >= of.least && places(of, a).all(|(of, x)| accepts_use(input, of, x)))
        }
        Type::Map(of) => v.as_object().is_some_and(|o| o.values().all(|x| accepts_use(input, of, x))),
        Type::Scalar(_) => fits(input, ty, v),
        Type::Named(id) => match input.api.get(*id).map(|def| &def.kind) {
            Some(TypeKind::Enum(_)) => fits(input, ty, v),
            Some(TypeKind::Union(_)) => input.api.alternatives(ty).into_iter().any(|one| accepts(input, one, v)),
            Some(TypeKind::Model(m)) => v.as_object().is_some_and(|o| {
                m.fields.iter().all(|f| match o.get(&f.wire) {
                    Some(x) => accepts_use(input, &f.of, x),
                    None => !f.required,
                })
            }),
            None => true,
        },
    }
}

/// The elements of an array, each with what the tuple says of its place.
fn places<'t>(of: &'t Tuple, list: &'t [Value]) -> impl Iterator<Item = (&'t Use, &'t Value)> {
    of.places.iter().chain(of.rest.iter().cycle()).zip(list)
}

fn accepts_use(input: Input<'_>, of: &Use, v: &Value) -> bool {
    if v.is_null() { of.nullable || of.ty == Type::Any } else { accepts(input, &of.ty, v) }
}

/// Whether an example is of the type's own JSON kind; documents show numbers for texts and worse. Of objects none is.
fn fits(input: Input<'_>, ty: &Type, shown: &Value) -> bool {
    match ty {
        Type::Any => !shown.is_null(),
        Type::List(of) => shown.as_array().is_some_and(|a| !a.is_empty() && a.iter().all(|x| fits(input, &of.ty, x))),
        Type::Tuple(of) => {
            shown.as_array().is_some_and(|a| a.len() >= of.least && places(of, a).all(|(of, x)| fits(input, &of.ty, x)))
        }
        Type::Map(_) => shown.is_object(),
        Type::Scalar(s) => s.fits(shown),
        Type::Named(id) => match input.api.get(*id).map(|d| &d.kind) {
            Some(TypeKind::Enum(e)) => {
                let text = shown.as_str().map_or_else(|| shown.to_string(), str::to_owned);
                shown.is_string() != e.numeric && e.values.iter().any(|v| v.wire == text)
            }
            Some(TypeKind::Model(_) | TypeKind::Union(_)) | None => false,
        },
    }
}

/// Some value of a scalar.
fn scalar(s: Scalar) -> Value {
    match s {
        Scalar::String => json!("text"),
        Scalar::Secret => json!("secret"),
        Scalar::Uuid => json!("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"),
        Scalar::Date => json!("2026-01-31"),
        Scalar::DateTime => json!("2026-01-31T12:00:00Z"),
        Scalar::Base64 | Scalar::Binary => json!("Ynl0ZXM="),
        Scalar::Bool => json!(true),
        Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => json!(1),
        Scalar::F64 | Scalar::Number => json!(1.5),
    }
}
