//! Which types have a table of their own, besides the records of responses.
//!
//! Members of members belong to the record that people look up, so most types are written out where they are used. Three kinds are
//! not, or a table would never end: types that hold themselves, types that lie deep, and long ones that many use.

use std::collections::BTreeSet;

use crate::ir::{Api, TypeDef, TypeId, TypeKind, TypeMap, circles};

/// How deep types are written out within each other. Each level is a step of the walk's recursion, too.
const DEEPEST: usize = 12;

/// How many rows a type may have where it is written out more than once. What uses it is written out with them, and what uses that:
/// without a bound twenty types could ask for a million rows.
const LONGEST: usize = 60;

/// The types that have a table, when `records` have one.
pub(super) fn tables(api: &Api, records: &BTreeSet<TypeId>) -> BTreeSet<TypeId> {
    let mut own = records.clone();
    let reached = api.reached(records.iter().copied());
    let graph = |own: &BTreeSet<TypeId>| {
        TypeMap::new(api, |id, def| {
            let mut out = mentioned(def);
            out.retain(|to| !own.contains(to));
            if reached.has(id) { out } else { Vec::new() }
        })
    };
    // What leads to a table is no circle any more; what still is one is cut at each of its types.
    let edges = graph(&own);
    let circle = circles(&edges);
    let mut sizes = vec![0usize; edges.len()];
    circle.iter().for_each(|of| {
        if let Some(size) = sizes.get_mut(*of) {
            *size += 1;
        }
    });
    let on_circle = |id: TypeId| circle.of(id).and_then(|of| sizes.get(*of)).is_some_and(|size| *size > 1);
    own.extend(edges.pairs().filter(|(id, to)| on_circle(*id) || to.contains(id)).map(|(id, _)| id));

    let edges = graph(&own);
    let mut uses: TypeMap<usize> = TypeMap::filled(edges.len(), 0);
    edges.iter().flatten().for_each(|to| {
        if let Some(uses) = uses.of_mut(*to) {
            *uses += 1;
        }
    });
    // Components are numbered from the leaves on, so that what a type mentions has been measured before it.
    let order = circles(&edges);
    let mut ids: Vec<TypeId> = edges.pairs().map(|(id, _)| id).collect();
    ids.sort_by_key(|id| order.of(*id).copied().unwrap_or_default());
    let mut measured: TypeMap<(usize, usize)> = TypeMap::filled(edges.len(), (0, 0));
    for id in ids {
        let Some(def) = api.get(id) else { continue };
        let (mut deep, mut rows) = (1, rows(def));
        for (d, r) in edges.list(id).iter().filter(|to| !own.contains(to)).filter_map(|to| measured.of(*to)) {
            deep = deep.max(d + 1);
            rows += r;
        }
        let is_shared = uses.of(id).is_some_and(|uses| *uses > 1);
        if deep > DEEPEST || (rows > LONGEST && is_shared) {
            own.insert(id);
        }
        if let Some(place) = measured.of_mut(id) {
            *place = (deep, rows);
        }
    }
    own
}

/// What is written out below a type, as often as it is.
fn mentioned(def: &TypeDef) -> Vec<TypeId> {
    let mut out = Vec::new();
    def.each_use(&mut |ty| ty.each_named(&mut |id| out.push(id)));
    out
}

/// The rows of a type itself.
fn rows(def: &TypeDef) -> usize {
    match &def.kind {
        TypeKind::Model(model) => model.fields.len() + usize::from(model.additional.is_some()),
        TypeKind::Union(union) => union.branches.len(),
        TypeKind::Enum(_) => 0,
    }
}
