//! Which node of the old document is which of the new one: first what the lock finds again too, by [`correspondence`], then what
//! stands at the same place of things that belong together.
//!
//! The same two documents always give the same pairs: candidates are gone through in document order, and the best pair
//! goes first.

use crate::base::Ident;
use crate::history::correspondence::{self, Found, KnownOperation, KnownType};
use crate::history::likeness::{is_slip, likeness};
use crate::ir::{Api, Content, Label, Operation, Type, TypeDef, TypeId, TypeKind, TypeMap, Use, fingerprint};
use crate::name;
use crate::pipeline::Understood;
use crate::render::surface::{Shown, Surface};
use std::collections::{BTreeMap, HashMap};

/// What belongs together. An old node has at most one new one; several old types may have become one.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) types: TypeMap<Option<TypeId>>,
    pub(super) types_back: TypeMap<Vec<TypeId>>,
    pub(super) operations: Vec<Option<usize>>,
    pub(super) operations_back: Vec<Option<usize>>,
    pub(super) tags: Vec<Option<usize>>,
    pub(super) tags_back: Vec<Option<usize>>,
}

impl Pairs {
    /// What an old type has become.
    pub(super) fn of(&self, id: TypeId) -> Option<TypeId> {
        self.types.of(id).copied().flatten()
    }

    /// Whether nothing old has become this type.
    pub(super) fn is_new(&self, id: TypeId) -> bool {
        self.types_back.of(id).is_none_or(Vec::is_empty)
    }

    /// Whether the two are the same type, each in its document: whatever has become of what they are made of, which is compared
    /// where they are declared.
    pub(super) fn same(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Named(a), Type::Named(b)) => self.of(*a) == Some(*b),
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => self.same_use(a, b),
            (Type::Tuple(a), Type::Tuple(b)) => {
                a.is_like(b) && a.uses().zip(b.uses()).all(|(a, b)| self.same_use(a, b))
            }
            _ => old == new,
        }
    }
}

impl Pairs {
    fn same_use(&self, old: &Use, new: &Use) -> bool {
        old.nullable == new.nullable && self.same(&old.ty, &new.ty)
    }
}

/// Pairs everything.
pub(super) fn pair(old: &Understood, new: &Understood, old_surface: &Surface, new_surface: &Surface) -> Pairs {
    let pairs = Pairs {
        types: TypeMap::filled(old.api.types.len(), None),
        types_back: TypeMap::filled(new.api.types.len(), Vec::new()),
        operations: vec![None; old.api.operations.len()],
        operations_back: vec![None; new.api.operations.len()],
        tags: vec![None; old.api.tags.len()],
        tags_back: vec![None; new.api.tags.len()],
    };
    let mut p = Pairing { old: &old.api, new: &new.api, pairs, todo: Vec::new() };
    p.types(&old.names.types);
    p.operations();
    p.rust_names((&old.names.types, old_surface), (&new.names.types, new_surface));
    p.walk();
    p.like_operations();
    p.walk();
    p.tags();
    p.pairs
}

/// Where types and operations of the new document were in the old one, by pointers, as far as they are elsewhere now.
pub fn origins(old: &Understood, new: &Understood) -> BTreeMap<String, String> {
    let (types, operations) = (old.api.types.len(), old.api.operations.len());
    let pairs = Pairs {
        types: TypeMap::filled(types, None),
        types_back: TypeMap::filled(new.api.types.len(), Vec::new()),
        operations: vec![None; operations],
        operations_back: vec![None; new.api.operations.len()],
        ..Pairs::default()
    };
    let mut p = Pairing { old: &old.api, new: &new.api, pairs, todo: Vec::new() };
    p.types(&old.names.types);
    p.operations();
    let types = ids(&old.api).filter_map(|a| Some((old.api.get(a)?, new.api.get(p.pairs.of(a)?)?)));
    let types = types.map(|(a, b)| (&a.origin, &b.origin));
    let operations = old.api.operations.iter().zip(&p.pairs.operations);
    let operations = operations.filter_map(|(a, b)| Some((&a.origin, &new.api.operations.get((*b)?)?.origin)));
    types
        .chain(operations)
        .filter(|(a, b)| a.pointer != b.pointer)
        .map(|(a, b)| (b.pointer.as_str().to_owned(), a.pointer.as_str().to_owned()))
        .collect()
}

