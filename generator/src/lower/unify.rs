//! Types written in place several times become one: the same choice of components, and the repetitions that an
//! operation declares for several statuses (`200` not stored, `201` stored).

use std::cmp::Ordering;
use std::collections::HashMap;

use super::prune::is_component;
use crate::base::Pointer;
use crate::base::pointer::order;
use crate::ir::{Label, Sameness, Type, TypeDef, TypeId, TypeKind, TypeMap, Use, same};

/// How deep types are compared before they are taken for different.
const DEPTH: usize = 5;

/// A place in an order of its own.
#[derive(PartialEq, Eq)]
struct Place(Pointer);

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.0.as_str(), other.0.as_str())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How good a name is that a label asks for, the least the best: those of components come first, the shortest of them before the
/// others. Those of operations are as good as their places.
fn rank(label: &Label, labels: &TypeMap<Label>) -> (bool, usize) {
    let (mut label, mut length) = (label, 0);
    for _ in 0..64 {
        match label {
            Label::Component(name) => return (false, length + name.chars().count()),
            Label::Operation { .. } => break,
            Label::Part { parent, part } => {
                length += part.chars().count();
                let Some(above) = labels.of(*parent) else { break };
                label = above;
            }
        }
    }
    (true, 0)
}

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

/// Replaces types by others that say the same. Of all that do a component is kept, else what is a part of one, by the shortest
/// name, else the first by its place: whichever it is, no order of keys decides it.
pub(super) fn unify(
    mut types: TypeMap<Option<TypeDef>>,
    labels: &TypeMap<Label>,
    aliases: &mut HashMap<TypeId, Use>,
) -> TypeMap<Option<TypeDef>> {
    let mut met: HashMap<Within, Vec<TypeId>> = HashMap::new();
    let mut replaced: Vec<(TypeId, TypeId)> = Vec::new();
    let def = |id: TypeId| types.of(id)?.as_ref();
    // A component is the same as itself alone.
    let in_place = |id: TypeId| def(id).filter(|def| !is_component(def));
    let mut candidates: Vec<(TypeId, &TypeDef, Within)> =
        types.pairs().filter_map(|(id, of)| Some((id, of.as_ref()?, Within::of(of.as_ref()?)?))).collect();
    candidates.sort_by_cached_key(|(_, of, _)| {
        let place = Place(of.origin.pointer.clone());
        (!is_component(of), rank(&of.label, labels), place)
    });
    for (id, of, within) in candidates {
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
