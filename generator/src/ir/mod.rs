//! The intermediate representation: what is true of an API, before anybody decides how it looks in Rust.
//!
//! `lower` builds it, `configure` applies the settings to it, `analyze` adds facts beside it, `name` and `render` read it.
//! Plain data in document order; every node knows its [`Origin`]. Absence and null are two facts until `render`.

mod api;
mod operation;
mod scalar;
mod structure;
mod type_map;
mod types;
mod visit;

pub use api::{
    Api, Docs, Example, Origin, Piece, Position, Requirement, SecurityKind, SecurityScheme, Server, ServerVariable,
    Servers, Tag,
};
pub use operation::{
    Body, BodyMember, Content, Header, HeaderForm, Link, Location, Operation, OtherBody, Parameter, Response, Spelling,
    Style, Webhook, WebhookParameter, Written,
};
pub use scalar::{JsonKind, Scalar};
pub use structure::{Sameness, fingerprint, same};
pub use type_map::TypeMap;
pub use types::{Branch, Enum, EnumValue, Field, Label, Model, Tuple, Type, TypeDef, TypeId, TypeKind, Union, Use};
pub(crate) use visit::circles;
pub use visit::reached;
