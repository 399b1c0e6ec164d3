//! Choices that lead back to themselves: by `allOf` while a schema is composed, by their own branches once all are read. What closes
//! the circle is left out and reported; without it no value could be read to an end.

use std::collections::HashSet;

use super::Lowering;
use super::compose::{OneKind, parts_alone};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::Node;
use crate::ir::{Branch, Origin, Type, TypeDef, TypeId, TypeKind, TypeMap, Union, Use, circles};

/// A schema whose members are being gathered, and the reference that led to it from the one before.
pub(super) struct Step {
    pub(super) target: Pointer,
    pub(super) from: Origin,
}

impl<'d> Lowering<'d> {
    /// Whether the choice at `node`, met on the way `path`, offers one of the schemas that are being composed of it. Then it is no
    /// part of them; what stands beside the choice is. A base that lists its children, which refer to it, is written so.
    pub(super) fn is_circle(&mut self, node: &'d Node, pointer: &Pointer, path: &[Step]) -> bool {
        let Some((last, above)) = path.split_last() else { return false };
        let offered = self.offered(node, pointer, above);
        // Only of the schema itself: what is composed of it would say the same again.
        if offered == Some(0) {
            let message = "`allOf` leads to a choice that offers this very schema: the choice is left out here";
            self.push(
                Diagnostic::warning("W0323", message)
                    .at(last.from.span)
                    .pointer(&last.from.pointer)
                    .second(node.span, "the choice")
                    .help("refer to a schema that has what all branches share, and no choice"),
            );
        }
        offered.is_some()
    }

    /// Which of these schemas a choice offers, directly or by choices that it offers.
    fn offered(&self, choice: &'d Node, pointer: &Pointer, above: &[Step]) -> Option<usize> {
        let mut seen = HashSet::new();
        let mut todo = branches(choice, pointer);
        while let Some((at, node)) = todo.pop() {
            if let Some(index) = above.iter().position(|step| step.target == at) {
                return Some(index);
            }
            if !seen.insert(at.clone()) {
                continue;
            }
            if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
                todo.extend(self.target(reference));
                continue;
            }
            if let Some([(i, only)]) = parts_alone(node).as_deref() {
                todo.push((at.join("allOf").join(i), only));
            }
            todo.extend(branches(node, &at));
        }
        None
    }

    /// Notes that the type `id` is another one; reports one that is nothing but itself.
    pub(super) fn alias(&mut self, id: TypeId, of: Use, origin: &Origin) {
        let of = if *self.resolved(&of.ty) == Type::Named(id) {
            let message = "the schema leads back to itself and says nothing else: any JSON";
            self.push(Diagnostic::warning("W0302", message).at(origin.span).pointer(&origin.pointer));
            Use { ty: Type::Any, nullable: of.nullable }
        } else {
            of
        };
        self.aliases.insert(id, of);
    }

    /// The type that a type turned out to be.
    fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        while let Some(of) = ty.named().and_then(|id| self.aliases.get(&id)) {
            ty = &of.ty;
        }
        ty
    }

    /// Gives unions that are branches of each other the branches of all of them, and none that is one of them: what `A` may be, if
    /// it is `B` or text, and `B` is `A` or a number.
    pub(super) fn end_circles(&mut self) {
        let unions: TypeMap<Vec<TypeId>> = self.types.pairs().map(|(id, _)| self.union_branches(id)).collect();
        let circle = circles(&unions);
        let together = |a: TypeId, b: TypeId| circle.of(a) == circle.of(b);
        let in_circle = unions.pairs().filter(|(id, to)| to.iter().any(|b| together(*id, *b)));
        let mut ended: Vec<(TypeId, Vec<Branch>)> = Vec::new();
        for (id, _) in in_circle {
            let mut branches: Vec<Branch> = Vec::new();
            let mut seen = HashSet::from([id]);
            let mut todo = self.branches_of(id);
            while let Some(b) = todo.pop() {
                let ty = self.resolved(&b.ty);
                match ty.named().filter(|to| together(id, *to)) {
                    Some(to) if seen.insert(to) => {
                        // A discriminator's value that means the union means whatever it may be.
                        let inner = self.branches_of(to).into_iter();
                        todo.extend(inner.map(|x| Branch { tag: x.tag.or_else(|| b.tag.clone()), ..x }));
                    }
                    Some(_) => {}
                    None if branches.iter().any(|x| x.ty == *ty) => {}
                    None => branches.push(Branch { ty: ty.clone(), ..b }),
                }
            }
            let choice = self.def(id).map(|def| def.origin.span).unwrap_or_default();
            for b in self.branches_of(id).iter().rev() {
                if self.resolved(&b.ty).named().is_some_and(|to| together(id, to)) {
                    let message = "a branch leads back to the choice that it is one of: left out";
                    let diagnostic = Diagnostic::warning("W0323", message).at(b.origin.span).pointer(&b.origin.pointer);
                    self.diagnostics.push(diagnostic.second(choice, "the choice"));
                }
            }
            ended.push((id, branches));
        }
        for (id, branches) in ended {
            self.end_circle(id, branches);
        }
    }

    fn end_circle(&mut self, id: TypeId, mut branches: Vec<Branch>) {
        let Some(TypeDef { kind: TypeKind::Union(union), origin, .. }) = self.def(id).cloned() else { return };
        if union.discriminator.is_none() {
            self.drop_alike(&mut branches);
        }
        let kind = match self.one_kind(&branches, false) {
            _ if branches.is_empty() => Err(Type::Any),
            Some(OneKind::Type(ty)) => Err(ty),
            Some(OneKind::New(kind)) => Ok(kind),
            None => Ok(TypeKind::Union(Union { branches, discriminator: union.discriminator })),
        };
        match (kind, self.types.of_mut(id)) {
            (Ok(kind), Some(Some(def))) => def.kind = kind,
            (Err(ty), Some(slot)) => {
                *slot = None;
                self.alias(id, Use { ty, nullable: false }, &origin);
            }
            _ => {}
        }
    }

    /// The branches of a union, the first last; nothing of what is none.
    fn branches_of(&self, id: TypeId) -> Vec<Branch> {
        match self.def(id).map(|def| &def.kind) {
            Some(TypeKind::Union(union)) => union.branches.iter().rev().cloned().collect(),
            Some(TypeKind::Model(_) | TypeKind::Enum(_)) | None => Vec::new(),
        }
    }

    /// The branches of a union that are unions.
    fn union_branches(&self, id: TypeId) -> Vec<TypeId> {
        let named = |b: Branch| self.resolved(&b.ty).named();
        self.branches_of(id).into_iter().filter_map(named).filter(|to| !self.branches_of(*to).is_empty()).collect()
    }
}

/// What a choice offers.
fn branches<'n>(node: &'n Node, pointer: &Pointer) -> Vec<(Pointer, &'n Node)> {
    let mut out = Vec::new();
    for key in ["oneOf", "anyOf"] {
        let list = node.get(key).and_then(Node::as_array).unwrap_or_default();
        out.extend(list.iter().enumerate().map(|(i, b)| (pointer.join(key).join(i), b)));
    }
    out
}
