//! A type's structure as a short text: what the lock and `diff` know a type again by.

use std::fmt::Write as _;

use crate::base::hash::fnv;

use super::{Api, Scalar, Type, TypeId, TypeKind};

/// Sixteen hexadecimal digits that depend on the members of a type and their kinds, not on its place or words.
pub fn fingerprint(api: &Api, id: TypeId) -> String {
    let mut text = String::new();
    describe(api, &Type::Named(id), 2, &mut text);
    format!("{:016x}", fnv(text.as_bytes()))
}

fn describe(api: &Api, ty: &Type, depth: usize, out: &mut String) {
    match ty {
        Type::Any => out.push('*'),
        // As what numbers are read says the settings, not the document.
        Type::Scalar(Scalar::Number) => describe(api, &Type::Scalar(Scalar::F64), depth, out),
        Type::Scalar(s) => {
            let _ = write!(out, "{s:?}");
        }
        Type::List(of) => {
            out.push('[');
            describe(api, &of.ty, depth, out);
            out.push(']');
        }
        Type::Map(of) => {
            out.push('<');
            describe(api, &of.ty, depth, out);
            out.push('>');
        }
        Type::Named(id) => match api.get(*id).map(|d| &d.kind) {
            Some(TypeKind::Enum(e)) => {
                out.push_str("enum(");
                e.values.iter().for_each(|v| {
                    out.push_str(&v.wire);
                    out.push('|');
                });
                out.push(')');
            }
            Some(TypeKind::Model(m)) if depth > 0 => {
                out.push('{');
                // In the order of their names: the same document with its keys sorted is the same document.
                let mut fields: Vec<_> = m.fields.iter().collect();
                fields.sort_by(|a, b| a.wire.cmp(&b.wire));
                for f in fields {
                    let _ = write!(out, "{}:", f.wire);
                    describe(api, &f.of.ty, depth - 1, out);
                    out.push(',');
                }
                out.push('}');
            }
            Some(TypeKind::Union(u)) if depth > 0 => {
                out.push('(');
                for b in &u.branches {
                    describe(api, &b.ty, depth - 1, out);
                    out.push('|');
                }
                out.push(')');
            }
            Some(TypeKind::Model(_)) => out.push_str("{..}"),
            Some(TypeKind::Union(_)) | None => out.push_str("(..)"),
        },
    }
}
