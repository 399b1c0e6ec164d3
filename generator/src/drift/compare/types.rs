//! Models, enums and unions: each pair once, at its declaration.

use super::draft::{Draft, from_to};
use super::members::quiet;
use super::pairing::component;
use super::{Diff, limits, wire};
use crate::base::Pointer;
use crate::document::keys;
use crate::drift::change::{Class, Survival};
use crate::history::likeness::is_slip;
use crate::ir::{Label, TypeDef, TypeId, TypeKind};
use crate::render::surface::{Given, Shown};
use std::collections::BTreeSet;

/// Codes for flags and words of a type.
const WORDS: (&str, &str, &str) = ("D0505", "D0506", "D0507");

impl Diff<'_> {
    /// Compares all types.
    pub(super) fn types(&mut self) {
        for (a, _) in self.old.api().defs() {
            match self.pairs.of(a) {
                Some(b) => self.type_pair(a, b),
                None => self.type_removed(a),
            }
        }
        for (b, _) in self.new.api().defs() {
            if self.pairs.is_new(b) {
                self.type_added(b);
            }
        }
    }

    /// What both sides of a type say of where it is and whom it concerns.
    fn about_types(&self, draft: &mut Draft, a: Option<TypeId>, b: Option<TypeId>) {
        if let Some(a) = a {
            draft.old = self.old.def(a).map(|d| self.old.place(&d.origin));
            draft.path_old = Some(self.old.path(a));
            draft.rust_old = self.old.type_rust(a);
        }
        if let Some(b) = b {
            draft.new = self.new.def(b).map(|d| self.new.place(&d.origin));
            draft.path_new = Some(self.new.path(b));
            draft.rust_new = self.new.type_rust(b);
        }
        self.concerns(draft, a, b);
    }

    /// The operations that a type concerns.
    pub(super) fn concerns(&self, draft: &mut Draft, a: Option<TypeId>, b: Option<TypeId>) {
        let of_new = b.map(|b| self.new.reaching(b)).unwrap_or_default();
        let of_old = a.map(|a| self.old.reaching(a)).unwrap_or_default();
        let mut tags: BTreeSet<String> = self.new.tags_of(&of_new).into_iter().collect();
        if of_new.is_empty() {
            tags.extend(self.old.tags_of(&of_old));
        }
        draft.tags = tags.into_iter().collect();
        draft.operations = if of_new.is_empty() { of_old.len() } else { of_new.len() };
    }

    /// Gone types that are not part of something else that is gone or reported where its type changed.
    fn type_removed(&mut self, a: TypeId) {
        let Some(def) = self.old.def(a) else { return };
        if component(def).is_none() {
            return;
        }
        let mut draft = Draft::default();
        self.about_types(&mut draft, Some(a), None);
        let visible = self.old.seen(a).is_some_and(|s| s.shown == Shown::Item);
        let class = if visible { Class::BreaksCompiling } else { Class::DocumentationOnly };
        match component(def).filter(|name| self.new.schema(name).is_some()) {
            Some(name) => {
                draft.new = self.new.schema_place(name);
                draft.add(class, "D0504", format!("`{name}` is no {} any more", word(def)));
                self.replaced.insert(name.to_owned());
            }
            None => draft.add(class, "D0501", ""),
        }
        self.push(draft);
    }

    fn type_added(&mut self, b: TypeId) {
        let Some(def) = self.new.def(b) else { return };
        if component(def).is_none() {
            return;
        }
        let mut draft = Draft::default();
        self.about_types(&mut draft, None, Some(b));
        match component(def).filter(|name| self.old.schema(name).is_some()) {
            Some(name) => {
                draft.old = self.old.schema_place(name);
                draft.add(Class::Additive, "D0504", format!("`{name}` is {} now", with_article(def)));
                self.replaced.insert(name.to_owned());
            }
            None => draft.add(Class::Additive, "D0502", ""),
        }
        self.push(draft);
    }

    /// Types written in place that were one item and are two, or the reverse: code notices that took one for the other, or that gives
    /// each a trait.
    fn repeated(&self, draft: &mut Draft, a: TypeId, b: TypeId) {
        let (old, new) = (&self.old.u.names, &self.new.u.names);
        let (item_old, item_new) = (old.item_of(a), new.item_of(b));
        // Each is held against the first of its old names that is there still, and of its new ones that was there before: what is gone
        // or new altogether is reported as that.
        let still = old.names_of_item(item_old).find_map(|other| Some((other, self.pairs.of(other)?)));
        if let Some((other, _)) = still.filter(|(other, now)| *other != a && new.item_of(*now) != item_new) {
            let text = format!("it was one type with `{}`, and is so no more", self.old.name(other));
            draft.add(Class::BreaksCompiling, "D0515", text);
        }
        let known = |other: TypeId| Some((other, self.pairs.types_back.of(other)?.first().copied()?));
        let before = new.names_of_item(item_new).find_map(known);
        if let Some((other, _)) = before.filter(|(other, before)| *other != b && old.item_of(*before) != item_old) {
            let text = format!("it is one type with `{}` now, and was a type of its own", self.new.name(other));
            draft.add(Class::BreaksCompiling, "D0515", text);
        }
    }

    fn type_pair(&mut self, a: TypeId, b: TypeId) {
        let (Some(x), Some(y)) = (self.old.def(a), self.new.def(b)) else { return };
        let (Some(seen_old), Some(seen_new)) = (self.old.seen(a), self.new.seen(b)) else { return };
        let mut draft = Draft::default();
        let visible = seen_old.shown == Shown::Item;
        if std::mem::discriminant(&x.kind) != std::mem::discriminant(&y.kind) {
            draft.add(Class::BreaksCompiling, "D0504", format!("{} → {}", word(x), word(y)));
            if self.old.in_responses(a) {
                let read = wire::replaced(&self.old, &self.new, a, b);
                draft.reads(self.old.endured(a, read));
            }
            if self.old.in_requests(a) {
                draft.sends(wire::sent_as(&self.old, &self.new, a, b));
            }
            return self.push_type(draft, a, b);
        }
        let components = component(x).zip(component(y)).filter(|(p, q)| p != q);
        if visible && matches!(seen_new.shown, Shown::Builder(_)) {
            draft.add(Class::BreaksCompiling, "D0501", "its members are given to the builder now");
        } else if !visible && let Some((p, q)) = components {
            draft.add(Class::DocumentationOnly, "D0503", format!("`{p}` → `{q}`, no item of its own in Rust"));
        }
        match (component(x), component(y)) {
            (Some(name), None) if self.new.schema(name).is_none() => {
                draft.add(Class::DocumentationOnly, "D0513", format!("`{name}` is written in place now"));
            }
            (None, Some(name)) if self.old.schema(name).is_none() => {
                draft.add(Class::DocumentationOnly, "D0513", format!("`{name}` was written in place"));
            }
            _ => {}
        }
        if matches!((seen_old.shown, seen_new.shown), (Shown::Item, Shown::Page) | (Shown::Page, Shown::Item)) {
            let text = match seen_new.shown {
                Shown::Page => "the generic page takes its place now",
                _ => "it is a type of its own, no generic page, now",
            };
            draft.add(Class::BreaksCompiling, "D0503", text);
        }
        if visible && seen_new.shown == Shown::Item {
            let (old_name, new_name) = (self.old.name(a), self.new.name(b));
            if old_name != new_name && self.new.answers_to(b, &old_name) {
                draft.add(Class::Deprecating, "D0503", "the old name stays for now, as an alias");
            } else if old_name != new_name && !self.follows(x, y) {
                draft.add(Class::BreaksCompiling, "D0503", "");
                // Unless the old name means something else now.
                let taken = self.new.u.names.types.iter().any(|name| *name == old_name);
                let alias = format!("`type {old_name} = {new_name};` keeps old code compiling");
                draft.help = Some(alias).filter(|_| !taken);
            } else if let Some((p, q)) = components.filter(|_| old_name == new_name) {
                draft.add(Class::DocumentationOnly, "D0503", format!("`{p}` → `{q}`, the Rust name stays"));
            }
        }
        if visible && seen_new.shown == Shown::Item {
            self.repeated(&mut draft, a, b);
        }
        // Several old types that have become one differ in nothing but their names.
        let first = self.pairs.types_back.of(b).and_then(|l| l.first()).copied();
        if first.is_some_and(|f| f != a) {
            return self.push_type(draft, a, b);
        }
        if visible {
            match (seen_old.buildable, seen_new.buildable) {
                (true, false) if matches!(x.kind, TypeKind::Model(_)) => {
                    draft.add(Class::BreaksCompiling, "D0508", "");
                }
                (false, true) if matches!(x.kind, TypeKind::Model(_)) => draft.add(Class::Additive, "D0509", ""),
                _ => {}
            }
            if seen_old.derives != seen_new.derives {
                let lost: Vec<_> = seen_old.derives.iter().filter(|d| !seen_new.derives.contains(d)).collect();
                let class = if lost.is_empty() { Class::Additive } else { Class::BreaksCompiling };
                let detail = format!("[{}] → [{}]", seen_old.derives.join(", "), seen_new.derives.join(", "));
                draft.add(class, "D0510", detail);
            }
        }
        let place = |def: &TypeDef| Pointer::parse(keys::place(def.origin.pointer.as_str())).unwrap_or_default();
        let differ = limits::differences((&self.old, &place(x)), (&self.new, &place(y)), true);
        self.limits(&mut draft, "D0518", &differ, self.old.in_requests(a).then_some(false));
        // The words of a schema in place are those of the member it is the type of.
        if !is_member(x) || !is_member(y) {
            self.words(&mut draft, &x.docs, &y.docs, WORDS, seen_new.shown == Shown::Item);
        }
        match (&x.kind, &y.kind) {
            (TypeKind::Model(m), TypeKind::Model(n)) => {
                let differ = match (&m.additional, &n.additional) {
                    (Some(p), Some(q)) => p.nullable != q.nullable || !self.pairs.same(&p.ty, &q.ty),
                    (None, None) => false,
                    _ => true,
                };
                if differ {
                    if self.old.in_responses(a) {
                        draft.reads(Some(Survival::Survives("further members are kept as they come".to_owned())));
                    }
                    if self.old.in_requests(a) {
                        draft.sends(match (&m.additional, &n.additional) {
                            (Some(p), Some(q)) => wire::sends(&self.old, &self.new, &self.pairs, &p.ty, &q.ty, false),
                            (Some(_), None) => {
                                let text = "further members are still sent: the API ignores or refuses them";
                                Some(Survival::Depends(text.to_owned()))
                            }
                            (None, _) => None,
                        });
                    }
                    let detail = match (&m.additional, &n.additional) {
                        (None, _) => "they have a type now",
                        (_, None) => "they have no type any more",
                        _ => "they have another type",
                    };
                    // They have an accessor, which gives their type.
                    let class = match m.additional.is_some() && visible && seen_new.shown == Shown::Item {
                        true => Class::BreaksCompiling,
                        false => quiet(&draft.survives),
                    };
                    draft.add(class, "D0511", detail);
                }
                let pairs = self.field_pairs(a, b);
                if visible && seen_old.buildable && seen_new.buildable {
                    self.constructor_order(&mut draft, a, b, &pairs);
                }
                self.push_type(draft, a, b);
                self.fields(a, b, &pairs);
            }
            (TypeKind::Enum(e), TypeKind::Enum(f)) => {
                if e.numeric != f.numeric {
                    let words = |n: bool| if n { "numbers" } else { "texts" };
                    if self.old.in_responses(a) {
                        let text = "they are read, reported, and kept as `Unrecognized` where the text differs";
                        draft.reads(Some(Survival::Survives(text.to_owned())));
                    }
                    if self.old.in_requests(a) {
                        let text = format!("{} are sent: the API refuses them", words(e.numeric));
                        draft.sends(Some(Survival::Fails(text)));
                    }
                    let detail = format!("{} → {}", words(e.numeric), words(f.numeric));
                    draft.add(quiet(&draft.survives), "D0707", detail);
                }
                self.push_type(draft, a, b);
                self.values(a, b);
            }
            (TypeKind::Union(u), TypeKind::Union(v)) => {
                let marked = |side: &super::Side<'_>, id: TypeId, d: &Option<String>| {
                    let tags = side.u.facts.tags.get(&id);
                    let found = tags.and_then(|t| t.iter().flatten().next()).map(|(p, _)| p.clone());
                    d.clone().or(found)
                };
                let (p, q) = (marked(&self.old, a, &u.discriminator), marked(&self.new, b, &v.discriminator));
                if p != q {
                    let words = |p: Option<String>| p.map_or("by what they are".to_owned(), |p| format!("by `{p}`"));
                    if self.old.in_responses(a) {
                        let text = match p {
                            None => "values are distinguished by what they are, as before",
                            Some(_) => {
                                "what the old client cannot distinguish it reads as the choice that explains most, or keeps raw"
                            }
                        };
                        draft.reads(Some(Survival::Survives(text.to_owned())));
                    }
                    draft.add(quiet(&draft.survives), "D0805", format!("{} → {}", words(p), words(q)));
                }
                self.push_type(draft, a, b);
                self.choices(a, b);
            }
            _ => {}
        }
    }

    fn push_type(&mut self, mut draft: Draft, a: TypeId, b: TypeId) {
        if !draft.is_empty() {
            self.about_types(&mut draft, Some(a), Some(b));
            self.push(draft);
        }
    }

    /// Whether a part's new name is only that of what it is a part of.
    fn follows(&self, x: &TypeDef, y: &TypeDef) -> bool {
        match (&x.label, &y.label) {
            (Label::Part { parent: p, part: m }, Label::Part { parent: q, part: n }) => {
                let same_parent = self.pairs.of(*p) == Some(*q);
                // The parent's rename, or the member's, says it.
                same_parent
                    && (self.old.name(*p) != self.new.name(*q) || m != n || self.old.path(*p) != self.new.path(*q))
            }
            (Label::Operation { operation: p, .. }, Label::Operation { operation: q, .. }) => {
                let ids = (self.old.api().operations.get(*p), self.new.api().operations.get(*q));
                matches!(ids, (Some(o), Some(n)) if o.id != n.id)
            }
            _ => false,
        }
    }

    /// Which fields belong together: by wire name, then by slips of the pen between what is left.
    pub(super) fn field_pairs(&self, a: TypeId, b: TypeId) -> FieldPairs {
        let fields = |def: Option<&TypeDef>| def.and_then(TypeDef::model).map(|m| m.fields.clone()).unwrap_or_default();
        let (olds, news) = (fields(self.old.def(a)), fields(self.new.def(b)));
        let mut to: Vec<Option<usize>> = olds.iter().map(|f| news.iter().position(|g| g.wire == f.wire)).collect();
        let mut candidates = Vec::new();
        for (i, f) in olds.iter().enumerate().filter(|(i, _)| to.get(*i).is_some_and(Option::is_none)) {
            for (j, g) in news.iter().enumerate().filter(|(j, _)| !to.contains(&Some(*j))) {
                if is_slip(&f.wire, &g.wire) && self.pairs.same(&f.of.ty, &g.of.ty) {
                    candidates.push((strsim::osa_distance(&f.wire, &g.wire), i, j));
                }
            }
        }
        candidates.sort_unstable();
        for (_, i, j) in candidates {
            if !to.contains(&Some(j))
                && let Some(slot @ None) = to.get_mut(i)
            {
                *slot = Some(j);
            }
        }
        let added = (0..news.len()).filter(|j| !to.contains(&Some(*j))).collect();
        FieldPairs { to, added }
    }

    /// The common arguments of `new`, where they come in another order, or are given in another way.
    fn constructor_order(&self, draft: &mut Draft, a: TypeId, b: TypeId, pairs: &FieldPairs) {
        let is_item =
            |side: &super::Side<'_>, id| side.seen(id).is_some_and(|seen| seen.shown == Shown::Item && seen.buildable);
        if !is_item(&self.old, a) || !is_item(&self.new, b) {
            return;
        }
        match (self.old.u.names.args_of(a), self.new.u.names.args_of(b)) {
            (None, None) => {}
            // Fields have no order.
            (Some(old), Some(new)) if old == new || self.old.name(a) != self.new.name(b) => return,
            _ => {
                let detail = from_to(&self.old.arguments_of_new(a), &self.new.arguments_of_new(b));
                draft.add(Class::BreaksCompiling, "D0514", detail);
                return;
            }
        }
        let argument = |given: Given| match given {
            Given::Argument(ty) => Some(ty),
            _ => None,
        };
        let rank = |side: &super::Side<'_>, id: TypeId, i: usize| {
            side.u.names.arguments.list(id).iter().position(|at| *at == i).unwrap_or(usize::MAX)
        };
        let mut common = Vec::new();
        for (i, to) in pairs.to.iter().enumerate() {
            let (Some(j), Some(ty)) = (*to, argument(self.old.member_given(a, i))) else { continue };
            if let Some(now) = argument(self.new.member_given(b, j)) {
                common.push((rank(&self.old, a, i), rank(&self.new, b, j), j, ty, now));
            }
        }
        common.sort_by_key(|(old, ..)| *old);
        let before: Vec<(usize, String, String)> =
            common.iter().map(|(_, _, j, ty, now)| (*j, ty.clone(), now.clone())).collect();
        common.sort_by_key(|(_, new, ..)| *new);
        let after: Vec<(usize, String, String)> = common.into_iter().map(|(_, _, j, ty, now)| (j, ty, now)).collect();
        if before == after {
            return;
        }
        let name = |list: &[(usize, String, String)]| {
            list.iter().map(|(j, ..)| self.new.member(b, *j)).collect::<Vec<_>>().join(", ")
        };
        let detail = format!("({}) → ({})", name(&before), name(&after));
        let noticed = before.iter().zip(&after).any(|((_, ty, _), (.., now))| !self.accepts(ty, now));
        let class = if noticed { Class::BreaksCompiling } else { Class::BreaksAtRunTime };
        draft.add(class, "D0512", detail);
        draft.help = Some("look at every call of `new`".to_owned());
    }
}

/// The fields of two models.
pub(super) struct FieldPairs {
    /// Old field → new field.
    pub(super) to: Vec<Option<usize>>,
    /// New fields that no old one has become.
    pub(super) added: Vec<usize>,
}

/// Whether a type is the schema of a member, written in place.
fn is_member(def: &TypeDef) -> bool {
    let owner = def.origin.pointer.parent().and_then(|p| p.last());
    component(def).is_none() && owner.as_deref() == Some("properties")
}

fn with_article(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Model(_) => "a model",
        TypeKind::Enum(_) => "an enum",
        TypeKind::Union(_) => "a union",
    }
}

/// What sort of type it is.
fn word(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Model(_) => "model",
        TypeKind::Enum(_) => "enum",
        TypeKind::Union(_) => "union",
    }
}
