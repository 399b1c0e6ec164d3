//! The walks over types: what a node mentions, what a value may be.

use std::collections::BTreeSet;

use crate::base::graph::strong_components;
use crate::base::pointer::unnamed;

use super::{Api, Content, Operation, Response, Scalar, Type, TypeDef, TypeId, TypeKind, TypeMap, Use, Webhook};

impl Api {
    /// What a value of the type may be, each once and none of it a union: a union's branches, and theirs.
    pub fn alternatives<'a>(&'a self, ty: &'a Type) -> Vec<&'a Type> {
        let (mut out, mut seen, mut todo) = (Vec::new(), BTreeSet::new(), vec![ty]);
        while let Some(ty) = todo.pop() {
            match ty.named().and_then(|id| Some((id, &self.get(id)?.kind))) {
                Some((id, TypeKind::Union(union))) if seen.insert(id) => {
                    todo.extend(union.branches.iter().rev().map(|b| &b.ty));
                }
                Some((_, TypeKind::Union(_))) => {}
                _ if out.contains(&ty) => {}
                _ => out.push(ty),
            }
        }
        out
    }
}

impl Api {
    /// Per type the shortest way to it from an operation, by the words of the wire alone: `/paths/~1a/get/responses/200/owner`.
    /// Neither the names of components nor the order of keys count. `None` for what no operation uses.
    pub fn first_uses(&self) -> TypeMap<Option<String>> {
        let mut first: TypeMap<Option<String>> = TypeMap::filled(self.types.len(), None);
        let mut level = Vec::new();
        let add = |ty: &Type, place: String, level: &mut Vec<(String, TypeId)>| {
            ty.each_named(&mut |id| level.push((place.clone(), id)));
        };
        for o in &self.operations {
            let at = unnamed(o.origin.pointer.as_str());
            for p in &o.parameters {
                add(&p.of.ty, format!("{at}/parameters/{}", p.wire), &mut level);
            }
            for of in o.body.iter().flat_map(|b| b.contents()).filter_map(Content::of) {
                add(&of.ty, format!("{at}/requestBody"), &mut level);
            }
            for r in &o.responses {
                r.each_type(&mut |ty, part| add(ty, format!("{at}/responses/{}{part}", r.status), &mut level));
            }
        }
        for hook in &self.webhooks {
            let at = unnamed(hook.origin.pointer.as_str());
            if let Some(of) = hook.payload.as_ref().and_then(|(_, c)| c.of()) {
                add(&of.ty, format!("{at}/requestBody"), &mut level);
            }
            for r in &hook.answers {
                r.each_type(&mut |ty, part| add(ty, format!("{at}/responses/{}{part}", r.status), &mut level));
            }
        }
        while !level.is_empty() {
            level.sort();
            let mut next = Vec::new();
            for (place, id) in level {
                let Some(slot @ None) = first.of_mut(id) else { continue };
                match self.get(id).map(|def| &def.kind) {
                    Some(TypeKind::Model(m)) => {
                        m.fields.iter().for_each(|f| add(&f.of.ty, format!("{place}/{}", f.wire), &mut next));
                        m.additional.iter().for_each(|of| add(&of.ty, format!("{place}/*"), &mut next));
                    }
                    Some(TypeKind::Union(u)) => {
                        u.branches.iter().enumerate().for_each(|(i, b)| add(&b.ty, format!("{place}|{i}"), &mut next));
                    }
                    Some(TypeKind::Enum(_)) | None => {}
                }
                *slot = Some(place);
            }
            level = next;
        }
        first
    }
}

/// Per type whether one of `start` reaches it, themselves included. `def` gives the type behind an id, `types` is their number.
pub fn reached<'a>(
    types: usize,
    start: impl IntoIterator<Item = TypeId>,
    def: impl Fn(TypeId) -> Option<&'a TypeDef>,
) -> TypeMap<bool> {
    let mut reached = TypeMap::filled(types, false);
    descend(start, def, |id| reached.of_mut(id).is_some_and(|flag| !std::mem::replace(flag, true)));
    reached
}

/// Comes to every type that `start` is made of, and goes on below those that `enter` says are new.
fn descend<'a>(
    start: impl IntoIterator<Item = TypeId>,
    def: impl Fn(TypeId) -> Option<&'a TypeDef>,
    mut enter: impl FnMut(TypeId) -> bool,
) {
    let mut todo: Vec<TypeId> = start.into_iter().collect();
    while let Some(id) = todo.pop() {
        if let Some(def) = Some(id).filter(|id| enter(*id)).and_then(&def) {
            def.each_use(&mut |t| t.each_named(&mut |id| todo.push(id)));
        }
    }
}

/// Per type the circle that it lies on, of those that the edges make: two with one number lead to each other.
pub(crate) fn circles(edges: &TypeMap<Vec<TypeId>>) -> TypeMap<usize> {
    let of = |index| edges.list(TypeId::at(index)).iter().map(|id| id.index()).collect();
    strong_components(edges.len(), &of).into_iter().collect()
}

impl TypeDef {
    /// Calls `f` with every type it mentions directly.
    pub fn each_use(&self, f: &mut impl FnMut(&Type)) {
        match &self.kind {
            TypeKind::Model(m) => {
                m.fields.iter().for_each(|x| f(&x.of.ty));
                if let Some(a) = &m.additional {
                    f(&a.ty);
                }
            }
            TypeKind::Enum(_) => {}
            TypeKind::Union(u) => u.branches.iter().for_each(|b| f(&b.ty)),
        }
    }
}

