//! Which node of the old document is which of the new one: by name, by place, then by what they are made of.
//!
//! The same two documents always give the same pairs: candidates are gone through in document order, and the best pair
//! goes first.

use super::rename::{is_slip, likeness};
use crate::ir::{Api, Content, Label, Operation, Type, TypeDef, TypeId, TypeKind};
use crate::name;
use crate::pipeline::Understood;
use crate::render::surface::{Shown, Surface};
use std::collections::{BTreeMap, HashMap};

/// What belongs together. An old node has at most one new one; several old types may have become one.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) types: Vec<Option<TypeId>>,
    pub(super) types_back: Vec<Vec<TypeId>>,
    pub(super) operations: Vec<Option<usize>>,
    pub(super) operations_back: Vec<Option<usize>>,
    pub(super) tags: Vec<Option<usize>>,
    pub(super) tags_back: Vec<Option<usize>>,
}

impl Pairs {
    /// What an old type has become.
    pub(super) fn of(&self, id: TypeId) -> Option<TypeId> {
        self.types.get(id.0 as usize).copied().flatten()
    }

    /// Whether nothing old has become this type.
    pub(super) fn is_new(&self, id: TypeId) -> bool {
        self.types_back.get(id.0 as usize).is_none_or(Vec::is_empty)
    }

    /// Whether the two are the same type, each in its document.
    pub(super) fn same(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Named(a), Type::Named(b)) => self.of(*a) == Some(*b),
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => {
                a.nullable == b.nullable && self.same(&a.ty, &b.ty)
            }
            _ => old == new,
        }
    }
}

/// Pairs everything.
pub(super) fn pair(old: &Understood, new: &Understood, old_surface: &Surface, new_surface: &Surface) -> Pairs {
    let pairs = Pairs {
        types: vec![None; old.api.types.len()],
        types_back: vec![Vec::new(); new.api.types.len()],
        operations: vec![None; old.api.operations.len()],
        operations_back: vec![None; new.api.operations.len()],
        tags: vec![None; old.api.tags.len()],
        tags_back: vec![None; new.api.tags.len()],
    };
    let mut p = Pairing { old: &old.api, new: &new.api, pairs, todo: Vec::new() };
    p.components();
    p.same_operations();
    p.same_places();
    p.rust_names((&old.names.types, old_surface), (&new.names.types, new_surface));
    p.walk();
    p.same_bodies();
    p.walk();
    p.like_bodies();
    p.walk();
    p.like_operations();
    p.walk();
    p.tags();
    p.pairs
}

struct Pairing<'a> {
    old: &'a Api,
    new: &'a Api,
    pairs: Pairs,
    /// Pairs whose parts have not met yet.
    todo: Vec<(TypeId, TypeId)>,
}

