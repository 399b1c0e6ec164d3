//! `allOf` → one model; `oneOf`/`anyOf` → a union, or the one type that all branches are.

use std::collections::HashSet;

use super::circles::Step;
use super::keywords::{Keywords, demands};
use super::schema::implied_type;
use super::{Lowering, Part};
use crate::base::Pointer;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Node, keys};
use crate::ir::{
    Branch, Docs, Enum, EnumValue, Field, Label, Model, Origin, Sameness, Scalar, Type, TypeDef, TypeId, TypeKind,
    Union, Use, same,
};

/// The parts of a composed object, gathered before the model is made.
#[derive(Default)]
struct Gathered<'d> {
    fields: Vec<Field>,
    required: Vec<(String, &'d Node, Pointer)>,
    additional: Option<Use>,
    /// `oneOf`/`anyOf` nodes met on the way, with their pointers.
    unions: Vec<(&'d Node, Pointer)>,
    /// A part that is no object: its type.
    other: Option<Type>,
    nullable: bool,
    docs: Docs,
    /// What parts say of which members must be there.
    facts: Vec<String>,
    any_object: bool,
    /// Components gathered already: the same part twice says nothing more, and a lattice of them has no end of paths.
    seen: HashSet<Pointer>,
}

impl<'d> Lowering<'d> {
    /// `allOf`, with everything that stands beside it.
    pub(super) fn all_of(
        &mut self,
        node: &'d Node,
        pointer: &Pointer,
        label: Label,
        keywords: &Keywords,
    ) -> (Use, Option<Docs>) {
        let parts = node.get("allOf").and_then(Node::as_array).unwrap_or_default();
        if let Some(telling) = parts_alone(node).filter(|telling| telling.len() <= 1 && !self.families.has(pointer)) {
            let Some((i, only)) = telling.first() else {
                return (Use { ty: self.plain(node, pointer, label, keywords), nullable: false }, None);
            };
            let part = self.schema(only, &pointer.join("allOf").join(i), label);
            let nullable = part.of.nullable || parts.iter().any(|n| n.flag("nullable"));
            return (Use { ty: part.of.ty, nullable }, Some(part.docs));
        }
        let id = self.reserve(&label);
        self.announce(pointer, id);
        let mut all = Gathered::default();
        let origin = Origin { pointer: pointer.clone(), span: node.span };
        let own = Step { target: pointer.clone(), from: origin.clone() };
        all.seen.insert(pointer.clone());
        self.gather(node, pointer, id, &mut all, &mut vec![own]);
        let mut undeclared = Vec::new();
        for (rank, (name, at, place)) in std::mem::take(&mut all.required).into_iter().enumerate() {
            match all.fields.iter_mut().find(|f| f.wire == name) {
                Some(field) => {
                    field.required = true;
                    field.rank = field.rank.min(rank);
                }
                None if all.unions.is_empty() => self.undeclared_required(at, &place, &name),
                None => undeclared.push(name),
            }
        }
        if let (Some(ty), false) = (&all.other, all.any_object) {
            // Scalars: `allOf: [{$ref: Enum}, {default: x}]`.
            let of = Use { ty: ty.clone(), nullable: all.nullable };
            self.alias(id, of.clone(), &origin);
            return (of, Some(all.docs));
        }
        let nullable = all.nullable;
        let docs = all.docs.clone();
        let own = keywords.docs();
        let more = all.facts.iter().filter(|fact| !own.facts.contains(fact)).cloned();
        let type_docs = Docs { facts: own.facts.iter().cloned().chain(more).collect(), ..own.clone() };
        let unions = std::mem::take(&mut all.unions);
        let base = Model { fields: all.fields, additional: all.additional.map(Box::new) };
        match unions.as_slice() {
            [] if base.fields.is_empty() => {
                let inner = base.additional.map_or(Use { ty: Type::Any, nullable: false }, |b| *b);
                let of = Use { ty: Type::Map(Box::new(inner)), nullable };
                self.alias(id, of.clone(), &origin);
                (of, Some(docs))
            }
            [] => {
                self.fill(id, TypeDef { origin, label, docs: type_docs, kind: TypeKind::Model(base) });
                (Use { ty: Type::Named(id), nullable }, Some(docs))
            }
            [(one, at)] => {
                let of = self.choice(
                    id,
                    one,
                    at,
                    TypeDef { origin, label, docs: type_docs, kind: TypeKind::Model(base) },
                    &undeclared,
                );
                (Use { nullable: nullable || of.nullable, ..of }, Some(docs))
            }
            several => {
                let model = self.several(id, several, base, &undeclared);
                self.fill(id, TypeDef { origin, label, docs: type_docs, kind: TypeKind::Model(model) });
                (Use { ty: Type::Named(id), nullable }, Some(docs))
            }
        }
    }

    /// Collects the members of an object schema, its `allOf` parts and what they refer to.
    fn gather(
        &mut self,
        node: &'d Node,
        pointer: &Pointer,
        owner: TypeId,
        all: &mut Gathered<'d>,
        path: &mut Vec<Step>,
    ) {
        for (i, part) in node.get("allOf").and_then(Node::as_array).unwrap_or_default().iter().enumerate() {
            let at = pointer.join("allOf").join(i);
            if part.get("$ref").is_some() {
                let Some((target, found)) = self.deref(part, &at) else { continue };
                if !all.seen.insert(target.clone()) {
                    if path.iter().any(|step| step.target == target) {
                        let message = "`allOf` contains itself";
                        self.push(Diagnostic::warning("W0302", message).at(part.span).pointer(&at));
                    }
                    continue;
                }
                // Read the component first, so that what is written in place there is named after it.
                if !self.is_open(&target) {
                    let _ = self.component(&target, found);
                }
                path.push(Step { target: target.clone(), from: Origin { pointer: at, span: part.span } });
                self.gather(found, &target, owner, all, path);
                path.pop();
            } else {
                self.gather(part, &at, owner, all, path);
            }
        }
        all.nullable |= node.flag("nullable");
        if all.docs.text.is_empty() {
            all.docs.text = node.get("description").and_then(Node::as_str).unwrap_or_default().to_owned();
        }
        for name in node.get("required").and_then(Node::as_array).unwrap_or_default() {
            if let Some(text) = name.as_str() {
                all.required.push((text.to_owned(), node, pointer.clone()));
            }
        }
        all.facts.extend(demands(node));
        let has = |key: &str| node.get(key).and_then(Node::as_array).is_some_and(|a| !a.is_empty());
        let mut telling = has("oneOf") || has("anyOf");
        if !choices(node).is_empty() {
            all.any_object = true;
            if !self.is_circle(node, pointer, path) {
                all.unions.push((node, pointer.clone()));
            }
        }
        if let Some(properties) = node.get("properties").and_then(Node::as_object) {
            all.any_object = true;
            telling = true;
            let at = pointer.join("properties");
            for e in properties.iter() {
                let field = self.field(e, &at, owner, None);
                self.merge_field(all, field);
            }
        }
        if let Some(n) = node.get("additionalProperties").filter(|n| n.as_object().is_some()) {
            all.any_object = true;
            telling = true;
            let of = self.schema(n, &pointer.join("additionalProperties"), self.label_of(owner, "Value")).of;
            if of.ty != Type::Any {
                all.additional = Some(of);
            }
        }
        let typ = node.get("type").and_then(Node::as_str).or_else(|| implied_type(node));
        match typ {
            Some("object") => all.any_object = true,
            Some(_) if !telling => self.gather_scalar(node, pointer, owner, all),
            None if node.get("enum").is_some() => self.gather_scalar(node, pointer, owner, all),
            _ => {}
        }
    }

    fn gather_scalar(&mut self, node: &'d Node, pointer: &Pointer, owner: TypeId, all: &mut Gathered<'d>) {
        if node.get("allOf").is_some() && all.other.is_some() {
            return;
        }
        let keywords = self.keywords(node, pointer);
        let known = self.refs.get(pointer.as_str()).and_then(|p| match p {
            super::Progress::Done(part) => Some(part.of.ty.clone()),
            super::Progress::Open(_) => None,
        });
        let ty = known.unwrap_or_else(|| self.plain(node, pointer, self.label_of(owner, ""), &keywords));
        let better = match &all.other {
            None | Some(Type::Any | Type::Scalar(_)) => true,
            Some(_) => matches!(ty, Type::Named(_)),
        };
        if better {
            all.other = Some(ty);
        }
    }

    fn merge_field(&mut self, all: &mut Gathered<'d>, mut field: Field) {
        let Some(at) = all.fields.iter().position(|f| f.wire == field.wire) else {
            all.fields.push(field);
            return;
        };
        let Some(old) = all.fields.get(at).cloned() else { return };
        if old.of.ty != field.of.ty && !self.refines(&old.of.ty, &field.of.ty) {
            if self.refines(&field.of.ty, &old.of.ty) {
                field.of.ty = old.of.ty.clone();
            } else {
                let message = format!("parts of `allOf` disagree on the type of `{}`", field.wire);
                self.push(
                    Diagnostic::warning("W0305", message)
                        .at(field.origin.span)
                        .pointer(&field.origin.pointer)
                        .second(old.origin.span, "declared otherwise here"),
                );
            }
        }
        if field.docs.text.is_empty() {
            field.docs.text = old.docs.text;
        }
        field.constant = field.constant.or(old.constant);
        field.docs.deprecated |= old.docs.deprecated;
        field.required |= old.required;
        field.rank = field.rank.min(old.rank);
        field.read_only |= old.read_only;
        field.write_only |= old.write_only;
        if let Some(slot) = all.fields.get_mut(at) {
            *slot = field;
        }
    }

    /// Whether `new` says the same as `old` or more.
    fn refines(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Any, _) => true,
            (Type::Scalar(Scalar::String), Type::Scalar(s)) => s.is_text(),
            (Type::Scalar(s), Type::Named(id)) => match self.def(*id).map(|d| &d.kind) {
                Some(TypeKind::Enum(e)) => e.numeric != s.is_text(),
                Some(TypeKind::Model(_) | TypeKind::Union(_)) | None => false,
            },
            (Type::Named(a), Type::Named(b)) => {
                a == b
                    || match (self.def(*a).map(|d| &d.kind), self.def(*b).map(|d| &d.kind)) {
                        (Some(TypeKind::Enum(x)), Some(TypeKind::Enum(y))) => {
                            y.values.iter().all(|v| x.values.iter().any(|w| w.wire == v.wire))
                        }
                        _ => self.alike(old, new, 4),
                    }
            }
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => a.ty == b.ty || self.refines(&a.ty, &b.ty),
            (Type::List(a), Type::Tuple(b)) => b.uses().all(|b| a.ty == b.ty || self.refines(&a.ty, &b.ty)),
            (Type::Map(_), Type::Named(id)) => self.def(*id).and_then(TypeDef::model).is_some(),
            _ => old == new,
        }
    }

    /// `oneOf` or `anyOf`, with everything that stands beside it.
    pub(super) fn one_of(
        &mut self,
        node: &'d Node,
        pointer: &Pointer,
        label: Label,
        keywords: &Keywords,
    ) -> (Use, Option<Docs>) {
        if choices(node).is_empty() {
            return (Use { ty: self.plain(node, pointer, label, keywords), nullable: false }, None);
        }
        let id = self.reserve(&label);
        self.announce(pointer, id);
        let mut base = Gathered::default();
        let mut undeclared = Vec::new();
        if node.get("properties").is_some() {
            let from = Origin { pointer: pointer.clone(), span: node.span };
            self.gather(node, pointer, id, &mut base, &mut vec![Step { target: pointer.clone(), from }]);
            for (rank, (name, ..)) in std::mem::take(&mut base.required).into_iter().enumerate() {
                match base.fields.iter_mut().find(|f| f.wire == name) {
                    Some(field) => {
                        field.required = true;
                        field.rank = field.rank.min(rank);
                    }
                    None => undeclared.push(name),
                }
            }
        }
        let base = Model { fields: base.fields, additional: base.additional.map(Box::new) };
        let origin = Origin { pointer: pointer.clone(), span: node.span };
        let def = TypeDef { origin, label, docs: keywords.docs(), kind: TypeKind::Model(base) };
        (self.choice(id, node, pointer, def, &undeclared), None)
    }

    /// The choice that `node` offers, or both of them, each branch with the members of the model `def`, as the type `id`.
    /// `required` names members that must be there and that only branches declare.
    fn choice(&mut self, id: TypeId, node: &'d Node, pointer: &Pointer, def: TypeDef, required: &[String]) -> Use {
        let keys = choices(node);
        if let ([_, _], TypeKind::Model(base)) = (keys.as_slice(), &def.kind) {
            // A value takes one branch of each.
            let model = self.several(id, &[(node, pointer.clone())], base.clone(), required);
            if !model.fields.is_empty() {
                self.fill(id, TypeDef { kind: TypeKind::Model(model), ..def });
                return Use { ty: Type::Named(id), nullable: false };
            }
        }
        self.union_on(id, node, pointer, keys.first().copied().unwrap_or("oneOf"), def, required)
    }

    /// The choice `key` of `node`, each branch joined with the members of the model `def`, as the type `id`.
    fn union_on(
        &mut self,
        id: TypeId,
        node: &'d Node,
        pointer: &Pointer,
        key: &str,
        def: TypeDef,
        required: &[String],
    ) -> Use {
        let TypeDef { origin, label, docs, kind } = def;
        let base = if let TypeKind::Model(base) = kind { base } else { Model::default() };
        let list = node.get(key).and_then(Node::as_array).unwrap_or_default();
        let discriminator =
            node.get("discriminator").and_then(|d| d.get("propertyName")).and_then(Node::as_str).map(str::to_owned);
        let mut nullable = false;
        let mut branches: Vec<Branch> = Vec::new();
        for (i, b) in list.iter().enumerate() {
            let at = pointer.join(key).join(i);
            if only_null(b) {
                nullable = true;
                continue;
            }
            // It adds no alternative: that is the members around the choice, if there are any.
            if only_required(b) && base.fields.is_empty() {
                continue;
            }
            let hint = branch_hint(b, list);
            let part = match only_required(b) {
                true => Part::any(Docs::default()),
                false => self.schema(b, &at, self.label_of(id, hint.clone().unwrap_or_default())),
            };
            nullable |= part.of.nullable;
            let tag = discriminator.as_ref().map(|property| (property.clone(), self.tag_values(node, b, property)));
            let origin = Origin { pointer: at, span: b.span };
            let of_branch = Branch { ty: part.of.ty, origin, tag, label: hint, docs: part.docs };
            let all = if base.fields.is_empty() {
                vec![of_branch]
            } else {
                self.joined(&base, of_branch, id, required, &mut HashSet::new())
            };
            for new in all {
                let same = branches.iter_mut().find(|x| x.ty == new.ty);
                match same {
                    // The same type twice: one branch with the values of both.
                    Some(x) => {
                        if let (Some((_, values)), Some((_, more))) = (&mut x.tag, new.tag) {
                            values.extend(more);
                        }
                    }
                    None => branches.push(new),
                }
            }
        }
        if discriminator.is_none() {
            self.drop_alike(&mut branches);
        }
        if branches.is_empty() {
            let ty = if base.fields.is_empty() {
                Type::Any
            } else {
                self.fill(id, TypeDef { origin, label, docs, kind: TypeKind::Model(base) });
                return Use { ty: Type::Named(id), nullable };
            };
            self.alias(id, Use { ty: ty.clone(), nullable: false }, &origin);
            return Use { ty, nullable };
        }
        if let Some(kind) = self.one_kind(&branches, key == "anyOf") {
            let of = match kind {
                OneKind::Type(ty) => {
                    self.alias(id, Use { ty: ty.clone(), nullable: false }, &origin);
                    ty
                }
                OneKind::New(kind) => {
                    self.fill(id, TypeDef { origin, label, docs, kind });
                    Type::Named(id)
                }
            };
            return Use { ty: of, nullable };
        }
        let kind = TypeKind::Union(Union { branches, discriminator });
        self.fill(id, TypeDef { origin, label, docs, kind });
        Use { ty: Type::Named(id), nullable }
    }

    /// The values that the discriminator has in the branch `b`.
    fn tag_values(&mut self, union: &Node, b: &'d Node, property: &str) -> Vec<String> {
        let Some(reference) = b.get("$ref").and_then(Node::as_str).or_else(|| {
            // `allOf: [{$ref}]`: what `normalize` makes of a reference with siblings.
            let parts = b.get("allOf").and_then(Node::as_array)?;
            parts.iter().find_map(|p| p.get("$ref")).and_then(Node::as_str)
        }) else {
            return constant(b, property).unwrap_or_default();
        };
        let name = reference.rsplit('/').next().unwrap_or(reference).replace("~1", "/").replace("~0", "~");
        let mapping = union.get("discriminator").and_then(|d| d.get("mapping")).and_then(Node::as_object);
        let mapped: Vec<String> = mapping
            .into_iter()
            .flat_map(|m| m.iter())
            .filter(|e| e.value.as_str().is_some_and(|to| to == reference || to == name))
            .map(|e| e.key.clone())
            .collect();
        if !mapped.is_empty() {
            return mapped;
        }
        // Without a mapping the component's own constant is better evidence than its name.
        let segments = Pointer::parse(reference).map(|p| p.segments().collect::<Vec<_>>()).unwrap_or_default();
        let target = self.root.at(segments.iter().map(String::as_str));
        target.and_then(|t| constant(t, property)).unwrap_or_else(|| vec![name])
    }

    /// `base` and one branch as one model; of a branch that is a choice itself, one for each of its own.
    fn joined(
        &mut self,
        base: &Model,
        branch: Branch,
        union: TypeId,
        required: &[String],
        seen: &mut HashSet<TypeId>,
    ) -> Vec<Branch> {
        let named = branch.ty.named().and_then(|id| Some((id, self.def(id)?.clone())));
        let (model, component) = match named.map(|(id, def)| (id, def.kind, def.label)) {
            Some((_, TypeKind::Model(model), Label::Component(name))) => (model, Some(name)),
            Some((_, TypeKind::Model(model), _)) => (model, None),
            Some((inner, TypeKind::Union(_), _)) if !seen.insert(inner) => return Vec::new(),
            Some((_, TypeKind::Union(inner), _)) => {
                // Places of their own: what is joined is another type than the branch of the choice itself.
                let of = |(i, x): (usize, Branch)| {
                    let origin = Origin { pointer: branch.origin.pointer.join(i), span: branch.origin.span };
                    Branch { tag: branch.tag.clone().or_else(|| x.tag.clone()), origin, ..x }
                };
                let inner: Vec<Branch> = inner.branches.into_iter().enumerate().map(of).collect();
                return inner.into_iter().flat_map(|x| self.joined(base, x, union, required, seen)).collect();
            }
            None if matches!(branch.ty, Type::Map(_) | Type::Any) => (Model::default(), None),
            Some((_, TypeKind::Enum(_), _)) | None => return vec![branch],
        };
        let mut all = Gathered {
            fields: base.fields.clone(),
            additional: base.additional.clone().map(|b| *b),
            ..Gathered::default()
        };
        for field in model.fields {
            self.merge_field(&mut all, field);
        }
        for field in all.fields.iter_mut().filter(|f| required.contains(&f.wire)) {
            field.required = true;
        }
        if let Some(more) = model.additional {
            all.additional = Some(*more);
        }
        let part = component.or(branch.label.clone()).unwrap_or_default();
        let label = self.label_of(union, part);
        let id = self.reserve(&label);
        let kind = TypeKind::Model(Model { fields: all.fields, additional: all.additional.map(Box::new) });
        self.fill(id, TypeDef { origin: branch.origin.clone(), label, docs: branch.docs.clone(), kind });
        vec![Branch { ty: Type::Named(id), ..branch }]
    }

    /// Removes branches whose type is built like an earlier one's: nothing on the wire could tell them apart.
    pub(super) fn drop_alike(&self, branches: &mut Vec<Branch>) {
        let mut kept: Vec<Branch> = Vec::new();
        for b in branches.drain(..) {
            if !kept.iter().any(|k| self.alike(&k.ty, &b.ty, 6)) {
                kept.push(b);
            }
        }
        *branches = kept;
    }

    /// Whether two types accept and hold the same, by structure, down to `depth`.
    fn alike(&self, a: &Type, b: &Type, depth: usize) -> bool {
        same(&|id| self.def(id), a, b, depth, Sameness::Held)
    }

    /// The one type that all branches amount to, if there is one.
    pub(super) fn one_kind(&self, branches: &[Branch], any_of: bool) -> Option<OneKind> {
        if let [only] = branches {
            return Some(OneKind::Type(only.ty.clone()));
        }
        if branches.iter().any(|b| b.ty == Type::Any) {
            return Some(OneKind::Type(Type::Any));
        }
        // Texts and lists of texts: an open enum already holds any text.
        let enums: Vec<&Enum> = branches.iter().filter_map(|b| self.text_enum(&b.ty)).collect();
        let texts = branches.iter().filter(|b| matches!(b.ty, Type::Scalar(s) if s.is_text())).count();
        if enums.len() + texts == branches.len() {
            if enums.is_empty() {
                return Some(OneKind::Type(Type::Scalar(Scalar::String)));
            }
            if let ([_], Some(b)) = (enums.as_slice(), branches.iter().find(|b| self.text_enum(&b.ty).is_some())) {
                return Some(OneKind::Type(b.ty.clone()));
            }
            let mut values: Vec<EnumValue> = Vec::new();
            for v in enums.iter().flat_map(|e| &e.values) {
                if !values.iter().any(|x| x.wire == v.wire) {
                    values.push(v.clone());
                }
            }
            return Some(OneKind::New(TypeKind::Enum(Enum { values, numeric: false })));
        }
        let scalar = |b: &Branch| if let Type::Scalar(s) = b.ty { Some(s) } else { None };
        let numbers: Vec<Scalar> = branches.iter().filter_map(scalar).filter(|s| s.is_number()).collect();
        if numbers.len() == branches.len() {
            return Some(OneKind::Type(Type::Scalar(number_for(&numbers))));
        }
        // `anyOf` of objects of which nothing is required and that agree on what they share: any mixture is
        // valid, so one model with all members says exactly that. Error lists are written so: no branch could
        // ever be told from the others.
        if any_of {
            let models: Vec<&Model> = branches.iter().filter_map(|b| self.def(b.ty.named()?)?.model()).collect();
            if models.len() == branches.len()
                && models.iter().all(|m| m.additional.is_none() && m.fields.iter().all(|f| !f.required))
            {
                let mut merged: Vec<Field> = Vec::new();
                for f in models.iter().flat_map(|m| &m.fields) {
                    match merged.iter_mut().find(|g| g.wire == f.wire) {
                        None => merged.push(f.clone()),
                        Some(g) if self.alike(&g.of.ty, &f.of.ty, 4) => {
                            g.of.nullable |= f.of.nullable;
                            g.constant.take_if(|one| f.constant.as_ref() != Some(one));
                        }
                        Some(_) => return None,
                    }
                }
                return Some(OneKind::New(TypeKind::Model(Model { fields: merged, additional: None })));
            }
        }
        None
    }

    fn text_enum(&self, ty: &Type) -> Option<&Enum> {
        match &self.def(ty.named()?)?.kind {
            TypeKind::Enum(e) => Some(e).filter(|e| !e.numeric),
            TypeKind::Model(_) | TypeKind::Union(_) => None,
        }
    }
}

