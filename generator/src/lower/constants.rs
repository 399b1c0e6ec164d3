//! What can have one value only: nobody needs to be asked for it, where it must be there.
//!
//! An `enum` or `const` of one value says so, and a discriminator of what it distinguishes.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::compose::only_null;
use super::resolve::{said, target};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Kind, Node, keys};
use crate::ir::{Api, Docs, Field, Scalar, Type, TypeId, TypeKind, TypeMap, Union, Use};

impl<'d> Lowering<'d> {
    /// The only value of a schema of flags, or of nulls: their type does not say it, as an enum's does.
    pub(super) fn only_literal(&self, schema: &'d Node) -> Option<String> {
        self.said(schema, &["allOf"], |schema| {
            if only_null(schema) {
                return Some("null".to_owned());
            }
            match schema.get("enum").and_then(Node::as_array)? {
                [Node { kind: Kind::Bool(flag), .. }] => Some(flag.to_string()),
                _ => None,
            }
        })
    }
}

/// Decides which members and parameters have one value: those that must be there and have no other, and a discriminator in every branch
/// where it is one value wherever the branch is offered and is not `given` by the caller.
pub(super) fn settle(api: &mut Api, given: &BTreeSet<(String, String)>) {
    let only: Vec<Option<String>> = api.types.iter().map(|def| only_value(&def.kind)).collect();
    let of_type = |of: &Use| only.get(of.ty.named()?.index())?.clone();
    let decide = |required: bool, of: &Use, literal: Option<String>| {
        let is_null = of.ty == Type::Any && literal.as_deref() == Some("null");
        // Another part of an `allOf`, or the settings, may say that it is something else.
        let literal = literal.filter(|text| is_null || of.ty == Type::Scalar(Scalar::Bool) && text != "null");
        Some(()).filter(|()| required && (!of.nullable || is_null)).and_then(|()| literal.or_else(|| of_type(of)))
    };
    for def in &mut api.types {
        if let TypeKind::Model(model) = &mut def.kind {
            for f in &mut model.fields {
                f.constant = decide(f.required, &f.of, f.constant.take());
            }
        }
    }
    for p in api.operations.iter_mut().flat_map(|o| &mut o.parameters) {
        p.constant = decide(p.required, &p.of, p.constant.take());
    }
    discriminators(api, given);
}

fn only_value(kind: &TypeKind) -> Option<String> {
    match kind {
        TypeKind::Enum(e) => match e.values.as_slice() {
            [only] => Some(only.wire.clone()),
            _ => None,
        },
        TypeKind::Model(_) | TypeKind::Union(_) => None,
    }
}

/// Gives models that a discriminator distinguishes its property, where their schema does not declare it: it has to be sent.
///
/// Before requests and responses part: a property that only responses have is declared, and no request sends it. Gives those that the
/// caller has to set, by the places of their models: a schema that allows no such member, and that requests have outside the choice too,
/// where a server refuses it.
pub(super) fn declare(api: &mut Api, root: &Node, diagnostics: &mut Diagnostics) -> BTreeSet<(String, String)> {
    let (requests, alone) = (api.reached(api.request_types()), alone(api));
    let mut given = BTreeSet::new();
    for (id, property) in tagged(api).into_keys() {
        let Some(def) = api.types.get_mut(id.index()) else { continue };
        let TypeKind::Model(model) = &mut def.kind else { continue };
        if model.fields.iter().all(|f| f.wire != property) {
            let place = keys::place(def.origin.pointer.as_str());
            if requests.has(id) && is_closed(root, place) {
                let is_alone = alone.contains(&id);
                let sent = match is_alone {
                    true => "the schema is used outside the choice too, so it is sent only where the caller sets it",
                    false => "it is sent all the same",
                };
                let message = format!("a discriminator needs `{property}`, which the schema does not allow: {sent}");
                diagnostics.push(
                    Diagnostic::note("N0358", message)
                        .at(def.origin.span)
                        .pointer(&def.origin.pointer)
                        .help("declare the member in the schema, by an overlay action if need be"),
                );
                if is_alone {
                    given.insert((place.to_owned(), property.clone()));
                }
            }
            model.fields.push(Field {
                wire: property,
                origin: def.origin.clone(),
                docs: Docs::default(),
                required: false,
                rank: usize::MAX,
                of: Use { ty: Type::Scalar(Scalar::String), nullable: false },
                constant: None,
                may_be_null: false,
                read_only: false,
                write_only: false,
                secret: false,
            });
        }
    }
    note_bare(api, &requests, diagnostics);
    given
}

