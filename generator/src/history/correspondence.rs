//! Which old node is this new node: the one answer for the lock, whose old nodes are its lines, and for `diff`, whose old nodes
//! are those of another document.
//!
//! The rule, in the order of its application:
//!
//! 1. What stands where it stood is the same. A component's place is its own name, an operation's is method and path; an
//!    inline schema's counts where its structure is the same too, since branches of a choice have numbers for names.
//! 2. A component that is new, while one is gone, was renamed where the structure is the same and either the names are alike
//!    or both are used first at the same place. The same holds for an inline schema that became a component. The likest go first.
//! 3. An inline schema that moved (a branch in front of it, a component around it renamed) is found by its structure.
//! 4. What is left stands where it stood, with another structure.
//!
//! Nothing else is a rename: `Unauthorized` gone and `Greeting` new are two things, however much their members are alike.

use std::collections::{BTreeSet, HashMap};

use super::likeness::likeness;
use crate::base::hash::fnv;
use crate::base::pointer::unnamed;
use crate::document::keys;
use crate::ir::{Api, TypeId, TypeMap, fingerprint};

/// Stands for the place of what no operation uses.
const UNUSED: &str = "-";

/// How alike two names must be, from 0 to 1: half of the pairs of letters, as `NotFoundError` and `ResourceNotFound` have.
const ALIKE: f64 = 0.5;

/// A type, as far as it can be known again.
#[derive(Debug, Clone, Copy)]
pub struct KnownType<'a> {
    /// Its place, a pointer.
    pub pointer: &'a str,
    /// Its Rust name; of a new component the one it would like to have.
    pub name: &'a str,
    /// What it is made of and where it is used, by [`traits`].
    pub traits: &'a str,
    /// Of a new type: whether it has the name of a component.
    pub component: bool,
    /// Whether it has gone before: nothing is renamed from it.
    pub gone: bool,
}

/// How a new type is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is the old one with this index, where it was or moved, and keeps the name.
    Same(usize),
    /// It is the old one with this index under another name.
    Renamed(usize),
}

impl KnownType<'_> {
    fn structure(&self) -> &str {
        self.traits.split_once('@').map_or(self.traits, |(structure, _)| structure)
    }

    /// Where it is first used.
    fn used_at(&self) -> Option<&str> {
        self.traits.split_once('@').map(|(_, used_at)| used_at).filter(|used_at| *used_at != UNUSED)
    }

    /// Whether the place itself is a name: a component, or what requests take in its stead.
    fn is_named_place(&self) -> bool {
        keys::place(self.pointer).matches('/').count() <= 3
    }
}

/// By what each type is known again: its structure, and the first place that uses it, each as a hash. The lock keeps it: `01bce11826e2647d@9ce47bd1`.
pub fn traits(api: &Api) -> TypeMap<String> {
    let uses = api.first_uses();
    let hash = |place: &str| format!("{:08x}", fnv(place.as_bytes()) >> 32);
    let of = |(id, place): (TypeId, &Option<String>)| {
        let structure = fingerprint(api, id);
        let used_at = place.as_ref().map_or(UNUSED.to_owned(), |place| hash(place));
        format!("{structure}@{used_at}")
    };
    uses.pairs().map(of).collect()
}

/// Whether the lock's line of a type says where it is used; until version 0.2 it had the structure alone.
pub fn is_complete(traits: &str) -> bool {
    traits.contains('@')
}

/// Whether two names are so alike that one structure under both is a rename.
pub fn are_alike(old: &str, new: &str) -> bool {
    likeness(old, new) >= ALIKE
}

