//! Types: models, enums and unions, and how they are used at a place.

use super::{Docs, Origin, Scalar};

/// Index of a [`TypeDef`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(crate) u32);

impl TypeId {
    /// The type at a place in a list of all types.
    pub fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// As a place in a list of all types.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A type of its own: something that gets a name.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// Where it is declared.
    pub origin: Origin,
    /// How it may be called.
    pub label: Label,
    /// What the document says of it.
    pub docs: Docs,
    /// What it is.
    pub kind: TypeKind,
}

impl TypeDef {
    /// The model that it is, if it is one.
    pub fn model(&self) -> Option<&Model> {
        match &self.kind {
            TypeKind::Model(model) => Some(model),
            TypeKind::Enum(_) | TypeKind::Union(_) => None,
        }
    }
}

/// Where a type's name comes from: asked for here, assigned by `name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// The name of a component.
    Component(String),
    /// A part of another type: a property, `Item` of an array, the hint of a union branch.
    Part {
        /// The type it stands in.
        parent: TypeId,
        /// What is appended to the parent's name.
        part: String,
    },
    /// The body or response of an operation.
    Operation {
        /// Index in [`Api::operations`](super::Api::operations).
        operation: usize,
        /// `Request`, `Response`, `Response404`, a parameter's name ...
        part: String,
    },
}

/// What a [`TypeDef`] is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// An object with declared members.
    Model(Model),
    /// A scalar with a list of values.
    Enum(Enum),
    /// One of several types.
    Union(Union),
}

/// An object with declared members.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Members in document order.
    pub fields: Vec<Field>,
    /// Whether members beyond the declared ones have a type.
    pub additional: Option<Box<Use>>,
}

/// A member of a model.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key on the wire.
    pub wire: String,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Whether the key must be there.
    pub required: bool,
    /// Its place in `required`, which is the order of arguments unless a lock has another: `properties` is a mapping, and a tool
    /// may sort its keys.
    pub rank: usize,
    /// The type, with whether the document declares that it may be null.
    pub of: Use,
    /// The one value that it has in this model, where it must be there: by its type, or by what a discriminator says of the model.
    /// Its text, as that of [`Branch::tag`].
    pub constant: Option<String>,
    /// Whether null may come although it is not declared, since the settings say so of what responses require.
    pub may_be_null: bool,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// A secret that has not the type of one: `Debug` must not print it.
    pub secret: bool,
}

impl Field {
    /// Whether null may stand here, as the document declares or as the settings know better.
    pub fn nullable(&self) -> bool {
        self.of.nullable || self.may_be_null
    }

    /// Whether a value must be there, so that a body without one cannot be read.
    pub fn must_have_value(&self) -> bool {
        self.required && !self.nullable() && self.of.ty != Type::Any
    }
}

/// A type at a place of use: nullability belongs to the place, never to the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The type.
    pub ty: Type,
    /// Whether `null` may stand here.
    pub nullable: bool,
}

/// A type as used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A type with a name.
    Named(TypeId),
    /// An array.
    List(Box<Use>),
    /// An array whose elements have types by their places.
    Tuple(Box<Tuple>),
    /// An object whose keys are data.
    Map(Box<Use>),
    /// A value of its own.
    Scalar(Scalar),
    /// Any JSON.
    Any,
}

/// An array whose elements have types by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tuple {
    /// The first elements.
    pub places: Vec<Use>,
    /// How many of them must be there; those after may be left out, each with all that follow it.
    pub least: usize,
    /// What all elements after those are, if the document says.
    pub rest: Option<Use>,
}

impl Tuple {
    /// What the element at a place is, one of those after all of them too.
    pub fn at(&self, place: usize) -> Option<&Use> {
        self.places.get(place).or(self.rest.as_ref())
    }

    /// The places, and what the elements after them are.
    pub fn uses(&self) -> impl Iterator<Item = &Use> {
        self.places.iter().chain(&self.rest)
    }

    /// Whether both have the same places, apart from what is at them.
    pub fn is_like(&self, other: &Self) -> bool {
        (self.places.len(), self.least, self.rest.is_some()) == (other.places.len(), other.least, other.rest.is_some())
    }

    /// As [`uses`](Self::uses), to be changed.
    pub fn uses_mut(&mut self) -> impl Iterator<Item = &mut Use> {
        self.places.iter_mut().chain(&mut self.rest)
    }
}

impl Type {
    /// The named type, looking through nothing.
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Type::Named(id) => Some(*id),
            _ => None,
        }
    }

    /// What the elements of a list are.
    pub fn item(&self) -> Option<&Type> {
        match self {
            Type::List(of) => Some(&of.ty),
            Type::Named(_) | Type::Tuple(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => None,
        }
    }
}

/// A scalar with a list of values; always open.
#[derive(Debug, Clone)]
pub struct Enum {
    /// The values in document order, without null.
    pub values: Vec<EnumValue>,
    /// Whether the values are numbers on the wire.
    pub numeric: bool,
}

/// One value of an [`Enum`].
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// The text on the wire (a number's text for numbers).
    pub wire: String,
    /// What the document says of it (`x-enumDescriptions`, `x-enum-varnames` are read).
    pub docs: Docs,
    /// A name the document proposes.
    pub label: Option<String>,
}

/// One of several types.
#[derive(Debug, Clone)]
pub struct Union {
    /// The alternatives in document order, no two alike.
    pub branches: Vec<Branch>,
    /// The property that tells them apart, if the document says so.
    pub discriminator: Option<String>,
}

/// An alternative of a [`Union`].
#[derive(Debug, Clone)]
pub struct Branch {
    /// Its type.
    pub ty: Type,
    /// Where it is declared.
    pub origin: Origin,
    /// Values that a constant property (the discriminator, or one found) has in this branch.
    pub tag: Option<(String, Vec<String>)>,
    /// What the variant may be called if its type has no name.
    pub label: Option<String>,
    /// What the document says of it.
    pub docs: Docs,
}
