//! Names of types, fields, values and branches: what a person decided, then components, bodies of operations, and parts, each
//! after what it is a part of.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::ident::{self, Kind};
use super::scope::{self, Scope};
use super::{Decisions, Names, RAW, UNRECOGNIZED, arguments, component_name};
use crate::analyze::Facts;
use crate::base::diagnostic::Diagnostics;
use crate::base::{Ident, pointer, reserved};
use crate::ir::{Api, Label, Origin, Scalar, Type, TypeDef, TypeId, TypeKind};

/// Names longer than this leave out what is between a part and what has a name of its own.
const LONG: usize = 40;

/// What parts are called that have no word of their own.
const PLAIN: &[&str] = &["Base", "Item", "Request", "Response", "Value"];

fn kind_word(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Model(_) => "Model",
        TypeKind::Enum(_) => "Enum",
        TypeKind::Union(_) => "Union",
    }
}

pub(super) fn types(api: &Api, facts: &Facts, decisions: &Decisions, names: &mut Names, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(&[]);
    let mut given: Vec<Option<String>> = vec![None; api.types.len()];
    let is_exact = |def: &TypeDef| matches!(&def.label, Label::Component(wire) if component_name(wire) == *wire);
    let is_of_operation = |def: &TypeDef| matches!(def.label, Label::Operation { .. });
    let by_place = |a: &TypeDef, b: &TypeDef| {
        let place = || pointer::order(a.origin.pointer.as_str(), b.origin.pointer.as_str());
        is_of_operation(a).cmp(&is_of_operation(b)).then_with(place)
    };
    let order = scope::ranked(&api.types, is_exact, by_place);
    let each = || order.iter().filter_map(|i| Some((*i, api.types.get(*i)?)));
    // First what a person decided: settings, then the lock.
    for (i, def) in each() {
        let pointer = def.origin.pointer.as_str().to_owned();
        let wish = decisions
            .types
            .get(&pointer)
            .map(|w| ident::type_name(Kind::Type, w))
            .or_else(|| decisions.locked.get(&("type", pointer)).cloned());
        if let Some(name) = wish
            && scope.claim(&name)
            && let Some(slot) = given.get_mut(i)
        {
            *slot = Some(name);
        }
    }
    arguments::keep_free(api, names, &given, &mut scope);
    for name in &decisions.reserved {
        scope.claim(name);
    }
    if !facts.page_models.is_empty() {
        for (i, _) in facts.page_models.iter().enumerate() {
            let wanted = if i == 0 { "Page".to_owned() } else { format!("Page{}", i + 1) };
            let origin = Origin::default();
            names.pages.push(Ident::of(scope.take(&[wanted, "RecordPage".to_owned()], &origin, diagnostics)));
        }
    }
    // Components spelled exactly like their Rust name, then the other components, then bodies of operations.
    for (i, def) in each() {
        let Some(slot @ None) = given.get_mut(i) else { continue };
        let wanted = match &def.label {
            Label::Component(wire) => component_name(wire),
            Label::Operation { operation, part } => {
                let id = api.operations.get(*operation).map(|o| o.id.as_str()).unwrap_or_default();
                component_name(&format!("{id} {part}"))
            }
            Label::Part { .. } => continue,
        };
        let candidates = [wanted.clone(), format!("{wanted}{}", kind_word(def))];
        *slot = Some(scope.take(&candidates, &def.origin, diagnostics));
    }
    // Then parts, each after what it is a part of.
    let short = short_names(api, &given);
    for (i, _) in each() {
        part_name(i, api, &mut given, &short, (&mut scope, diagnostics), 0);
    }
    for (i, def) in each() {
        // Parts of parts without end have no other name.
        if let Some(slot @ None) = given.get_mut(i) {
            *slot = Some(scope.take(&[kind_word(def).to_owned()], &def.origin, diagnostics));
        }
    }
    names.types = given.into_iter().flatten().map(Ident::of).collect();
}

/// What a part is called after the first that has a name of its own above it and not after all between the two, if no other part of
/// that has the same name: a path of members makes a name that nobody reads.
fn short_names(api: &Api, given: &[Option<String>]) -> Vec<Option<String>> {
    let name_of = |def: &TypeDef| {
        let Label::Part { parent, part } = &def.label else { return None };
        let mut above = *parent;
        for _ in 0..256 {
            match api.get(above).map(|def| &def.label) {
                Some(Label::Part { parent, .. }) => above = *parent,
                _ => break,
            }
        }
        let owner = given.get(above.index())?.as_ref()?;
        let is_far = above != *parent && !part.split_whitespace().all(|word| PLAIN.contains(&word));
        Some((component_name(&format!("{owner}{}", ident::piece(part))), is_far))
    };
    let all: Vec<Option<(String, bool)>> = api.types.iter().map(name_of).collect();
    let mut counts: HashMap<&String, usize> = HashMap::new();
    all.iter().flatten().for_each(|(name, _)| *counts.entry(name).or_default() += 1);
    let short = |(name, is_far): &(String, bool)| (*is_far && counts.get(name) == Some(&1)).then(|| name.clone());
    all.iter().map(|of| of.as_ref().and_then(short)).collect()
}

