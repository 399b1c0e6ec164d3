//! The last step of lowering: types that turned out to be other types vanish, ids become dense.

use std::collections::HashMap;

use crate::ir::{Api, Content, Label, Type, TypeDef, TypeId, TypeKind, Use};

/// Puts the finished types into `api`. With `reachable_only`, only what its operations reach.
pub(super) fn finish(
    api: &mut Api,
    types: Vec<Option<TypeDef>>,
    labels: &[Label],
    aliases: HashMap<TypeId, Use>,
    reachable_only: bool,
) {
    let mut types = types;
    let fix = |u: &mut Use| {
        for _ in 0..64 {
            let Type::Named(id) = &u.ty else { break };
            let Some(to) = aliases.get(id) else { break };
            *u = Use { ty: to.ty.clone(), nullable: u.nullable || to.nullable };
        }
    };
    for def in types.iter_mut().flatten() {
        each_use_mut(def, &mut |u| deep(u, &fix));
    }
    each_other_use(api, &mut |u| deep(u, &fix));

    let mut keep = vec![!reachable_only; types.len()];
    for (k, t) in keep.iter_mut().zip(&types) {
        *k &= t.is_some();
    }
    let mut todo: Vec<TypeId> = Vec::new();
    for o in &api.operations {
        o.each_request_type(&mut |t| t.each_named(&mut |id| todo.push(id)));
        o.each_response_type(&mut |t| t.each_named(&mut |id| todo.push(id)));
    }
    let mut seen = vec![false; types.len()];
    while let Some(id) = todo.pop() {
        let i = id.0 as usize;
        if seen.get(i).copied().unwrap_or(true) {
            continue;
        }
        if let (Some(s), Some(k)) = (seen.get_mut(i), keep.get_mut(i)) {
            *s = true;
            *k = true;
        }
        if let Some(Some(def)) = types.get(i) {
            def.each_use(&mut |t| t.each_named(&mut |id| todo.push(id)));
        }
    }
    // Without a selection: components stay, and what only a merged or vanished schema brought goes.
    if !reachable_only {
        drop_orphans(&types, &seen, &mut keep);
    }
    let mut new_id = vec![None; types.len()];
    let mut dense: Vec<TypeDef> = Vec::new();
    for (i, def) in types.iter_mut().enumerate() {
        if keep.get(i).copied().unwrap_or(false)
            && let Some(def) = def.take()
            && let Some(slot) = new_id.get_mut(i)
        {
            *slot = Some(TypeId(dense.len() as u32));
            dense.push(def);
        }
    }
    let map = |id: TypeId| new_id.get(id.0 as usize).copied().flatten();
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
        each_use_mut(def, &mut |u| deep(u, &renumber));
        def.label = rehang(def.label.clone(), labels, &map);
    }
    each_other_use(api, &mut |u| deep(u, &renumber));
    api.types = dense;
}

/// Types that nothing reaches and that are no component: leftovers of merging.
fn drop_orphans(types: &[Option<TypeDef>], reached: &[bool], keep: &mut [bool]) {
    let mut live = reached.to_vec();
    let mut todo: Vec<usize> = Vec::new();
    for (i, t) in types.iter().enumerate() {
        let component = t.as_ref().is_some_and(|d| {
            let mut s = d.origin.pointer.segments();
            s.next().as_deref() == Some("components") && s.next().as_deref() == Some("schemas") && s.nth(1).is_none()
        });
        if component || live.get(i).copied().unwrap_or(false) {
            todo.push(i);
        }
    }
    let mut seen = vec![false; types.len()];
    while let Some(i) = todo.pop() {
        if std::mem::replace(seen.get_mut(i).unwrap_or(&mut true), true) {
            continue;
        }
        if let Some(l) = live.get_mut(i) {
            *l = true;
        }
        if let Some(Some(def)) = types.get(i) {
            def.each_use(&mut |t| t.each_named(&mut |id| todo.push(id.0 as usize)));
        }
    }
    for (k, l) in keep.iter_mut().zip(live) {
        *k &= l;
    }
}

/// A label whose parent vanished hangs on what the parent's label says.
fn rehang(mut label: Label, labels: &[Label], map: &impl Fn(TypeId) -> Option<TypeId>) -> Label {
    for _ in 0..64 {
        let Label::Part { parent, part } = &label else { break };
        if let Some(parent) = map(*parent) {
            return Label::Part { parent, part: part.clone() };
        }
        label = match labels.get(parent.0 as usize) {
            Some(above) => super::schema::extend(above, part),
            None => Label::Component(part.clone()),
        };
    }
    label
}

pub(super) fn deep(u: &mut Use, f: &impl Fn(&mut Use)) {
    f(u);
    if let Type::List(of) | Type::Map(of) = &mut u.ty {
        deep(of, f);
    }
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
        let contents = o.body.iter_mut().map(|b| &mut b.content);
        for c in contents.chain(o.responses.iter_mut().filter_map(|r| r.content.as_mut().map(|(_, c)| c))) {
            match c {
                Content::Json(u) | Content::Form(u) | Content::Multipart(u) => f(u),
                Content::Events(Some(u)) => f(u),
                Content::Events(None) | Content::Text | Content::Bytes => {}
            }
        }
    }
}