/// The number that holds all of these.
fn number_for(all: &[Scalar]) -> Scalar {
    if let Some(any) = [Scalar::Number, Scalar::F64].into_iter().find(|any| all.contains(any)) {
        return any;
    }
    // One of themselves, or the narrowest that is none of them; between `i64` and `u64` there is none but the exact number.
    let wide = all.iter().copied().chain([Scalar::I64]).find(|wide| all.iter().all(|s| wide.includes(*s)));
    wide.unwrap_or(Scalar::Number)
}

/// What branches amount to that are one type.
pub(super) enum OneKind {
    Type(Type),
    New(TypeKind),
}

/// The choices that a schema offers: lists of what must be there are none.
pub(super) fn choices(node: &Node) -> Vec<&'static str> {
    let offers = |key: &&str| {
        let list = node.get(key).and_then(Node::as_array).unwrap_or_default();
        list.iter().any(|branch| !only_required(branch))
    };
    ["oneOf", "anyOf"].into_iter().filter(offers).collect()
}

/// Whether a schema only demands members (`{required: [a]}`), which is no choice of types.
pub(super) fn only_required(node: &Node) -> bool {
    node.as_object().is_some_and(|o| {
        !o.is_empty()
            && o.iter().all(|e| match e.key.as_str() {
                "required" | "not" | "description" | "title" | "minProperties" | "maxProperties" => true,
                "type" => e.value.as_str() == Some("object"),
                "anyOf" | "oneOf" | "allOf" => e.value.as_array().is_some_and(|a| a.iter().all(only_required)),
                "properties" => e
                    .value
                    .as_object()
                    .is_some_and(|p| p.iter().all(|x| x.value.as_object().is_some_and(|v| v.is_empty()))),
                _ => false,
            })
    })
}