struct Pairing<'a> {
    old: &'a Api,
    new: &'a Api,
    pairs: Pairs,
    /// Pairs whose parts have not met yet.
    todo: Vec<(TypeId, TypeId)>,
}

impl<'a> Pairing<'a> {
    fn join(&mut self, a: TypeId, b: TypeId) {
        if let (Some(slot @ None), Some(back)) = (self.pairs.types.of_mut(a), self.pairs.types_back.of_mut(b)) {
            *slot = Some(b);
            back.push(a);
            self.todo.push((a, b));
        }
    }

    fn join_operations(&mut self, a: usize, b: usize) {
        if let (Some(slot @ None), Some(back @ None)) =
            (self.pairs.operations.get_mut(a), self.pairs.operations_back.get_mut(b))
        {
            *slot = Some(b);
            *back = Some(a);
            self.meet_operations(a, b);
        }
    }

    fn free_old(&self) -> Vec<TypeId> {
        ids(self.old).filter(|id| self.pairs.of(*id).is_none()).collect()
    }

    fn free_new(&self) -> Vec<TypeId> {
        ids(self.new).filter(|id| self.pairs.is_new(*id)).collect()
    }

    /// Types that the lock would find again, too.
    fn types(&mut self, old_names: &TypeMap<Ident>) {
        let (olds, news) = (self.old, self.new);
        let traits = (correspondence::traits(olds), correspondence::traits(news));
        let wanted: Vec<Option<String>> = news.types.iter().map(name::wanted).collect();
        let of_old = olds.types.iter().zip(&traits.0).zip(old_names);
        let of_old = of_old.map(|((def, traits), name)| known(def, traits, name, false));
        let of_new = news.types.iter().zip(&traits.1).zip(&wanted);
        let of_new = of_new.map(|((def, traits), w)| known(def, traits, w.as_deref().unwrap_or_default(), w.is_some()));
        let found = correspondence::types(&of_old.collect::<Vec<_>>(), &of_new.collect::<Vec<_>>());
        for (b, found) in ids(news).zip(found) {
            if let Some(Found::Same(a) | Found::Renamed(a)) = found {
                self.join(TypeId::at(a), b);
            }
        }
    }

    /// Operations that the lock would find again, too.
    fn operations(&mut self) {
        let known = |api: &'a Api| -> Vec<KnownOperation<'a>> {
            let one = |o: &'a Operation| KnownOperation { pointer: o.origin.pointer.as_str(), id: &o.id, gone: false };
            api.operations.iter().map(one).collect()
        };
        for (b, a) in correspondence::operations(&known(self.old), &known(self.new)).into_iter().enumerate() {
            if let Some(a) = a {
                self.join_operations(a, b);
            }
        }
    }

    /// Items of the same Rust name: to whoever uses the crate they are the same, wherever they stand in the document.
    fn rust_names(&mut self, old: (&TypeMap<Ident>, &Surface), new: (&TypeMap<Ident>, &Surface)) {
        let is_item = |s: &Surface, id: TypeId| s.types.of(id).is_some_and(|t| t.shown == Shown::Item);
        let by_name: HashMap<&str, TypeId> = self
            .free_new()
            .into_iter()
            .filter(|id| is_item(new.1, *id))
            .filter_map(|id| Some((new.0.of(id)?.as_str(), id)))
            .collect();
        for id in self.free_old() {
            let found = old.0.of(id).and_then(|name| by_name.get(name.as_str()));
            if let Some(&other) = found.filter(|_| is_item(old.1, id)) {
                self.join(id, other);
            }
        }
    }

