//! The last step of lowering: types that turned out to be other types vanish, ids become dense.

use std::collections::HashMap;

use crate::ir::{Api, Body, Content, Label, Response, Type, TypeDef, TypeId, TypeKind, TypeMap, Use, reached};

/// Puts the finished types into `api`. With `reachable_only`, only what its operations reach.
pub(super) fn finish(
    api: &mut Api,
    mut types: TypeMap<Option<TypeDef>>,
    labels: &TypeMap<Label>,
    aliases: HashMap<TypeId, Use>,
    reachable_only: bool,
) {
    let fix = |u: &mut Use| {
        for _ in 0..64 {
            let Type::Named(id) = &u.ty else { break };
            let Some(to) = aliases.get(id) else { break };
            *u = Use { ty: to.ty.clone(), nullable: u.nullable || to.nullable };
        }
    };
    for def in types.values_mut().flatten() {
        each_use_mut(def, &mut |u| u.each_mut(&fix));
    }
    each_other_use(api, &mut |u| u.each_mut(&fix));

    // Without a selection: components stay, and what only a merged or vanished schema brought goes.
    let used = api.request_types().into_iter().chain(api.response_types());
    let components = types.pairs().filter(|(_, def)| !reachable_only && def.as_ref().is_some_and(is_component));
    let start = used.chain(components.map(|(id, _)| id));
    let keep = reached(types.len(), start, |id| types.of(id)?.as_ref());
    let mut dense: Vec<TypeDef> = Vec::new();
    let kept = |(def, keep): (&mut Option<TypeDef>, &bool)| {
        dense.push(def.take().filter(|_| *keep)?);
        Some(TypeId::at(dense.len() - 1))
    };
    let new_id: TypeMap<Option<TypeId>> = types.values_mut().zip(&keep).map(kept).collect();
    let map = |id: TypeId| new_id.of(id).copied().flatten();
    // Examples of what is not part of the API show nothing.
    api.examples.retain(|e| {
        let mut there = true;
        e.of.ty.each_named(&mut |id| there &= map(id).is_some());
        there
    });
    let renumber = |u: &mut Use| {
        if let Type::Named(id) = &u.ty {
            u.ty = map(*id).map_or(Type::Any, Type::Named);
        }
    };
    for def in &mut dense {
        each_use_mut(def, &mut |u| u.each_mut(&renumber));
        def.label = rehang(def.label.clone(), labels, &map);
    }
    each_other_use(api, &mut |u| u.each_mut(&renumber));
    api.types = dense;
}

/// Whether a type is a schema of `components`, and no part of one.
pub(super) fn is_component(def: &TypeDef) -> bool {
    let mut segments = def.origin.pointer.segments();
    segments.next().as_deref() == Some("components")
        && segments.next().as_deref() == Some("schemas")
        && segments.nth(1).is_none()
}

/// A label whose parent vanished hangs on what the parent's label says.
fn rehang(mut label: Label, labels: &TypeMap<Label>, map: &impl Fn(TypeId) -> Option<TypeId>) -> Label {
    for _ in 0..64 {
        let Label::Part { parent, part } = &label else { break };
        if let Some(parent) = map(*parent) {
            return Label::Part { parent, part: part.clone() };
        }
        label = match labels.of(*parent) {
            Some(above) => super::schema::extend(above, part),
            None => Label::Component(part.clone()),
        };
    }
    label
}

pub(super) fn each_use_mut(def: &mut TypeDef, f: &mut impl FnMut(&mut Use)) {
    match &mut def.kind {
        TypeKind::Model(m) => {
            m.fields.iter_mut().for_each(|x| f(&mut x.of));
            if let Some(a) = &mut m.additional {
                f(a);
            }
        }
        TypeKind::Enum(_) => {}
        TypeKind::Union(u) => {
            for b in &mut u.branches {
                let mut of = Use { ty: b.ty.clone(), nullable: false };
                f(&mut of);
                b.ty = of.ty;
            }
        }
    }
}

fn each_other_use(api: &mut Api, f: &mut impl FnMut(&mut Use)) {
    api.examples.iter_mut().for_each(|e| f(&mut e.of));
    for o in &mut api.operations {
        o.parameters.iter_mut().for_each(|p| f(&mut p.of));
        o.body.iter_mut().flat_map(Body::contents_mut).filter_map(use_of).for_each(&mut *f);
        o.responses.iter_mut().flat_map(uses_of).for_each(&mut *f);
    }
    for hook in &mut api.webhooks {
        hook.payload.iter_mut().filter_map(|(_, c)| use_of(c)).for_each(&mut *f);
        hook.answers.iter_mut().flat_map(uses_of).for_each(&mut *f);
    }
}

/// The type in a body, at its place.
pub(super) fn use_of(content: &mut Content) -> Option<&mut Use> {
    match content {
        Content::Json(u) | Content::Form(u) | Content::Multipart(u) => Some(u),
        Content::Events(u) => u.as_mut(),
        Content::Text | Content::Bytes => None,
    }
}

/// The types of a response, at their places.
pub(super) fn uses_of(response: &mut Response) -> impl Iterator<Item = &mut Use> {
    let body = response.content.iter_mut().filter_map(|(_, c)| use_of(c));
    body.chain(response.headers.iter_mut().map(|header| &mut header.of))
}
