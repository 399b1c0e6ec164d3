//! Types written in place several times become one: the same choice of components, and the repetitions that an
//! operation declares for several statuses (`200` not stored, `201` stored).

use std::collections::HashMap;

use super::prune::is_component;
use crate::ir::{Label, Type, TypeDef, TypeId, TypeKind, TypeMap, Use};

/// Replaces later types by earlier ones that say the same; the first keeps its name.
pub(super) fn unify(
    mut types: TypeMap<Option<TypeDef>>,
    aliases: &mut HashMap<TypeId, Use>,
) -> TypeMap<Option<TypeDef>> {
    let mut unions: HashMap<String, TypeId> = HashMap::new();
    let mut repeated: HashMap<String, TypeId> = HashMap::new();
    let mut replaced: Vec<(TypeId, TypeId)> = Vec::new();
    for (id, def) in types.pairs() {
        let Some(def) = def else { continue };
        // A component has a name of its own, which is worth keeping.
        let component = matches!(def.label, Label::Component(_)) && is_component(def);
        if let Some(key) = choice(def) {
            match unions.get(&key) {
                Some(first) if !component => replaced.push((id, *first)),
                Some(_) => {}
                None => {
                    unions.insert(key, id);
                }
            }
            continue;
        }
        if let Label::Operation { operation, .. } = &def.label {
            let mut key = format!("{operation}:");
            describe(&types, &Type::Named(id), 5, &mut key);
            match repeated.get(&key) {
                Some(first) => replaced.push((id, *first)),
                None => {
                    repeated.insert(key, id);
                }
            }
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

/// What identifies a union of named types.
fn choice(def: &TypeDef) -> Option<String> {
    let TypeKind::Union(u) = &def.kind else { return None };
    let mut key = format!("{:?}", u.discriminator);
    for b in &u.branches {
        let Type::Named(id) = &b.ty else { return None };
        key.push_str(&format!("|{}{:?}", id.0, b.tag));
    }
    Some(key)
}

/// A type's structure as text, down to `depth`.
fn describe(types: &TypeMap<Option<TypeDef>>, ty: &Type, depth: usize, out: &mut String) {
    match ty {
        Type::Named(id) => match types.of(*id).and_then(Option::as_ref) {
            Some(def) if depth > 0 && !is_component(def) => match &def.kind {
                TypeKind::Model(m) => {
                    out.push('{');
                    for f in &m.fields {
                        let way = (f.read_only, f.write_only);
                        out.push_str(&format!("{:?}{}{}{way:?}:", f.wire, f.required, f.of.nullable));
                        describe(types, &f.of.ty, depth - 1, out);
                    }
                    if let Some(of) = &m.additional {
                        out.push_str("..");
                        describe(types, &of.ty, depth - 1, out);
                    }
                    out.push('}');
                }
                TypeKind::Enum(e) => {
                    out.push_str(&format!(
                        "enum{:?}{:?}",
                        e.numeric,
                        e.values.iter().map(|v| &v.wire).collect::<Vec<_>>()
                    ));
                }
                TypeKind::Union(u) => {
                    out.push_str(&format!("union{:?}(", u.discriminator));
                    for b in &u.branches {
                        describe(types, &b.ty, depth - 1, out);
                        out.push('|');
                    }
                    out.push(')');
                }
            },
            _ => out.push_str(&format!("#{}", id.0)),
        },
        Type::List(of) | Type::Map(of) => {
            out.push_str(if matches!(ty, Type::List(_)) { "[" } else { "<" });
            out.push_str(if of.nullable { "?" } else { "" });
            describe(types, &of.ty, depth, out);
            out.push(']');
        }
        Type::Scalar(s) => out.push_str(&format!("{s:?}")),
        Type::Any => out.push('*'),
    }
}