/// The parts of an `allOf` that say more than `description`, `nullable` ..., if nothing beside it does.
pub(super) fn parts_alone(node: &Node) -> Option<Vec<(usize, &Node)>> {
    let structural = ["properties", "additionalProperties", "oneOf", "anyOf", "enum", "items", "required"];
    if structural.iter().any(|k| node.get(k).is_some_and(|n| !says_nothing(k, n))) {
        return None;
    }
    let parts = node.get("allOf").and_then(Node::as_array).unwrap_or_default();
    Some(parts.iter().enumerate().filter(|(_, n)| !only_words(n)).collect())
}

pub(super) fn only_null(node: &Node) -> bool {
    node.flag(keys::NULL)
        || node.get("type").and_then(Node::as_str) == Some("null")
        || node.get("enum").and_then(Node::as_array).is_some_and(|a| !a.is_empty() && a.iter().all(Node::is_null))
}

fn only_words(node: &Node) -> bool {
    node.as_object().is_some_and(|o| {
        o.iter().all(|e| {
            matches!(
                e.key.as_str(),
                "description"
                    | "title"
                    | "nullable"
                    | "deprecated"
                    | "readOnly"
                    | "writeOnly"
                    | "default"
                    | "example"
                    | "externalDocs"
            ) || e.key.starts_with("x-")
        })
    })
}