/// For each new type which old one it is.
pub fn types(old: &[KnownType<'_>], new: &[KnownType<'_>]) -> Vec<Option<Found>> {
    let at: HashMap<&str, usize> = old.iter().enumerate().map(|(i, o)| (o.pointer, i)).collect();
    let places: BTreeSet<&str> = new.iter().map(|n| n.pointer).collect();
    let mut by_structure: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, o) in old.iter().enumerate() {
        by_structure.entry(o.structure()).or_default().push(i);
    }
    let alike =
        |n: &KnownType<'_>| by_structure.get(n.structure()).map(Vec::as_slice).unwrap_or_default().iter().copied();
    let old_at = |i: usize| old.get(i).copied();
    let mut found = Pairs { found: vec![None; new.len()], taken: BTreeSet::new() };
    for (i, n) in new.iter().enumerate() {
        if let Some((j, o)) = at.get(n.pointer).and_then(|j| Some((*j, old_at(*j)?)))
            && (n.is_named_place() || o.structure() == n.structure())
        {
            found.join(i, Found::Same(j), o.name);
        }
    }
    let mut renames = Vec::new();
    for (i, n) in new.iter().enumerate().filter(|(_, n)| n.component && !at.contains_key(n.pointer)) {
        for (j, o) in alike(n).filter_map(|j| Some((j, old_at(j)?))) {
            let same_place = o.used_at().is_some() && o.used_at() == n.used_at();
            let names = likeness(o.name, n.name);
            if !o.gone && !places.contains(o.pointer) && (same_place || names >= ALIKE) {
                renames.push((names + f64::from(u8::from(same_place)), i, j, o));
            }
        }
    }
    // Ties by the document's order, then by that of the old places.
    renames.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.3.pointer.cmp(b.3.pointer)));
    for (_, i, j, o) in renames {
        found.join(i, Found::Renamed(j), o.name);
    }
    // All of them by structure first: a branch put in front of the others must not take the name of its place from the branch
    // that stood there and has only moved.
    let moved = |n: &KnownType<'_>, o: &KnownType<'_>| {
        let same_place = o.used_at().is_some() && o.used_at() == n.used_at();
        !o.is_named_place() || same_place && !places.contains(o.pointer)
    };
    for (i, n) in new.iter().enumerate().filter(|(_, n)| !n.component) {
        for (j, o) in alike(n).filter_map(|j| Some((j, old_at(j)?))).filter(|(_, o)| moved(n, o)) {
            if found.join(i, Found::Same(j), o.name) {
                break;
            }
        }
    }
    for (i, n) in new.iter().enumerate() {
        if let Some((j, o)) = at.get(n.pointer).and_then(|j| Some((*j, old_at(*j)?))) {
            found.join(i, Found::Same(j), o.name);
        }
    }
    found.found
}

/// What belongs together so far. An old name has one new node: a place that was given up keeps it on record beside the new one.
struct Pairs<'a> {
    found: Vec<Option<Found>>,
    taken: BTreeSet<&'a str>,
}

impl<'a> Pairs<'a> {
    fn join(&mut self, new: usize, found: Found, name: &'a str) -> bool {
        match self.found.get_mut(new) {
            Some(slot @ None) if self.taken.insert(name) => {
                *slot = Some(found);
                true
            }
            _ => false,
        }
    }
}

/// An operation, as far as it can be known again.
#[derive(Debug, Clone, Copy)]
pub struct KnownOperation<'a> {
    /// Its place, a pointer.
    pub pointer: &'a str,
    /// `operationId`, or one made of method and path.
    pub id: &'a str,
    /// Whether it has gone before.
    pub gone: bool,
}