    /// The parts of what belongs together belong together.
    fn walk(&mut self) {
        while let Some((a, b)) = self.todo.pop() {
            let (Some(x), Some(y)) = (self.old.get(a), self.new.get(b)) else { continue };
            match (&x.kind, &y.kind) {
                (TypeKind::Model(m), TypeKind::Model(n)) => {
                    for f in &m.fields {
                        let same = n.fields.iter().find(|g| g.wire == f.wire);
                        let slip = || n.fields.iter().find(|g| is_slip(&f.wire, &g.wire));
                        if let Some(g) = same.or_else(slip) {
                            self.meet(&f.of.ty, &g.of.ty);
                        }
                    }
                    if let (Some(f), Some(g)) = (&m.additional, &n.additional) {
                        self.meet(&f.ty, &g.ty);
                    }
                }
                (TypeKind::Union(u), TypeKind::Union(v)) => {
                    let of = |api: &Api, ty: &Type| ty.named().map(|id| fingerprint(api, id));
                    for branch in &u.branches {
                        let print = of(self.old, &branch.ty);
                        let same = v.branches.iter().find(|c| print.is_some() && of(self.new, &c.ty) == print);
                        if let Some(other) = same {
                            self.meet(&branch.ty, &other.ty);
                        }
                    }
                    // Then those that are left, in their order.
                    for (branch, other) in u.branches.iter().zip(&v.branches) {
                        self.meet(&branch.ty, &other.ty);
                    }
                }
                _ => {}
            }
        }
    }

    fn meet_operations(&mut self, a: usize, b: usize) {
        let (Some(o), Some(n)) = (self.old.operations.get(a), self.new.operations.get(b)) else { return };
        for p in &o.parameters {
            let same = n.parameters.iter().find(|q| q.is_same(p));
            if let Some(q) = same.or_else(|| n.parameters.iter().find(|q| q.wire == p.wire)) {
                self.meet(&p.of.ty, &q.of.ty);
            }
        }
        let of = |content: &Option<(String, Content)>| content.as_ref().and_then(|(_, c)| c.of().cloned());
        if let (Some(x), Some(y)) =
            (o.body.as_ref().and_then(|b| b.content.of()), n.body.as_ref().and_then(|b| b.content.of()))
        {
            self.meet(&x.ty, &y.ty);
        }
        for r in &o.responses {
            let same = n.responses.iter().find(|s| s.status == r.status);
            let is_success = Operation::is_success(&r.status);
            let success = || n.successes().find(|s| is_success && s.content.is_some());
            if let Some(s) = same.or_else(success)
                && let (Some(x), Some(y)) = (of(&r.content), of(&s.content))
            {
                self.meet(&x.ty, &y.ty);
            }
        }
    }