fn says_nothing(key: &str, node: &Node) -> bool {
    match key {
        "additionalProperties" => node.as_object().is_none(),
        "required" | "oneOf" | "anyOf" => node.as_array().is_none_or(<[Node]>::is_empty),
        "properties" => node.as_object().is_none_or(|o| o.is_empty()),
        _ => false,
    }
}

/// The constant text of `property` in an object schema.
pub(super) fn constant(node: &Node, property: &str) -> Option<Vec<String>> {
    if let Some(list) = node.at(["properties", property, "enum"]).and_then(Node::as_array) {
        let texts: Vec<String> = list.iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        return (!texts.is_empty()).then_some(texts);
    }
    let parts = node.get("allOf").and_then(Node::as_array)?;
    parts.iter().find_map(|p| constant(p, property))
}

/// What a branch written in place may be called: its title, a constant text in it, the member that only it has.
pub(super) fn branch_hint(node: &Node, all: &[Node]) -> Option<String> {
    if let Some(title) = node.get("title").and_then(Node::as_str).filter(|t| !t.trim().is_empty()) {
        return Some(title.to_owned());
    }
    if let Some(properties) = node.get("properties").and_then(Node::as_object) {
        let of_others = |key: &str| {
            all.iter()
                .filter(|o| !std::ptr::eq(*o, node))
                .any(|o| o.get("properties").and_then(Node::as_object).is_some_and(|p| p.get(key).is_some()))
        };
        // `required` is a list, so its order says something; that of keys does not.
        let required = node.get("required").and_then(Node::as_array).unwrap_or_default();
        let rank = |key: &str| required.iter().position(|n| n.as_str() == Some(key)).unwrap_or(usize::MAX);
        let mut members: Vec<_> = properties.iter().collect();
        members.sort_by_key(|e| (rank(&e.key), e.key.as_str()));
        let constant = members.iter().find_map(|e| match e.value.get("enum").and_then(Node::as_array) {
            Some([only]) => only.as_str(),
            _ => None,
        });
        if let Some(text) = constant {
            return Some(text.to_owned());
        }
        let own = members.iter().find(|e| !of_others(&e.key)).or(members.first());
        return own.map(|e| e.key.clone());
    }
    let typ = node.get("type").and_then(Node::as_str).or_else(|| implied_type(node))?;
    if typ == "array" {
        let item = node.get("items").and_then(|i| {
            i.get("$ref")
                .and_then(Node::as_str)
                .map(|r| r.rsplit('/').next().unwrap_or(r).to_owned())
                .or_else(|| branch_hint(i, &[]))
        });
        return Some(format!("{} list", item.unwrap_or_default()));
    }
    Some(typ.to_owned())
}
