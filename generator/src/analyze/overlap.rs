//! Branches of a choice that no member tells apart: where the reader can only take the first, and whoever reads the
//! documentation should know it. Looks at the IR and its facts; changes nothing.

use super::Facts;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Branch, Scalar, Type, TypeId, TypeKind, Use};

/// How deep two branches are compared; below, they count as the same.
const DEPTH: usize = 4;

/// Notes (`N0313`) every pair of branches of a response's union that have the same members of the same kinds.
pub(super) fn ties(api: &Api, facts: &Facts, diagnostics: &mut Diagnostics) {
    for (i, def) in api.types.iter().enumerate() {
        let id = TypeId(i as u32);
        let TypeKind::Union(union) = &def.kind else { continue };
        let read = facts.in_responses.get(i).copied().unwrap_or(false);
        // A constant member or a discriminator decides before anything else does.
        let told = |index: usize| facts.tags.get(&id).and_then(|t| t.get(index)).is_some_and(Option::is_some);
        if !read {
            continue;
        }
        for (index, branch) in union.branches.iter().enumerate() {
            let earlier = union.branches.iter().enumerate().take(index);
            let rival = earlier
                .filter(|(other, _)| !(told(index) && told(*other)))
                .find(|(_, other)| is_model(api, branch) && same(api, &other.ty, &branch.ty, DEPTH));
            if let Some((_, other)) = rival {
                let message =
                    "a branch has the same members as an earlier one: a body that fits both is read as the earlier";
                diagnostics.push(
                    Diagnostic::note("N0313", message)
                        .at(branch.origin.span)
                        .pointer(&branch.origin.pointer)
                        .second(other.origin.span, "the earlier branch")
                        .help("give the schema a discriminator, or a member with one value of its own in each branch"),
                );
            }
        }
    }
}

fn is_model(api: &Api, branch: &Branch) -> bool {
    let def = branch.ty.named().and_then(|id| api.get(id));
    def.is_some_and(|def| matches!(def.kind, TypeKind::Model(_)))
}

/// Whether a value of one type says nothing against the other.
fn same(api: &Api, a: &Type, b: &Type, depth: usize) -> bool {
    if a == b || depth == 0 {
        return true;
    }
    match (a, b) {
        (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => same_use(api, x, y, depth - 1),
        // Text that looks like a date speaks for the branch that has a date there.
        (Type::Scalar(x), Type::Scalar(y)) => x == y || is_plain(*x) && is_plain(*y),
        (Type::Named(x), Type::Named(y)) => match (api.get(*x).map(|d| &d.kind), api.get(*y).map(|d| &d.kind)) {
            (Some(TypeKind::Model(x)), Some(TypeKind::Model(y))) => {
                x.fields.len() == y.fields.len()
                    && x.fields.iter().all(|f| {
                        let other = y.fields.iter().find(|g| g.wire == f.wire && g.required == f.required);
                        other.is_some_and(|g| same_use(api, &f.of, &g.of, depth - 1))
                    })
            }
            // A value of one list that is none of the other's speaks against that branch, unless all are shared.
            (Some(TypeKind::Enum(x)), Some(TypeKind::Enum(y))) => {
                x.numeric == y.numeric
                    && x.values.len() == y.values.len()
                    && x.values.iter().all(|v| y.values.iter().any(|w| w.wire == v.wire))
            }
            _ => false,
        },
        _ => false,
    }
}

fn same_use(api: &Api, a: &Use, b: &Use, depth: usize) -> bool {
    a.nullable == b.nullable && same(api, &a.ty, &b.ty, depth)
}

fn is_plain(s: Scalar) -> bool {
    matches!(s, Scalar::String | Scalar::Secret | Scalar::Binary)
}
