//! A schema that requests and responses share, and that has `readOnly` or `writeOnly` members, is two types: the one that
//! responses have keeps its name, the one that requests take is called `XRequest`.
//!
//! It goes over the finished API, since it takes the whole of it to know who uses what. Only types that are reached from both
//! sides are split, with what mentions them on the way there; everything else stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::NeverNull;
use super::prune::{each_use_mut, use_of, uses_of};
use crate::document::keys;
use crate::ir::{Api, Body, Field, Label, Type, TypeDef, TypeId, TypeKind, Use};

/// Gives requests types of their own where those of the responses have members of one direction.
///
/// Where required members of responses may be null, one that may not be by the document parts them too, unless it never is.
pub(super) fn split(api: &mut Api, never_null: Option<&NeverNull>) {
    let differs = |def: &TypeDef, f: &Field| {
        let null = |never: &NeverNull| f.required && !f.of.nullable && never.entries(def, f).is_empty();
        f.read_only || f.write_only || never_null.is_some_and(null)
    };
    let apart = apart(api, &differs);
    if apart.is_empty() {
        return;
    }
    let requests = api.reached(api.request_types());
    let mut variants: Variants = BTreeMap::new();
    let mut next = api.types.len();
    for id in &apart {
        let ty = match api.get(*id).and_then(hollow) {
            Some(any) => any,
            None => {
                next += 1;
                Type::Named(TypeId::at(next - 1))
            }
        };
        variants.insert(*id, ty);
    }
    let named = apart.iter().filter(|id| variants.get(id).is_some_and(|ty| ty.named().is_some()));
    let mut variant_defs: Vec<TypeDef> =
        named.filter_map(|id| api.get(*id)).map(|def| request_variant(def, &variants)).collect();
    for (i, def) in api.types.iter_mut().enumerate() {
        let id = TypeId::at(i);
        if variants.contains_key(&id) {
            respond(def);
        } else if requests.has(id) {
            // Only requests use it, or a part of it would be among those that are split.
            each_use_mut(def, &mut |u| u.each_mut(&|u| ask(u, &variants)));
        }
    }
    variant_defs.iter_mut().for_each(|def| each_use_mut(def, &mut |u| u.each_mut(&|u| ask(u, &variants))));
    api.types.append(&mut variant_defs);
    for o in &mut api.operations {
        o.parameters.iter_mut().for_each(|p| p.of.each_mut(&|u| ask(u, &variants)));
        for u in o.body.iter_mut().flat_map(Body::contents_mut).filter_map(use_of) {
            u.each_mut(&|u| ask(u, &variants));
        }
    }
    for u in api.webhooks.iter_mut().flat_map(|hook| &mut hook.answers).flat_map(uses_of) {
        u.each_mut(&|u| ask(u, &variants));
    }
    for e in api.examples.iter_mut().filter(|e| e.request) {
        e.of.each_mut(&|u| ask(u, &variants));
    }
}

/// What requests take in the place of each type that is split.
type Variants = BTreeMap<TypeId, Type>;

/// The types to split, in the document's order.
fn apart(api: &Api, differs: &impl Fn(&TypeDef, &Field) -> bool) -> Vec<TypeId> {
    let requests = api.reached(api.request_types());
    let responses = api.reached(api.response_types());
    let shared: Vec<TypeId> = requests.ids().filter(|id| responses.has(*id)).collect();
    let one_way = |id: &TypeId| match api.get(*id) {
        Some(def @ TypeDef { kind: TypeKind::Model(m), .. }) => m.fields.iter().any(|f| differs(def, f)),
        _ => false,
    };
    let mut apart: BTreeSet<TypeId> = shared.iter().copied().filter(one_way).collect();
    // What mentions one of them mentions another type in requests than in responses.
    loop {
        let more: Vec<TypeId> = shared
            .iter()
            .copied()
            .filter(|id| !apart.contains(id))
            .filter(|id| {
                let mut mentions = false;
                if let Some(def) = api.get(*id) {
                    def.each_use(&mut |t| t.each_named(&mut |named| mentions |= apart.contains(&named)));
                }
                mentions
            })
            .collect();
        if more.is_empty() {
            return apart.into_iter().collect();
        }
        apart.extend(more);
    }
}

/// The type that requests take; its own mentions are still those of the responses.
fn request_variant(def: &TypeDef, variants: &Variants) -> TypeDef {
    let mut variant = def.clone();
    variant.origin.pointer = def.origin.pointer.join(keys::REQUEST);
    variant.label = match &def.label {
        Label::Part { parent, part } => match variants.get(parent) {
            Some(Type::Named(parent)) => Label::Part { parent: *parent, part: part.clone() },
            _ => super::schema::extend(&def.label, "Request"),
        },
        // Written in place in both directions of one operation.
        Label::Operation { part, .. } if part == "Request" => def.label.clone(),
        _ => super::schema::extend(&def.label, "Request"),
    };
    let Some(gone) = without(&mut variant, |f| f.read_only) else { return variant };
    variant.docs.facts.push(format!("Only in responses: {gone}"));
    variant
}

/// Makes of a type what responses have.
fn respond(def: &mut TypeDef) {
    if let Label::Operation { part, .. } = &mut def.label
        && part == "Request"
    {
        "Response".clone_into(part);
    }
    // One that requests alone fill stays as it is: its members are optional here.
    let alone = matches!(&def.kind, TypeKind::Model(m) if m.fields.iter().all(|f| f.write_only));
    if !alone && let Some(gone) = without(def, |f| f.write_only) {
        def.docs.facts.push(format!("Only in requests: {gone}"));
    }
}

/// Removes members and tells which.
fn without(def: &mut TypeDef, unwanted: impl Fn(&Field) -> bool) -> Option<String> {
    let TypeKind::Model(model) = &mut def.kind else { return None };
    let mut gone: Vec<String> = model.fields.iter().filter(|f| unwanted(f)).map(|f| f.wire.clone()).collect();
    gone.sort();
    model.fields.retain(|f| !unwanted(f));
    (!gone.is_empty()).then(|| gone.join(", "))
}

/// Turns a use into that of the type that requests take.
fn ask(of: &mut Use, variants: &Variants) {
    if let Type::Named(id) = &of.ty
        && let Some(variant) = variants.get(id)
    {
        of.ty = variant.clone();
    }
}

/// What a model amounts to whose every member goes the other way: it declares nothing, so any object.
fn hollow(def: &TypeDef) -> Option<Type> {
    let TypeKind::Model(model) = &def.kind else { return None };
    let rest = model.additional.as_deref().cloned().unwrap_or(Use { ty: Type::Any, nullable: false });
    model.fields.iter().all(|f| f.read_only).then(|| Type::Map(Box::new(rest)))
}