/// Notes the branches that have no members of their own to which a discriminator's property could be added.
fn note_bare(api: &Api, requests: &TypeMap<bool>, diagnostics: &mut Diagnostics) {
    for (id, def) in api.defs().filter(|(id, _)| requests.has(*id)) {
        let TypeKind::Union(Union { branches, discriminator: Some(property) }) = &def.kind else { continue };
        let is_sent = |ty: &Type| match ty.named().filter(|to| *to != id).and_then(|to| Some(&api.get(to)?.kind)) {
            Some(TypeKind::Model(_)) => true,
            Some(TypeKind::Union(inner)) => inner.discriminator.as_ref() == Some(property),
            Some(TypeKind::Enum(_)) | None => false,
        };
        for b in branches.iter().filter(|b| !is_sent(&b.ty)) {
            let message =
                format!("the branch declares no members, so `{property}` is not sent unless the caller gives it");
            diagnostics.push(Diagnostic::note("N0358", message).at(b.origin.span).pointer(&b.origin.pointer));
        }
    }
}

/// The types that requests have at other places than as what a discriminator distinguishes.
fn alone(api: &Api) -> BTreeSet<TypeId> {
    let mut out: BTreeSet<TypeId> = api.request_types().into_iter().collect();
    let requests = api.reached(out.iter().copied());
    for (_, def) in api.defs().filter(|(id, _)| requests.has(*id)) {
        if !matches!(&def.kind, TypeKind::Union(Union { discriminator: Some(_), .. })) {
            def.each_use(&mut |ty| ty.each_named(&mut |id| out.extend([id])));
        }
    }
    out
}

/// Whether a schema, or a part of it, refuses members that are not declared.
fn is_closed(root: &Node, place: &str) -> bool {
    let refuses = |node: &Node| {
        let further = node.get("additionalProperties").and_then(Node::as_bool);
        (further == Some(false)).then_some(())
    };
    target(root, &format!("#{place}")).is_some_and(|(_, node)| said(root, node, &["allOf"], refuses).is_some())
}

/// What discriminators are in the types that they distinguish.
fn tagged(api: &Api) -> BTreeMap<(TypeId, String), BTreeSet<String>> {
    let mut values: BTreeMap<(TypeId, String), BTreeSet<String>> = BTreeMap::new();
    for def in &api.types {
        let TypeKind::Union(Union { branches, discriminator: Some(_) }) = &def.kind else { continue };
        for b in branches {
            if let (Some(id), Some((property, tags))) = (b.ty.named(), &b.tag) {
                values.entry((id, property.clone())).or_default().extend(tags.iter().cloned());
            }
        }
    }
    values
}

fn discriminators(api: &mut Api, given: &BTreeSet<(String, String)>) {
    for ((id, property), values) in tagged(api) {
        let place = api.get(id).map(|def| keys::place(def.origin.pointer.as_str()).to_owned()).unwrap_or_default();
        if given.contains(&(place, property.clone())) {
            continue;
        }
        let mut all = values.iter();
        let (Some(value), None) = (all.next(), all.next()) else { continue };
        let Some(at) = api.model(id).and_then(|m| m.fields.iter().position(|f| f.wire == property)) else { continue };
        let fits = api.model(id).and_then(|m| m.fields.get(at)).is_some_and(|f| fits(api, &f.of.ty, value));
        if let Some(TypeKind::Model(m)) = api.types.get_mut(id.index()).map(|def| &mut def.kind)
            && let Some(field) = m.fields.get_mut(at).filter(|_| fits)
        {
            field.constant = Some(value.clone());
        }
    }
}

/// Whether a type has a value that is written so.
fn fits(api: &Api, ty: &Type, value: &str) -> bool {
    match ty {
        Type::Scalar(Scalar::String) => true,
        Type::Scalar(Scalar::Bool) => matches!(value, "true" | "false"),
        Type::Scalar(s) => s.range().is_some_and(|range| value.parse().is_ok_and(|n| range.contains(&n))),
        Type::Named(id) => matches!(api.get(*id).map(|def| &def.kind), Some(TypeKind::Enum(_))),
        Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => false,
    }
}
