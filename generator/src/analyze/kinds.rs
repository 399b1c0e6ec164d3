//! What a value of a type may be in JSON: strict kinds choose the branch of a union first.

use crate::ir::{Api, JsonKind, Type, TypeKind};

/// Which JSON kinds a type can be, for choosing among union branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// An object.
    pub object: bool,
    /// An array.
    pub array: bool,
    /// A string.
    pub string: bool,
    /// A number.
    pub number: bool,
    /// `true` or `false`.
    pub boolean: bool,
}

/// The JSON kinds of a type.
pub fn kinds(api: &Api, ty: &Type) -> Kinds {
    api.alternatives(ty).into_iter().fold(Kinds::default(), |k, ty| {
        let o = kinds_of(api, ty);
        Kinds {
            object: k.object | o.object,
            array: k.array | o.array,
            string: k.string | o.string,
            number: k.number | o.number,
            boolean: k.boolean | o.boolean,
        }
    })
}

/// The JSON kinds of a type that is no union.
fn kinds_of(api: &Api, ty: &Type) -> Kinds {
    let all = Kinds { object: true, array: true, string: true, number: true, boolean: true };
    match ty {
        Type::List(_) | Type::Tuple(_) => Kinds { array: true, ..Kinds::default() },
        Type::Map(_) => Kinds { object: true, ..Kinds::default() },
        Type::Any => all,
        Type::Scalar(s) => match s.json_kind() {
            JsonKind::Bool => Kinds { boolean: true, ..Kinds::default() },
            JsonKind::Number => Kinds { number: true, ..Kinds::default() },
            JsonKind::String => Kinds { string: true, ..Kinds::default() },
        },
        Type::Named(id) => match api.get(*id).map(|d| &d.kind) {
            Some(TypeKind::Model(_)) => Kinds { object: true, ..Kinds::default() },
            Some(TypeKind::Enum(e)) if e.numeric => Kinds { number: true, ..Kinds::default() },
            Some(TypeKind::Enum(_)) => Kinds { string: true, ..Kinds::default() },
            Some(TypeKind::Union(_)) | None => all,
        },
    }
}
