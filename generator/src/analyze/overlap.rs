//! Branches of a choice that no member tells apart: where the reader can only take the first, and whoever reads the
//! documentation should know it. Looks at the IR and its facts; changes nothing.

use super::Facts;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Branch, Sameness, TypeKind, same};

/// How deep two branches are compared; below, they count as the same.
const DEPTH: usize = 4;

/// Notes (`N0313`) every pair of branches of a response's union that have the same members of the same kinds.
pub(super) fn note(api: &Api, facts: &Facts, diagnostics: &mut Diagnostics) {
    for (id, def) in api.defs() {
        let TypeKind::Union(union) = &def.kind else { continue };
        let read = facts.in_responses.has(id);
        // A constant member or a discriminator decides before anything else does.
        let tagged = |index: usize| facts.tags.get(&id).and_then(|t| t.get(index)).is_some_and(Option::is_some);
        if !read {
            continue;
        }
        for (index, branch) in union.branches.iter().enumerate() {
            let earlier = union.branches.iter().enumerate().take(index);
            let rival = earlier.filter(|(other, _)| !(tagged(index) && tagged(*other))).find(|(_, other)| {
                is_model(api, branch) && same(&|id| api.get(id), &other.ty, &branch.ty, DEPTH, Sameness::Read)
            });
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
    branch.ty.named().and_then(|id| api.model(id)).is_some()
}