impl Pairing<'_> {
    fn join(&mut self, a: TypeId, b: TypeId) {
        if let (Some(slot @ None), Some(back)) =
            (self.pairs.types.get_mut(a.0 as usize), self.pairs.types_back.get_mut(b.0 as usize))
        {
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

    /// Components of the same name.
    fn components(&mut self) {
        let by_name: HashMap<&str, TypeId> =
            ids(self.new).filter_map(|id| Some((component(self.new.get(id)?)?, id))).collect();
        for id in ids(self.old) {
            let found = self.old.get(id).and_then(component).and_then(|name| by_name.get(name));
            if let Some(&other) = found {
                self.join(id, other);
            }
        }
    }

    /// Operations of the same id, then of the same method and path.
    fn same_operations(&mut self) {
        let by_id: HashMap<&str, usize> =
            self.new.operations.iter().enumerate().map(|(i, o)| (o.id.as_str(), i)).collect();
        let by_place: HashMap<(String, String), usize> =
            self.new.operations.iter().enumerate().map(|(i, o)| (place(o), i)).collect();
        let olds = self.old;
        for (i, o) in olds.operations.iter().enumerate() {
            if let Some(&other) = by_id.get(o.id.as_str()) {
                self.join_operations(i, other);
            }
        }
        for (i, o) in olds.operations.iter().enumerate() {
            if let Some(&other) = by_place.get(&place(o)) {
                self.join_operations(i, other);
            }
        }
    }

    /// Schemas in place that still stand where they stood. Before names are looked at: a component may have taken theirs.
    fn same_places(&mut self) {
        let (olds, news) = (self.old, self.new);
        fn place(api: &Api, id: TypeId) -> Option<&str> {
            api.get(id).filter(|def| component(def).is_none()).map(|def| def.origin.pointer.as_str())
        }
        let by_place: HashMap<&str, TypeId> =
            self.free_new().into_iter().filter_map(|id| Some((place(news, id)?, id))).collect();
        for a in self.free_old() {
            let Some(&b) = place(olds, a).and_then(|at| by_place.get(at)) else { continue };
            // Branches have no names, only numbers: there the body must be the same.
            let alike = || name::fingerprint(olds, a) == name::fingerprint(news, b);
            if self.pairs.is_new(b) && alike() {
                self.join(a, b);
            }
        }
    }

    /// Items of the same Rust name: to whoever uses the crate they are the same, wherever they stand in the document.
    fn rust_names(&mut self, old: (&[String], &Surface), new: (&[String], &Surface)) {
        let is_item = |s: &Surface, i: usize| s.types.get(i).is_some_and(|t| t.shown == Shown::Item);
        let by_name: HashMap<&str, TypeId> = self
            .free_new()
            .into_iter()
            .filter(|id| is_item(new.1, id.0 as usize))
            .filter_map(|id| Some((new.0.get(id.0 as usize)?.as_str(), id)))
            .collect();
        for id in self.free_old() {
            let found = old.0.get(id.0 as usize).and_then(|name| by_name.get(name.as_str()));
            if let Some(&other) = found.filter(|_| is_item(old.1, id.0 as usize)) {
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
                    let of = |api: &Api, ty: &Type| ty.named().map(|id| name::fingerprint(api, id));
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
            if let Some(q) = n.parameters.iter().find(|q| q.wire == p.wire) {
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
            let success = || {
                let class = Operation::is_success(&r.status);
                n.responses.iter().find(|s| class && Operation::is_success(&s.status) && s.content.is_some())
            };
            if let Some(s) = same.or_else(success)
                && let (Some(x), Some(y)) = (of(&r.content), of(&s.content))
            {
                self.meet(&x.ty, &y.ty);
            }
        }
    }

    /// Two types at one place.
    fn meet(&mut self, a: &Type, b: &Type) {
        match (a, b) {
            (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => self.meet(&x.ty, &y.ty),
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
        let alike = name::fingerprint(self.old, a) == name::fingerprint(self.new, b);
        let in_place = component(x).is_none() && component(y).is_none();
        if alike || (self.pairs.is_new(b) && (in_place || overlap(x, y) >= 50)) {
            self.join(a, b);
        }
    }

    /// Components that are gone and new ones with the same body.
    fn same_bodies(&mut self) {
        let mut by_body: BTreeMap<String, (Vec<TypeId>, Vec<TypeId>)> = BTreeMap::new();
        for id in self.free_old().into_iter().filter(|id| is_component(self.old, *id)) {
            by_body.entry(name::fingerprint(self.old, id)).or_default().0.push(id);
        }
        for id in self.free_new().into_iter().filter(|id| is_component(self.new, *id)) {
            by_body.entry(name::fingerprint(self.new, id)).or_default().1.push(id);
        }
        for (olds, news) in by_body.into_values() {
            let lonely = olds.len() == 1 && news.len() == 1;
            let mut candidates = Vec::new();
            for &a in &olds {
                for &b in &news {
                    let (Some(x), Some(y)) = (self.old.get(a), self.new.get(b)) else { continue };
                    let like = likeness(component(x).unwrap_or_default(), component(y).unwrap_or_default());
                    // A body of one common member says little: the names must speak too.
                    if like >= 50 || (lonely && members(x) >= 3) {
                        candidates.push((std::cmp::Reverse(like), a, b));
                    }
                }
            }
            self.best_first(candidates);
        }
    }

    /// Components that are gone and new ones with nearly the same body.
    fn like_bodies(&mut self) {
        let news: Vec<TypeId> = self.free_new().into_iter().filter(|id| is_component(self.new, *id)).collect();
        let mut candidates = Vec::new();
        for a in self.free_old().into_iter().filter(|id| is_component(self.old, *id)) {
            for &b in &news {
                let (Some(x), Some(y)) = (self.old.get(a), self.new.get(b)) else { continue };
                if std::mem::discriminant(&x.kind) != std::mem::discriminant(&y.kind) {
                    continue;
                }
                // So few against so many cannot have half of all in common.
                let (less, more) = (members(x).min(members(y)), members(x).max(members(y)));
                if less * 2 < more {
                    continue;
                }
                let over = overlap(x, y);
                if over < 50 {
                    continue;
                }
                let like = likeness(component(x).unwrap_or_default(), component(y).unwrap_or_default());
                let known = members(x).min(members(y));
                if (over >= 80 && known >= 4 && like >= 30) || (known >= 2 && like >= 70) {
                    candidates.push((std::cmp::Reverse(over + like), a, b));
                }
            }
        }
        self.best_first(candidates);
    }

    fn best_first(&mut self, mut candidates: Vec<(std::cmp::Reverse<usize>, TypeId, TypeId)>) {
        candidates.sort();
        for (_, a, b) in candidates {
            if self.pairs.of(a).is_none() && self.pairs.is_new(b) {
                self.join(a, b);
            }
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
                if path >= 60 && id >= 50 && self.same_result(o, n) {
                    candidates.push((std::cmp::Reverse(path + id), i, j));
                }
            }
        }
        candidates.sort();
        for (_, i, j) in candidates {
            self.join_operations(i, j);
        }
    }

    /// A cheap no before [`Self::same_result`].
    fn may_be_same_result(&self, o: &Operation, n: &Operation) -> bool {
        let has = |o: &Operation| {
            o.responses
                .iter()
                .any(|r| Operation::is_success(&r.status) && matches!(&r.content, Some((_, c)) if c.of().is_some()))
        };
        if has(o) { self.same_result(o, n) } else { !has(n) && o.parameters.len() == n.parameters.len() }
    }

    /// Whether both give the same type, one that has a name.
    fn same_result(&self, o: &Operation, n: &Operation) -> bool {
        let of = |o: &Operation| {
            let success = o.responses.iter().find(|r| Operation::is_success(&r.status) && r.content.is_some());
            success.and_then(|r| r.content.as_ref()).and_then(|(_, c)| c.of()).map(|u| u.ty.clone())
        };
        match (of(o), of(n)) {
            (Some(a), Some(b)) => !matches!(a, Type::Scalar(_) | Type::Any) && self.pairs.same(&a, &b),
            // Nothing on both sides, as of a DELETE: the paths must say it alone.
            (None, None) => likeness(&place(o).1, &place(n).1) >= 85,
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

fn ids(api: &Api) -> impl Iterator<Item = TypeId> + use<> {
    (0..api.types.len()).map(|i| TypeId(i as u32))
}

/// The name of a component.
pub(super) fn component(def: &TypeDef) -> Option<&str> {
    match &def.label {
        Label::Component(name) => Some(name),
        _ => None,
    }
}

fn is_component(api: &Api, id: TypeId) -> bool {
    api.get(id).is_some_and(|def| component(def).is_some())
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

fn members(def: &TypeDef) -> usize {
    match &def.kind {
        TypeKind::Model(m) => m.fields.len(),
        TypeKind::Enum(e) => e.values.len(),
        TypeKind::Union(u) => u.branches.len(),
    }
}

/// How many of the members two types have in common, from 0 to 100.
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
