//! Models that hold themselves by value, by whatever detour: one field of each circle is boxed.

use super::Facts;
use crate::ir::{Api, Type, TypeId, TypeKind, TypeMap, circles};

/// Models hold models by value; a cycle of such edges must be boxed. Union branches are boxed anyway, lists and
/// maps hold their elements elsewhere.
pub(super) fn boxes(api: &Api, facts: &mut Facts) {
    let edges = TypeMap::new(api, |_, def| match &def.kind {
        TypeKind::Model(m) => {
            let to = |ty: &Type| by_value(ty).into_iter().filter(|to| api.model(*to).is_some());
            m.fields.iter().enumerate().flat_map(|(i, f)| to(&f.of.ty).map(move |to| (i, to))).collect()
        }
        TypeKind::Enum(_) | TypeKind::Union(_) => Vec::new(),
    });
    let circle = circles(&edges.iter().map(|edges| edges.iter().map(|(_, to)| *to).collect()).collect());
    for (id, edges) in edges.pairs() {
        let closing = edges.iter().filter(|(_, to)| circle.of(id) == circle.of(*to));
        facts.boxed.extend(closing.map(|(field, _)| (id, *field)));
    }
}

/// The types that a value of this one has within itself.
fn by_value(ty: &Type) -> Vec<TypeId> {
    match ty {
        Type::Named(id) => vec![*id],
        Type::Tuple(tuple) => tuple.places.iter().flat_map(|place| by_value(&place.ty)).collect(),
        Type::List(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => Vec::new(),
    }
}