    /// Two types at one place: compared where they have much in common, though the lock knows only equal ones again.
    fn meet(&mut self, a: &Type, b: &Type) {
        match (a, b) {
            (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => self.meet(&x.ty, &y.ty),
            (Type::Tuple(x), Type::Tuple(y)) => {
                x.uses().zip(y.uses()).for_each(|(x, y)| self.meet(&x.ty, &y.ty));
            }
            // One that became many is the same one.
            (Type::Named(_), Type::List(y)) => self.meet(a, &y.ty),
            (Type::List(x), Type::Named(_)) => self.meet(&x.ty, b),
            (Type::Named(x), Type::Named(y)) => self.meet_named(*x, *y),
            _ => {}
        }
    }

    fn meet_named(&mut self, a: TypeId, b: TypeId) {
        if self.pairs.of(a).is_some() {
            return;
        }
        let (Some(x), Some(y)) = (self.old.get(a), self.new.get(b)) else { return };
        if std::mem::discriminant(&x.kind) != std::mem::discriminant(&y.kind) {
            return;
        }
        let alike = fingerprint(self.old, a) == fingerprint(self.new, b);
        let in_place = component(x).is_none() && component(y).is_none();
        if alike || (self.pairs.is_new(b) && (in_place || overlap(x, y) >= 50)) {
            self.join(a, b);
        }
    }

    /// Operations with another id at another place that give the same and look alike.
    fn like_operations(&mut self) {
        let mut candidates = Vec::new();
        let (olds, news) = (self.old, self.new);
        for (i, o) in olds.operations.iter().enumerate() {
            if self.pairs.operations.get(i).is_some_and(Option::is_some) {
                continue;
            }
            for (j, n) in news.operations.iter().enumerate() {
                let taken = self.pairs.operations_back.get(j).is_some_and(Option::is_some);
                // What gives another type is another operation; only then is it worth to compare words.
                if taken || o.method != n.method || !self.may_be_same_result(o, n) {
                    continue;
                }
                let path = likeness(&place(o).1, &place(n).1);
                let id = likeness(&o.id, &n.id);
                if path >= 0.6 && id >= 0.5 && self.same_result(o, n) {
                    candidates.push((path + id, i, j));
                }
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, i, j) in candidates {
            self.join_operations(i, j);
        }
    }

    /// A cheap no before [`Self::same_result`].
    fn may_be_same_result(&self, o: &Operation, n: &Operation) -> bool {
        let has = |o: &Operation| o.successes().any(|r| matches!(&r.content, Some((_, c)) if c.of().is_some()));
        if has(o) { self.same_result(o, n) } else { !has(n) && o.parameters.len() == n.parameters.len() }
    }

    /// Whether both give the same type, one that has a name.
    fn same_result(&self, o: &Operation, n: &Operation) -> bool {
        let of = |o: &Operation| {
            let success = o.successes().find(|r| r.content.is_some());
            success.and_then(|r| r.content.as_ref()).and_then(|(_, c)| c.of()).map(|u| u.ty.clone())
        };
        match (of(o), of(n)) {
            (Some(a), Some(b)) => !matches!(a, Type::Scalar(_) | Type::Any) && self.pairs.same(&a, &b),
            // Nothing on both sides, as of a DELETE: the paths must say it alone.
            (None, None) => likeness(&place(o).1, &place(n).1) >= 0.85,
            _ => false,
        }
    }

    /// Tags of the same name, then those whose operations went along together.
    fn tags(&mut self) {
        let (olds, news) = (self.old, self.new);
        let join = |pairs: &mut Pairs, a: usize, b: usize| {
            if let (Some(slot @ None), Some(back @ None)) = (pairs.tags.get_mut(a), pairs.tags_back.get_mut(b)) {
                *slot = Some(b);
                *back = Some(a);
            }
        };
        for (i, tag) in olds.tags.iter().enumerate() {
            if let Some(j) = news.tags.iter().position(|t| t.wire == tag.wire) {
                join(&mut self.pairs, i, j);
            }
        }
        for (i, _) in olds.tags.iter().enumerate() {
            if self.pairs.tags.get(i).is_some_and(Option::is_some) {
                continue;
            }
            let mut went: BTreeMap<usize, usize> = BTreeMap::new();
            let mut all = 0;
            for (o, to) in olds.operations.iter().zip(&self.pairs.operations).filter(|(o, _)| o.tag == i) {
                let _ = o;
                if let Some(n) = to.and_then(|j| news.operations.get(j)) {
                    all += 1;
                    *went.entry(n.tag).or_default() += 1;
                }
            }
            let best = went.into_iter().max_by_key(|(tag, n)| (*n, std::cmp::Reverse(*tag)));
            if let Some((tag, n)) = best
                && n * 2 > all
            {
                join(&mut self.pairs, i, tag);
            }
        }
    }
}

fn known<'a>(def: &'a TypeDef, traits: &'a str, name: &'a str, component: bool) -> KnownType<'a> {
    KnownType { pointer: def.origin.pointer.as_str(), name, traits, component, gone: false }
}

fn ids(api: &Api) -> impl Iterator<Item = TypeId> + use<> {
    (0..api.types.len()).map(TypeId::at)
}

/// The name of a component.
pub(super) fn component(def: &TypeDef) -> Option<&str> {
    match &def.label {
        Label::Component(name) => Some(name),
        _ => None,
    }
}

/// Method, and path without the names of its parameters.
fn place(o: &Operation) -> (String, String) {
    let mut path = String::with_capacity(o.path.len());
    let mut inside = false;
    for c in o.path.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        path.push(c);
    }
    for (k, v) in &o.fixed_query {
        path.push_str(&format!("?{k}={v}"));
    }
    (o.method.clone(), path)
}

/// How many of the members two types have in common, from 0 to 100: what was changed much at its place is still the same type.
fn overlap(a: &TypeDef, b: &TypeDef) -> usize {
    let wires = |def: &TypeDef| -> Vec<String> {
        match &def.kind {
            TypeKind::Model(m) => m.fields.iter().map(|f| f.wire.clone()).collect(),
            TypeKind::Enum(e) => e.values.iter().map(|v| v.wire.clone()).collect(),
            TypeKind::Union(u) => u.branches.iter().map(|b| b.label.clone().unwrap_or_default()).collect(),
        }
    };
    let (x, y) = (wires(a), wires(b));
    let common = x.iter().filter(|w| y.contains(w)).count();
    let all = x.len() + y.len() - common;
    (100 * common).checked_div(all).unwrap_or(0)
}
