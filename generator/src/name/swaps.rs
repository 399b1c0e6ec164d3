//! Which lists of arguments become a struct with their names: those of more than two, and those of two that a caller can swap unnoticed.

use crate::ir::{Api, Content, Field, Operation, Scalar, Type, TypeId, TypeKind, Use, Written};

use super::{Setter, SetterOf};

/// A kind of value that a caller can give. What several arguments take can be given for the wrong one of them.
#[derive(Debug, Clone, PartialEq)]
enum Given {
    /// A text, or bytes: whatever they are for.
    Text,
    /// A number, of whatever width.
    Number,
    /// A value of this type and of no other.
    Exactly(Type),
    /// Parts of a multipart body.
    Parts,
    /// An interrupted call.
    Mfa,
    /// Several of them.
    List(Box<Given>),
    /// One of them, or null.
    Option(Box<Given>),
}

/// What an argument takes.
pub(super) struct Taken(Vec<Given>);

impl Taken {
    fn one(given: Given) -> Self {
        Self(vec![given])
    }

    fn map(self, wrap: impl Fn(Box<Given>) -> Given) -> Self {
        Self(self.0.into_iter().map(|given| wrap(Box::new(given))).collect())
    }

    /// What is taken for a value of a type.
    fn of(api: &Api, ty: &Type) -> Self {
        let exactly = || Given::Exactly(ty.clone());
        match ty {
            Type::Scalar(Scalar::Bool) | Type::Tuple(_) | Type::Map(_) => Self::one(exactly()),
            // It converts from whatever has one value.
            Type::Any => Self(vec![exactly(), Given::Text, Given::Number, Given::Exactly(Type::Scalar(Scalar::Bool))]),
            Type::Scalar(scalar) => Self::one(if scalar.is_number() { Given::Number } else { Given::Text }),
            Type::List(of) => Self::of_use(api, of).map(Given::List),
            Type::Named(id) => match api.get(*id).map(|def| &def.kind) {
                Some(TypeKind::Enum(_)) => Self(vec![exactly(), Given::Text]),
                // It converts from the types of its choices.
                Some(TypeKind::Union(union)) => {
                    let choices = union.branches.iter().filter(|branch| branch.ty.named().is_some());
                    Self(std::iter::once(exactly()).chain(choices.map(|b| Given::Exactly(b.ty.clone()))).collect())
                }
                Some(TypeKind::Model(_)) | None => Self::one(exactly()),
            },
        }
    }

    fn of_use(api: &Api, of: &Use) -> Self {
        let plain = Self::of(api, &of.ty);
        if of.nullable && of.ty != Type::Any { plain.map(Given::Option) } else { plain }
    }

    /// What is taken for a member, by `new` or in the JSON of a flat body.
    pub(super) fn member(api: &Api, field: &Field) -> Self {
        Self::of_use(api, &field.of)
    }

    /// What is taken for an argument of an operation, whose body has the members of `flat`.
    pub(super) fn argument(api: &Api, o: &Operation, flat: Option<TypeId>, setter: &Setter) -> Self {
        match setter.of {
            SetterOf::Parameter(i) => match o.parameters.get(i) {
                Some(p) => Self::of(api, &p.of.ty),
                None => Self(Vec::new()),
            },
            SetterOf::Member(i) => {
                let field = flat.and_then(|id| api.model(id)?.fields.get(i));
                let (Some(body), Some(field)) = (&o.body, field) else { return Self(Vec::new()) };
                let upload = body.member(&field.wire).is_some_and(|member| member.written == Written::Upload);
                match (&body.content, &field.of.ty) {
                    (Content::Json(_), _) => Self::member(api, field),
                    (_, Type::List(_)) if upload => Self::one(Given::Text).map(Given::List),
                    _ if upload => Self::one(Given::Text),
                    (_, ty) => Self::of(api, ty),
                }
            }
            SetterOf::Body | SetterOf::Other(_) => match o.body.as_ref().map(|body| &body.content) {
                Some(Content::Json(of) | Content::Form(of)) => Self::of(api, &of.ty),
                Some(Content::Multipart(_)) => Self::one(Given::Parts),
                Some(Content::Text | Content::Bytes | Content::Events(_)) | None => Self::one(Given::Text),
            },
            SetterOf::Mfa => Self::one(Given::Mfa),
            SetterOf::ContentType | SetterOf::Token => Self::one(Given::Text),
        }
    }

    /// Whether some values fit both.
    fn meets(&self, other: &Self) -> bool {
        self.0.iter().any(|given| other.0.contains(given))
    }
}

/// Whether these arguments are given by their names: nobody counts more than two, and two that take the same can be swapped.
pub(super) fn need_names(arguments: &[Taken]) -> bool {
    match arguments {
        [] | [_] => false,
        [one, other] => one.meets(other),
        _ => true,
    }
}
