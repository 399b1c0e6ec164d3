//! Several choices in one `allOf`: one model with every member that a branch of theirs may bring. Nothing tells which branches
//! a value took, and it may have taken one of each, so no union of their combinations would say more.

use std::collections::BTreeSet;

use super::Lowering;
use super::compose::{OneKind, branch_hint};
use crate::base::Pointer;
use crate::document::Node;
use crate::ir::{Branch, Docs, Field, Model, Origin, Type, TypeDef, TypeId, TypeKind, Union};

/// A member while the choices are gone through.
struct Member {
    field: Field,
    /// What it is in each place that declares it, no two the same.
    types: Vec<Branch>,
    /// Whether it is declared next to the choices: whatever they say, what is said there holds too.
    always: bool,
}

impl<'d> Lowering<'d> {
    /// Joins `base` and the choices to one model, the type `id`. `required` names members that some part demands without
    /// declaring them.
    pub(super) fn several(
        &mut self,
        id: TypeId,
        choices: &[(&'d Node, Pointer)],
        base: Model,
        required: &[String],
    ) -> Model {
        let mut additional = base.additional;
        let mut members: Vec<Member> = base.fields.into_iter().map(|f| Member::new(f, true)).collect();
        for (node, pointer) in choices {
            for key in ["oneOf", "anyOf"] {
                let list = node.get(key).and_then(Node::as_array).unwrap_or_default();
                // Of every branch what it is; one that is no model demands nothing.
                let mut models: Vec<Option<Model>> = Vec::new();
                for (i, b) in list.iter().enumerate() {
                    let hint = branch_hint(b, list).unwrap_or_default();
                    let part = self.schema(b, &pointer.join(key).join(i), self.label_of(id, hint));
                    self.models_of(&part.of.ty, &mut BTreeSet::new(), &mut models);
                }
                for model in models.iter().flatten() {
                    if additional.is_none() {
                        additional.clone_from(&model.additional);
                    }
                    for field in &model.fields {
                        match members.iter_mut().find(|m| m.field.wire == field.wire) {
                            Some(known) => known.add(field),
                            None => {
                                let optional = Field { required: false, rank: usize::MAX, ..field.clone() };
                                members.push(Member::new(optional, false));
                            }
                        }
                    }
                }
                // What every branch demands is there whichever it is.
                let demands = |model: &Option<Model>, wire: &str| {
                    model.as_ref().is_some_and(|m| m.fields.iter().any(|f| f.wire == wire && f.required))
                };
                for member in members.iter_mut().filter(|_| !models.is_empty()) {
                    member.field.required |= models.iter().all(|model| demands(model, &member.field.wire));
                }
            }
        }
        for member in members.iter_mut().filter(|m| required.contains(&m.field.wire)) {
            member.field.required = true;
        }
        let fields = members.into_iter().map(|member| self.settle(id, member)).collect();
        Model { fields, additional }
    }

    /// The models that a type may be.
    fn models_of(&self, ty: &Type, seen: &mut BTreeSet<TypeId>, out: &mut Vec<Option<Model>>) {
        match ty.named().and_then(|id| Some((id, &self.def(id)?.kind))) {
            Some((id, _)) if !seen.insert(id) => {}
            Some((_, TypeKind::Model(model))) => out.push(Some(model.clone())),
            Some((_, TypeKind::Union(union))) => {
                union.branches.iter().for_each(|b| self.models_of(&b.ty, seen, out));
            }
            _ => out.push(None),
        }
    }

    /// A member with one type: the one it has everywhere, or a choice.
    fn settle(&mut self, owner: TypeId, member: Member) -> Field {
        let Member { mut field, mut types, .. } = member;
        self.drop_alike(&mut types);
        if let [only] = types.as_slice() {
            field.of.ty = only.ty.clone();
            return field;
        }
        let kind = match self.one_kind(&types, false) {
            Some(OneKind::Type(ty)) => {
                field.of.ty = ty;
                return field;
            }
            Some(OneKind::New(kind)) => kind,
            None => TypeKind::Union(Union { branches: types, discriminator: None }),
        };
        let label = self.label_of(owner, field.wire.clone());
        let id = self.reserve(&label);
        let origin = Origin { pointer: field.origin.pointer.clone(), span: field.origin.span };
        // The type that is written there has the place already.
        let origin = Origin { pointer: origin.pointer.join("anyOf"), ..origin };
        self.fill(id, TypeDef { origin, label, docs: Docs { example: None, ..field.docs.clone() }, kind });
        field.of.ty = Type::Named(id);
        field
    }
}

impl Member {
    fn new(field: Field, always: bool) -> Self {
        let types = vec![branch(&field)];
        Self { field, types, always }
    }

    fn add(&mut self, other: &Field) {
        self.field.of.nullable |= other.of.nullable;
        self.field.docs.deprecated &= other.docs.deprecated;
        self.field.read_only &= other.read_only;
        self.field.write_only &= other.write_only;
        if !self.always && self.field.constant != other.constant {
            self.field.constant = None;
        }
        if self.field.docs.text.is_empty() {
            self.field.docs.text.clone_from(&other.docs.text);
        }
        if !self.types.iter().any(|b| b.ty == other.of.ty) {
            self.types.push(branch(other));
        }
    }
}

fn branch(field: &Field) -> Branch {
    Branch {
        ty: field.of.ty.clone(),
        origin: field.origin.clone(),
        tag: None,
        label: None,
        docs: Docs { text: field.docs.text.clone(), ..Docs::default() },
    }
}
