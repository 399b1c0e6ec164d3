//! Types written in place that say the same → one item, and other names of it: tools write a schema out wherever it is used, and each
//! item costs the compiler whether its twin is there or not.
//!
//! The same are types whose items would be the same text but for their names, down to the words at each member. Components are what
//! their authors want to be types of their own. Types that meet in one place, where a value of one could be given for the other or a
//! union could not tell them apart, stay apart as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Decisions, Names};
use crate::analyze::{Facts, Mention};
use crate::ir::{Api, Branch, Docs, Enum, EnumValue, Field, Label, Model, Type, TypeDef, TypeId, TypeKind, Union, Use};

/// Per type with no item of its own: the type whose item it has.
pub(super) fn repeated(api: &Api, facts: &Facts, decisions: &Decisions, names: &Names) -> BTreeMap<TypeId, TypeId> {
    let mut texts: Vec<Option<String>> = Vec::new();
    for (id, def) in api.defs() {
        texts.push(may_repeat(facts, decisions, names, id, def).then(|| text(facts, names, id, def)));
    }
    let children: Vec<Vec<TypeId>> = api.types.iter().map(children).collect();
    let together = together(api, facts, names);
    // Whoever is set apart sets those apart that are made of it, so that the classes are made anew until nobody is.
    let classes = loop {
        let classes = classes(&texts, &children);
        let mut clashing = BTreeSet::new();
        for group in &together {
            let mut seen: BTreeMap<usize, TypeId> = BTreeMap::new();
            for id in group {
                let Some(class) = classes.get(id.index()) else { continue };
                if let Some(first) = seen.insert(*class, *id).filter(|first| first != id) {
                    clashing.extend([first, *id]);
                }
            }
        }
        let mut changed = false;
        for id in clashing {
            changed |= texts.get_mut(id.index()).is_some_and(|text| text.take().is_some());
        }
        if !changed {
            break classes;
        }
    };
    let mut members: BTreeMap<usize, Vec<TypeId>> = BTreeMap::new();
    for (id, class) in classes.iter().enumerate().map(|(i, class)| (TypeId::at(i), class)) {
        members.entry(*class).or_default().push(id);
    }
    let mut out = BTreeMap::new();
    for alike in members.values().filter(|alike| alike.len() > 1) {
        // By its name, not by its place: keys may change their order.
        let name = |id: &TypeId| names.types.of(*id).map(|name| (name.len(), name));
        let Some(item) = alike.iter().min_by_key(|id| name(id)) else { continue };
        out.extend(alike.iter().filter(|id| *id != item).map(|id| (*id, *item)));
    }
    out
}

/// The class of each type: those of one class have the same text and, by their places, children of the same classes.
fn classes(texts: &[Option<String>], children: &[Vec<TypeId>]) -> Vec<usize> {
    let mut known = BTreeMap::new();
    let mut next = 0;
    let mut new = || {
        next += 1;
        next
    };
    let mut classes: Vec<usize> = Vec::with_capacity(texts.len());
    for text in texts {
        classes.push(match text {
            Some(text) => *known.entry(text).or_insert_with(&mut new),
            None => new(),
        });
    }
    let mut count = classes.iter().collect::<BTreeSet<_>>().len();
    loop {
        let mut ids: BTreeMap<(usize, Vec<usize>), usize> = BTreeMap::new();
        let mut finer = Vec::with_capacity(classes.len());
        for (class, children) in classes.iter().zip(children) {
            let below = children.iter().filter_map(|id| classes.get(id.index()).copied()).collect();
            let fresh = ids.len();
            finer.push(*ids.entry((*class, below)).or_insert(fresh));
        }
        classes = finer;
        if ids.len() == count {
            return classes;
        }
        count = ids.len();
    }
}

/// Whether a type may have the item of another one.
fn may_repeat(facts: &Facts, decisions: &Decisions, names: &Names, id: TypeId, def: &TypeDef) -> bool {
    // What is only a request's body may become the setters of its builder, and have no item at all.
    let body = matches!(facts.mentions.list(id), [Mention::Request(_)]);
    // What takes several arguments may have a struct for them, which is an item with a name of its own.
    let arguments = names.arguments.list(id).len() > 1;
    !matches!(def.label, Label::Component(_))
        && !body
        && !arguments
        && !facts.pages.contains_key(&id)
        && !decisions.own_items.contains(def.origin.pointer.as_str())
}