impl Use {
    /// Calls `f` with it and with every use in it.
    pub fn each_mut(&mut self, f: &impl Fn(&mut Self)) {
        f(self);
        match &mut self.ty {
            Type::List(of) | Type::Map(of) => of.each_mut(f),
            Type::Tuple(of) => of.uses_mut().for_each(|of| of.each_mut(f)),
            Type::Named(_) | Type::Scalar(_) | Type::Any => {}
        }
    }
}

impl Type {
    /// Calls `f` with every named type in it.
    pub fn each_named(&self, f: &mut impl FnMut(TypeId)) {
        match self {
            Type::Named(id) => f(*id),
            Type::List(of) | Type::Map(of) => of.ty.each_named(f),
            Type::Tuple(of) => of.uses().for_each(|of| of.ty.each_named(f)),
            Type::Scalar(_) | Type::Any => {}
        }
    }

    /// Whether it is such a scalar, or holds one by no name.
    fn has_scalar(&self, scalar: Scalar) -> bool {
        match self {
            Type::Scalar(s) => *s == scalar,
            Type::List(of) | Type::Map(of) => of.ty.has_scalar(scalar),
            Type::Tuple(of) => of.uses().any(|of| of.ty.has_scalar(scalar)),
            Type::Named(_) | Type::Any => false,
        }
    }
}

impl Api {
    /// Per type whether one of `start` reaches it, themselves included.
    pub fn reached(&self, start: impl IntoIterator<Item = TypeId>) -> TypeMap<bool> {
        reached(self.types.len(), start, |id| self.get(id))
    }

    /// Comes to every type that the operation at a place is made of, and goes on below those that `enter` says are new. Nobody looks at
    /// all types for each operation: that grows with the square of the document.
    pub fn descend(&self, operation: &Operation, enter: impl FnMut(TypeId) -> bool) {
        let start = operation.request_types().into_iter().chain(operation.response_types());
        descend(start, |id| self.get(id), enter);
    }
}

impl Api {
    /// Whether anything that it sends or gives is such a scalar.
    pub fn has_scalar(&self, scalar: Scalar) -> bool {
        let mut found = false;
        let mut look = |ty: &Type| found |= ty.has_scalar(scalar);
        self.types.iter().for_each(|def| def.each_use(&mut look));
        self.operations.iter().for_each(|o| {
            o.each_request_type(&mut look);
            o.each_response_type(&mut look);
        });
        self.webhooks.iter().for_each(|hook| {
            hook.each_read(&mut look);
            hook.each_written(&mut look);
        });
        found
    }

    /// The named types that the consumer writes: those of requests, and of answers to what the API calls.
    pub fn request_types(&self) -> Vec<TypeId> {
        let mut out: Vec<TypeId> = self.operations.iter().flat_map(Operation::request_types).collect();
        self.webhooks.iter().for_each(|hook| hook.each_written(&mut |t| t.each_named(&mut |id| out.push(id))));
        out
    }

    /// The named types that the consumer reads: those of responses, and of what the API calls.
    pub fn response_types(&self) -> Vec<TypeId> {
        let mut out: Vec<TypeId> = self.operations.iter().flat_map(Operation::response_types).collect();
        self.webhooks.iter().for_each(|hook| hook.each_read(&mut |t| t.each_named(&mut |id| out.push(id))));
        out
    }
}

impl Webhook {
    /// The named types of what it brings and of the answers to it.
    pub fn types(&self) -> Vec<TypeId> {
        let mut out = Vec::new();
        self.each_read(&mut |t| t.each_named(&mut |id| out.push(id)));
        self.each_written(&mut |t| t.each_named(&mut |id| out.push(id)));
        out
    }

    /// Calls `f` with every type that it brings.
    pub fn each_read(&self, f: &mut impl FnMut(&Type)) {
        if let Some(of) = self.payload.as_ref().and_then(|(_, c)| c.of()) {
            f(&of.ty);
        }
    }

    /// Calls `f` with every type of the answers to it.
    pub fn each_written(&self, f: &mut impl FnMut(&Type)) {
        self.answers.iter().for_each(|r| r.each_type(&mut |ty, _| f(ty)));
    }
}

impl Response {
    /// Calls `f` with every type in it, and with its place there: nothing for the body, `/headers/X-Id` for a header.
    pub fn each_type(&self, f: &mut impl FnMut(&Type, &str)) {
        if let Some(of) = self.content.as_ref().and_then(|(_, c)| c.of()) {
            f(&of.ty, "");
        }
        for header in &self.headers {
            f(&header.of.ty, &format!("/headers/{}", header.wire));
        }
    }
}

impl Operation {
    /// The named types that its requests mention.
    pub fn request_types(&self) -> Vec<TypeId> {
        let mut out = Vec::new();
        self.each_request_type(&mut |t| t.each_named(&mut |id| out.push(id)));
        out
    }

    /// The named types that its responses mention.
    pub fn response_types(&self) -> Vec<TypeId> {
        let mut out = Vec::new();
        self.each_response_type(&mut |t| t.each_named(&mut |id| out.push(id)));
        out
    }

    /// Calls `f` with every type of its requests.
    pub fn each_request_type(&self, f: &mut impl FnMut(&Type)) {
        self.parameters.iter().for_each(|p| f(&p.of.ty));
        for of in self.body.iter().flat_map(|b| b.contents()).filter_map(Content::of) {
            f(&of.ty);
        }
    }

    /// Calls `f` with every type of its responses.
    pub fn each_response_type(&self, f: &mut impl FnMut(&Type)) {
        self.responses.iter().for_each(|r| r.each_type(&mut |ty, _| f(ty)));
    }
}
