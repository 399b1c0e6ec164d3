//! Models that hold themselves by value, by whatever detour: one field of each circle is boxed.

use super::Facts;
use crate::base::graph::strong_components;
use crate::ir::{Api, TypeId, TypeKind};

/// Models hold models by value; a cycle of such edges must be boxed. Union branches are boxed anyway, lists and
/// maps hold their elements elsewhere.
pub(super) fn boxes(api: &Api, facts: &mut Facts) {
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
    let component =
        strong_components(api.types.len(), &|i| edges(TypeId(i as u32)).into_iter().map(|(_, t)| t.index()).collect());
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