/// Types that somebody gives or reads in one place.
fn together(api: &Api, facts: &Facts, names: &Names) -> Vec<Vec<TypeId>> {
    let mut groups = Vec::new();
    let mut add = |types: &mut dyn Iterator<Item = &Type>| {
        let mut group = Vec::new();
        types.for_each(|ty| ty.each_named(&mut |id| group.push(id)));
        if group.len() > 1 {
            groups.push(group);
        }
    };
    for (id, def) in api.defs() {
        match &def.kind {
            TypeKind::Model(model) => {
                let arguments = names.arguments.list(id).iter().filter_map(|i| model.fields.get(*i));
                add(&mut arguments.map(|field| &field.of.ty));
            }
            TypeKind::Union(union) => add(&mut union.branches.iter().map(|branch| &branch.ty)),
            TypeKind::Enum(_) => {}
        }
    }
    for o in &api.operations {
        let parameters = o.parameters.iter().filter(|p| p.required).map(|p| &p.of.ty);
        let bodies = || o.body.iter().flat_map(|body| body.contents()).filter_map(|content| content.of());
        let members = bodies().filter_map(|of| api.model(of.ty.named()?));
        let members = members.flat_map(|model| model.fields.iter().filter(|f| f.required).map(|f| &f.of.ty));
        add(&mut parameters.chain(bodies().map(|of| &of.ty)).chain(members));
    }
    // Two pages of the same records are one type.
    add(&mut facts.pages.values().map(|page| &page.item));
    groups
}

/// Every type that a type is made of, in the order in which its text leaves them out.
fn children(def: &TypeDef) -> Vec<TypeId> {
    let mut out = Vec::new();
    def.each_use(&mut |ty| ty.each_named(&mut |id| out.push(id)));
    out
}

/// All that `render` makes of a type, but for the names of types. What is new in the IR is to be decided here.
fn text(facts: &Facts, names: &Names, id: TypeId, def: &TypeDef) -> String {
    let TypeDef { origin: _, label: _, docs, kind } = def;
    let mut out = format!(
        "{:?} {} {} {}",
        facts.home.of(id),
        facts.in_requests.has(id),
        facts.in_responses.has(id),
        docs.deprecated
    );
    let mut idents = names.members.list(id).iter();
    let mut ident = || idents.next().map(ToString::to_string).unwrap_or_default();
    match kind {
        TypeKind::Model(Model { fields, additional }) => {
            let _ = write!(out, " model {:?}", names.arguments.list(id));
            for (i, field) in fields.iter().enumerate() {
                let Field {
                    wire,
                    origin: _,
                    docs,
                    required,
                    rank: _,
                    of,
                    constant,
                    may_be_null,
                    read_only,
                    write_only,
                    secret,
                } = field;
                let (boxed, records) = (facts.boxed.contains(&(id, i)), facts.records.contains(&(id, i)));
                let flags = [required, may_be_null, read_only, write_only, secret, &boxed, &records];
                let _ = write!(out, "\n{} {wire:?} {flags:?} {constant:?} ", ident());
                words(docs, &mut out);
                shape(of, &mut out);
            }
            if let Some(of) = additional {
                out.push('+');
                shape(of, &mut out);
            }
        }
        TypeKind::Enum(Enum { values, numeric }) => {
            let _ = write!(out, " enum {numeric}");
            for EnumValue { wire, docs, label: _ } in values {
                let _ = write!(out, "\n{} {wire:?} ", ident());
                words(docs, &mut out);
            }
        }
        TypeKind::Union(Union { branches, discriminator }) => {
            let _ = write!(out, " union {discriminator:?} {:?}", facts.tags.get(&id));
            for Branch { ty, origin: _, tag, label: _, docs } in branches {
                let _ = write!(out, "\n{} {tag:?} ", ident());
                words(docs, &mut out);
                shape(&Use { ty: ty.clone(), nullable: false }, &mut out);
            }
        }
    }
    out
}

fn words(docs: &Docs, out: &mut String) {
    let Docs { title, text, deprecated, facts, example, default } = docs;
    let _ = write!(out, "{title:?} {text:?} {deprecated} {facts:?} {example:?} {default:?} ");
}

/// A type without the names in it.
fn shape(of: &Use, out: &mut String) {
    let mut plain = of.clone();
    plain.each_mut(&|of| {
        if let Type::Named(id) = &mut of.ty {
            *id = TypeId::at(0);
        }
    });
    let _ = write!(out, "{plain:?}");
}
