//! Types written in place several times become one: the same choice of components, and the repetitions that an
//! operation declares for several statuses (`200` not stored, `201` stored).

use std::collections::HashMap;

use super::prune::is_component;
use crate::ir::{Label, Sameness, Type, TypeDef, TypeId, TypeKind, TypeMap, Use, same};

/// How deep types are compared before they are taken for different.
const DEPTH: usize = 5;

/// Where a type may be written again, and how deep the two are compared.
#[derive(PartialEq, Eq, Hash)]
enum Within {
    /// A choice of types that have names, by the first of them: anywhere.
    Choices(Option<TypeId>),
    /// What is written in place: in the same operation.
    Operation(usize),
}

impl Within {
    fn of(def: &TypeDef) -> Option<Self> {
        match (&def.kind, &def.label) {
            (TypeKind::Union(u), _) if u.branches.iter().all(|b| b.ty.named().is_some()) => {
                Some(Self::Choices(u.branches.first().and_then(|b| b.ty.named())))
            }
            (_, Label::Operation { operation, .. }) => Some(Self::Operation(*operation)),
            (_, Label::Component(_) | Label::Part { .. }) => None,
        }
    }
}

/// Replaces later types by earlier ones that say the same; the first keeps its name.
pub(super) fn unify(
    mut types: TypeMap<Option<TypeDef>>,
    aliases: &mut HashMap<TypeId, Use>,
) -> TypeMap<Option<TypeDef>> {
    let mut met: HashMap<Within, Vec<TypeId>> = HashMap::new();
    let mut replaced: Vec<(TypeId, TypeId)> = Vec::new();
    let def = |id: TypeId| types.of(id)?.as_ref();
    // A component is the same as itself alone.
    let in_place = |id: TypeId| def(id).filter(|def| !is_component(def));
    for (id, of) in types.pairs().filter_map(|(id, of)| Some((id, of.as_ref()?))) {
        let Some(within) = Within::of(of) else { continue };
        let says_the_same = |first: &&TypeId| {
            let (a, b) = (Type::Named(**first), Type::Named(id));
            match within {
                Within::Choices(_) => same(&def, &a, &b, 1, Sameness::Written),
                Within::Operation(_) => same(&in_place, &a, &b, DEPTH, Sameness::Written),
            }
        };
        match met.get(&within).and_then(|met| met.iter().find(says_the_same)) {
            // A component has a name of its own, which is worth keeping.
            Some(_) if matches!(of.label, Label::Component(_)) && is_component(of) => {}
            Some(first) => replaced.push((id, *first)),
            None => met.entry(within).or_default().push(id),
        }
    }
    for (id, first) in replaced {
        if let Some(slot) = types.of_mut(id) {
            *slot = None;
        }
        aliases.insert(id, Use { ty: Type::Named(first), nullable: false });
    }
    types
}