/// For each new operation which old one it is: the one of its id, wherever that is now; else the one that was at its place and
/// has no place any more.
pub fn operations(old: &[KnownOperation<'_>], new: &[KnownOperation<'_>]) -> Vec<Option<usize>> {
    let ids: BTreeSet<&str> = new.iter().map(|n| n.id).collect();
    let by_id: HashMap<&str, usize> = old.iter().enumerate().filter(|(_, o)| !o.gone).map(|(i, o)| (o.id, i)).collect();
    let moved = |o: &KnownOperation<'_>| !o.gone && ids.contains(o.id);
    // What has gone comes first, so that what is there takes its place.
    let (gone, there): (Vec<_>, Vec<_>) = old.iter().enumerate().filter(|(_, o)| !moved(o)).partition(|(_, o)| o.gone);
    let by_place: HashMap<String, usize> =
        gone.into_iter().chain(there).map(|(i, o)| (unnamed(o.pointer), i)).collect();
    new.iter().map(|n| by_id.get(n.id).or_else(|| by_place.get(&unnamed(n.pointer))).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Found, KnownOperation, KnownType, operations, types};

    /// `pointer name traits`, a tombstone with a cross in front.
    fn known(line: &str) -> KnownType<'_> {
        let (gone, line) = line.strip_prefix("+ ").map_or((false, line), |line| (true, line));
        let mut words = line.split(' ');
        let mut word = || words.next().expect("a word");
        let (pointer, name, traits) = (word(), word(), word());
        KnownType { pointer, name, traits, component: pointer.matches('/').count() <= 3, gone }
    }

    #[test]
    fn renames() {
        let c = "/components/schemas/";
        for (old, new, expected) in [
            // Equal structure and names alike.
            ("NotFoundError NotFoundError 1@a", "ResourceNotFound ResourceNotFound 1@b", Some(Found::Renamed(0))),
            ("client Client 1@a", "Customer Customer 1@b", None),
            // Equal structure at the same place.
            ("client Client 1@a", "Customer Customer 1@a", Some(Found::Renamed(0))),
            // One common member says nothing.
            ("Unauthorized Unauthorized 1@a", "Greeting Greeting 1@b", None),
            // A lock that says nothing of places.
            ("Unauthorized Unauthorized 1", "Greeting Greeting 1@b", None),
            ("Unauthorized Unauthorized 1", "UnauthorizedError UnauthorizedError 1@b", Some(Found::Renamed(0))),
            // Another structure is another thing.
            ("NotFoundError NotFoundError 1@a", "ResourceNotFound ResourceNotFound 2@a", None),
            ("Order Order 1@a", "Order Order 2@b", Some(Found::Same(0))),
        ] {
            let (old, new) = (format!("{c}{old}"), format!("{c}{new}"));
            assert_eq!(types(&[known(&old)], &[known(&new)]), [expected], "{old} -> {new}");
            // What has gone before is a name taken, no more.
            let gone = format!("+ {old}");
            let back = expected.filter(|found| matches!(found, Found::Same(_)));
            assert_eq!(types(&[known(&gone)], &[known(&new)]), [back], "{gone} -> {new}");
        }
    }

    #[test]
    fn several_at_once() {
        let named = |old: &[&str], new: &[&str]| -> String {
            let old: Vec<KnownType<'_>> = old.iter().map(|line| known(line)).collect();
            let new: Vec<KnownType<'_>> = new.iter().map(|line| known(line)).collect();
            let name = |found: Option<Found>| match found {
                Some(Found::Same(i)) => old[i].name.to_owned(),
                Some(Found::Renamed(i)) => format!("was {}", old[i].name),
                None => "new".to_owned(),
            };
            types(&old, &new).into_iter().map(name).collect::<Vec<_>>().join(", ")
        };
        // The likest names belong together.
        let old = ["/components/schemas/NotFound NotFound 1@a", "/components/schemas/Refused Refused 1@b"];
        let new = [
            "/components/schemas/WasRefused WasRefused 1@b",
            "/components/schemas/ResourceNotFound ResourceNotFound 1@a",
        ];
        assert_eq!(named(&old, &new), "was Refused, was NotFound");
        // One stays: the other is no rename of it.
        let copy = ["/components/schemas/NotFound NotFound 1@a", "/components/schemas/NotFound2 NotFound2 1@b"];
        assert_eq!(named(&old[..1], &copy), "NotFound, new");
        // A branch in front of the others.
        let old = ["/components/schemas/Pay/oneOf/0 PayCard 1@a", "/components/schemas/Pay/oneOf/1 PayCash 2@b"];
        let new = [
            "/components/schemas/Pay/oneOf/0 - 3@a",
            "/components/schemas/Pay/oneOf/1 - 1@b",
            "/components/schemas/Pay/oneOf/2 - 2@c",
        ];
        assert_eq!(named(&old, &new), "new, PayCard, PayCash");
        // An inline schema changes where it stands, or becomes a component, or the other way round.
        let inline = ["/components/schemas/Order/properties/address OrderAddress 1@a"];
        assert_eq!(named(&inline, &["/components/schemas/Order/properties/address - 2@a"]), "OrderAddress");
        assert_eq!(named(&inline, &["/components/schemas/Address Address 1@a"]), "was OrderAddress");
        assert_eq!(named(&inline, &["/components/schemas/Van Van 1@b"]), "new");
        let component = ["/components/schemas/Address Address 1@a"];
        assert_eq!(named(&component, &["/components/schemas/Order/properties/address - 1@a"]), "Address");
        assert_eq!(named(&component, &["/components/schemas/Order/properties/note - 1@b"]), "new");
    }

    #[test]
    fn operations_by_id_then_by_place() {
        let op = |pointer, id, gone| KnownOperation { pointer, id, gone };
        let old =
            [op("/paths/~1a/get", "A", false), op("/paths/~1b~1{id}/get", "B", false), op("/paths/~1c/get", "C", true)];
        let of = |pointer, id| operations(&old, &[op(pointer, id, false)]);
        assert_eq!(of("/paths/~1z/get", "A"), [Some(0)]);
        assert_eq!(of("/paths/~1b~1{key}/get", "Other"), [Some(1)]);
        assert_eq!(of("/paths/~1z/get", "Z"), [None]);
        // One that has gone is known by its place alone.
        assert_eq!(of("/paths/~1z/get", "C"), [None]);
        assert_eq!(of("/paths/~1c/get", "D"), [Some(2)]);
        // A tombstone at the same place does not hide what is there, in whatever order they are known.
        let pair = [op("/paths/~1b~1{id}/get", "B", false), op("/paths/~1b~1{x}/get", "Gone", true)];
        let new = [op("/paths/~1b~1{key}/get", "Other", false)];
        assert_eq!(operations(&pair, &new), [Some(0)]);
        assert_eq!(operations(&[pair[1], pair[0]], &new), [Some(1)]);
        // What was there has only moved.
        let new = [op("/paths/~1a/get", "New", false), op("/paths/~1z/get", "A", false)];
        assert_eq!(operations(&old, &new), [None, Some(0)]);
    }
}
