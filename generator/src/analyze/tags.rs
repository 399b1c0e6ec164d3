//! What tells the branches of a union apart: the discriminator, or a property that is constant in each.

use std::collections::BTreeSet;

use super::Facts;
use crate::ir::{Api, Field, Scalar, Type, TypeKind};

/// The constant property of a union's branch, and the values it has there.
pub type Tagging = Option<(String, Vec<String>)>;

/// A property that is constant in every branch of a union tells the branches apart, declared or not.
pub(super) fn tags(api: &Api, facts: &mut Facts) {
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

/// The text members of a model that have a list of values, and flags that have one, by their names: no order of keys decides between two that would do.
fn constants(api: &Api, ty: &Type) -> Vec<(String, Vec<String>)> {
    let Some(TypeKind::Model(model)) = ty.named().and_then(|id| api.get(id)).map(|d| &d.kind) else {
        return Vec::new();
    };
    let listed = |id| match api.get(id)?.kind {
        TypeKind::Enum(ref e) if !e.numeric && e.values.len() <= 8 => {
            Some(e.values.iter().map(|v| v.wire.clone()).collect())
        }
        _ => None,
    };
    let constant = |f: &Field| {
        let values: Vec<String> = match f.of.ty {
            Type::Scalar(Scalar::Bool) => vec![f.constant.clone()?],
            ref ty => listed(ty.named()?)?,
        };
        Some((f.wire.clone(), values))
    };
    let mut all: Vec<(String, Vec<String>)> = model.fields.iter().filter_map(constant).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}
