//! The structure of types, whatever they are called and wherever they stand: as a short text, by which the lock and `diff` know
//! a type again, and compared.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::base::hash::fnv;

use super::{Api, Enum, Field, Model, Scalar, Type, TypeDef, TypeId, TypeKind, Union, Use};

/// Sixteen hexadecimal digits that depend on the members of a type and their kinds, not on its place or words. By them the lock
/// and `diff` know a type again that has gone on changing: what is required, null or of one direction does not count, as it does
/// for [`same`]. Locks keep them, so what they depend on stays as it is.
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
        Type::Tuple(of) => {
            out.push('[');
            for one in of.uses() {
                describe(api, &one.ty, depth, out);
                out.push(',');
            }
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

/// What counts as the same where two types are compared. But for `Read`, what lies too deep to be looked at is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// One is what the other is, in requests and in responses.
    Written,
    /// Both accept and hold the same. Choices, and objects with members of any name, are not looked into: they are different.
    Held,
    /// No value speaks for one of them against the other: plain texts are one, values of an enum have no order, and what lies
    /// too deep decides nothing.
    Read,
}

/// Whether two types are built the same, down to `depth` types that have names. `def` gives the type behind an id.
pub fn same<'a>(
    def: &impl Fn(TypeId) -> Option<&'a TypeDef>,
    a: &Type,
    b: &Type,
    depth: usize,
    sameness: Sameness,
) -> bool {
    Comparison { def, sameness, seen: HashSet::new() }.types(a, b, depth)
}

struct Comparison<'f, F> {
    def: &'f F,
    sameness: Sameness,
    /// Pairs that have been compared: two lattices have no end of paths. One that differs ends it all.
    seen: HashSet<(TypeId, TypeId, usize)>,
}

impl<'a, F: Fn(TypeId) -> Option<&'a TypeDef>> Comparison<'_, F> {
    fn types(&mut self, a: &Type, b: &Type, depth: usize) -> bool {
        let read = self.sameness == Sameness::Read;
        if a == b {
            return true;
        }
        if depth == 0 {
            return read;
        }
        match (a, b) {
            (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => self.uses(x, y, depth),
            (Type::Tuple(x), Type::Tuple(y)) => {
                x.is_like(y) && x.uses().zip(y.uses()).all(|(x, y)| self.uses(x, y, depth))
            }
            // Text that looks like a date speaks for the branch that has a date there.
            (Type::Scalar(x), Type::Scalar(y)) => read && x.is_plain_text() && y.is_plain_text(),
            (Type::Named(x), Type::Named(y)) if !self.seen.insert((*x, *y, depth)) => true,
            (Type::Named(x), Type::Named(y)) => {
                let (Some(x), Some(y)) = ((self.def)(*x), (self.def)(*y)) else { return false };
                match (&x.kind, &y.kind) {
                    (TypeKind::Enum(x), TypeKind::Enum(y)) => self.enums(x, y),
                    (TypeKind::Model(x), TypeKind::Model(y)) => self.models(x, y, depth - 1),
                    (TypeKind::Union(x), TypeKind::Union(y)) => self.unions(x, y, depth - 1),
                    (TypeKind::Enum(_) | TypeKind::Model(_) | TypeKind::Union(_), _) => false,
                }
            }
            (Type::Named(_) | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Scalar(_) | Type::Any, _) => false,
        }
    }

    fn uses(&mut self, a: &Use, b: &Use, depth: usize) -> bool {
        a.nullable == b.nullable && self.types(&a.ty, &b.ty, depth)
    }

    /// A value of one list that is none of the other's speaks against that one, unless all are shared.
    fn enums(&self, a: &Enum, b: &Enum) -> bool {
        a.numeric == b.numeric
            && a.values.len() == b.values.len()
            && match self.sameness {
                Sameness::Written | Sameness::Held => {
                    a.values.iter().map(|v| &v.wire).eq(b.values.iter().map(|v| &v.wire))
                }
                Sameness::Read => a.values.iter().all(|v| b.values.iter().any(|w| w.wire == v.wire)),
            }
    }

    fn models(&mut self, a: &Model, b: &Model, depth: usize) -> bool {
        let written = self.sameness == Sameness::Written;
        let additional = match (&a.additional, &b.additional) {
            (None, None) => true,
            (Some(x), Some(y)) if written => self.uses(x, y, depth),
            (Some(_), _) | (None, Some(_)) => self.sameness == Sameness::Read,
        };
        let way = |f: &Field| (f.read_only, f.write_only);
        // Flags and nulls have their one value apart from their type, and no reader looks at it.
        let read = self.sameness == Sameness::Read;
        let differs = |f: &Field, g: &Field| written && way(f) != way(g) || !read && f.constant != g.constant;
        additional
            && a.fields.len() == b.fields.len()
            && a.fields.iter().all(|f| {
                let other = b.fields.iter().find(|g| f.wire == g.wire && f.required == g.required);
                other.is_some_and(|g| !differs(f, g) && self.uses(&f.of, &g.of, depth))
            })
    }

    fn unions(&mut self, a: &Union, b: &Union, depth: usize) -> bool {
        self.sameness == Sameness::Written
            && a.discriminator == b.discriminator
            && a.branches.len() == b.branches.len()
            && a.branches.iter().zip(&b.branches).all(|(x, y)| x.tag == y.tag && self.types(&x.ty, &y.ty, depth))
    }
}