fn part_name(
    i: usize,
    api: &Api,
    given: &mut Vec<Option<String>>,
    short: &[Option<String>],
    (scope, diagnostics): (&mut Scope, &mut Diagnostics),
    depth: usize,
) {
    if given.get(i).is_none_or(Option::is_some) || depth > 256 {
        return;
    }
    let Some(def) = api.types.get(i) else { return };
    let Label::Part { parent, part } = &def.label else { return };
    let above = parent.index();
    part_name(above, api, given, short, (scope, diagnostics), depth + 1);
    let parent_name = given.get(above).cloned().flatten().unwrap_or_default();
    let piece = if part.trim().is_empty() { kind_word(def).to_owned() } else { ident::piece(part) };
    let wanted = component_name(&format!("{parent_name}{piece}"));
    // A branch whose title repeats the union's name needs it only once.
    let shorter = short.get(i).and_then(Option::as_ref);
    let short = piece.starts_with(&parent_name).then(|| component_name(&piece));
    let mut candidates: Vec<String> = short.into_iter().collect();
    let nearer = shorter.filter(|name| wanted.len() > LONG && !scope.taken.contains(*name));
    candidates.extend(nearer.cloned());
    candidates.push(wanted.clone());
    candidates.push(format!("{wanted}{}", kind_word(def)));
    let name = scope.take(&candidates, &def.origin, diagnostics);
    if let Some(slot) = given.get_mut(i) {
        *slot = Some(name);
    }
}

pub(super) fn members(
    def: &TypeDef,
    id: TypeId,
    api: &Api,
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Vec<Ident> {
    match &def.kind {
        TypeKind::Model(m) => {
            let wires: Vec<(&str, &Origin)> = m.fields.iter().map(|f| (f.wire.as_str(), &f.origin)).collect();
            unique(
                &wires,
                str::cmp,
                |w| {
                    let name = ident::snake(w);
                    let second = format!("{name}_member");
                    vec![name, second]
                },
                reserved::MODEL,
                diagnostics,
            )
        }
        TypeKind::Enum(e) => {
            let labels: HashMap<&str, &str> =
                e.values.iter().filter_map(|v| Some((v.wire.as_str(), v.label.as_deref()?))).collect();
            let wires: Vec<(&str, &Origin)> = e.values.iter().map(|v| (v.wire.as_str(), &def.origin)).collect();
            let candidates = |w: &str| {
                let plain = if w.is_empty() { "Empty".to_owned() } else { ident::pascal(Kind::Value, w) };
                let case = if w.chars().any(char::is_lowercase) { "Lower" } else { "Upper" };
                let mut all: Vec<String> = labels.get(w).map(|l| ident::pascal(Kind::Value, l)).into_iter().collect();
                all.extend([plain.clone(), format!("{plain}{case}"), format!("{plain}Value")]);
                all
            };
            // A list has an order of its own.
            unique(&wires, |_, _| Ordering::Equal, candidates, &[UNRECOGNIZED], diagnostics)
        }
        TypeKind::Union(u) => {
            let mut scope = Scope::new(&[RAW]);
            u.branches
                .iter()
                .map(|b| {
                    let wanted = variant_of(&b.ty, b.label.as_deref(), id, api, names);
                    let candidates = [wanted.clone(), format!("{wanted}Value")];
                    Ident::of(scope.take(&candidates, &b.origin, diagnostics))
                })
                .collect()
        }
    }
}

/// Names in one scope: those spelled exactly like their ident first.
fn unique(
    wires: &[(&str, &Origin)],
    by: impl Fn(&str, &str) -> Ordering,
    candidates: impl Fn(&str) -> Vec<String>,
    reserved: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<Ident> {
    let mut scope = Scope::new(reserved);
    let mut out: Vec<Option<String>> = vec![None; wires.len()];
    let all: Vec<(&str, Vec<String>, &Origin)> = wires.iter().map(|(w, origin)| (*w, candidates(w), *origin)).collect();
    let is_exact = |(wire, names, _): &(&str, Vec<String>, _)| names.first().is_some_and(|first| first == wire);
    for i in scope::ranked(&all, is_exact, |(a, ..), (b, ..)| by(a, b)) {
        if let (Some((_, names, origin)), Some(slot)) = (all.get(i), out.get_mut(i)) {
            *slot = Some(scope.take(names, origin, diagnostics));
        }
    }
    out.into_iter().flatten().map(Ident::of).collect()
}

/// What a union's variant is called: after its type, whatever its siblings are.
fn variant_of(ty: &Type, label: Option<&str>, union: TypeId, api: &Api, names: &Names) -> String {
    match ty {
        Type::Named(id) => {
            let def = api.get(*id);
            match (def.map(|d| &d.label), label) {
                (Some(Label::Part { parent, .. }), Some(label)) if *parent == union => {
                    ident::pascal(Kind::Variant, label)
                }
                _ => names.of_type(*id).to_string(),
            }
        }
        Type::List(of) => format!("{}List", variant_of(&of.ty, None, union, api, names)),
        Type::Tuple(of) => {
            of.uses().map(|of| variant_of(&of.ty, None, union, api, names)).collect::<String>() + "Tuple"
        }
        Type::Map(of) => format!("{}Map", variant_of(&of.ty, None, union, api, names)),
        Type::Any => "Any".to_owned(),
        Type::Scalar(s) => match s {
            Scalar::String | Scalar::Secret | Scalar::Binary => "Text",
            Scalar::Base64 => "Base64",
            Scalar::Uuid => "Uuid",
            Scalar::Date => "Date",
            Scalar::DateTime => "DateTime",
            Scalar::Bool => "Bool",
            Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => "Integer",
            Scalar::F64 | Scalar::Number => "Number",
        }
        .to_owned(),
    }
}
