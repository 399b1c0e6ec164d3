//! The intermediate representation: what is true of an API, before anybody decides how it looks in Rust.
//!
//! `lower` builds it, `analyze` adds facts beside it, `name` and `render` read it. Plain data in document
//! order; every node knows its [`Origin`]. Absence and null are two facts until `render`.

use std::collections::BTreeSet;

use crate::load::Span;
use crate::pointer::Pointer;

/// Where a node of the IR comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The place in the document's terms.
    pub pointer: Pointer,
    /// The place in the file.
    pub span: Span,
}

/// A whole API.
#[derive(Debug, Clone, Default)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: String,
    /// Servers in document order.
    pub servers: Vec<Server>,
    /// Tags that operations use, in order of first mention (declared ones first).
    pub tags: Vec<Tag>,
    /// Security schemes by name.
    pub security_schemes: Vec<SecurityScheme>,
    /// Every model, enum and union; a [`TypeId`] is an index into it.
    pub types: Vec<TypeDef>,
    /// Every operation that was selected.
    pub operations: Vec<Operation>,
    /// The values that the document shows, where they were asked for.
    pub examples: Vec<Example>,
}

/// A value that the document shows, with the type of the place where it stands.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it stands.
    pub origin: Origin,
    /// The type of that place.
    pub of: Use,
    /// Whether the place is a whole body, where an array is a list of records.
    pub body: bool,
    /// Whether requests have it there.
    pub request: bool,
    /// The value.
    pub value: serde_json::Value,
}

/// A server of the document.
#[derive(Debug, Clone)]
pub struct Server {
    /// The address, variables replaced by their defaults. One without a host begins with a slash.
    pub url: String,
    /// What the document says of it.
    pub description: String,
}

impl Server {
    /// Whether requests can go there as it stands: there is a host, and no variable without a value.
    pub fn is_whole(&self) -> bool {
        let head = self.url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(head.as_deref(), Some("http" | "https")) && !self.url.contains('{')
    }

    /// The path of a server whose host is left open, without a slash at its end.
    pub fn path(&self) -> Option<&str> {
        (self.url.starts_with('/') && !self.url.contains('{')).then(|| self.url.trim_end_matches('/'))
    }

    /// What two addresses have in common when they are one.
    pub fn essence(&self) -> String {
        let url = self.url.trim_end_matches('/');
        let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let port = if scheme == "https" { ":443" } else { ":80" };
        format!("{scheme}://{}{path}", host.strip_suffix(port).unwrap_or(&host))
    }
}

/// Which servers have an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Servers {
    /// All of the document's.
    #[default]
    Any,
    /// Servers of its own and none of the document's: their addresses.
    Only(Vec<String>),
    /// Some of the document's: the addresses of the others.
    Except(Vec<String>),
}

/// A tag: one handle of the client.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The name as the document writes it.
    pub wire: String,
    /// What the document says of it.
    pub description: String,
    /// Where it is declared, or the first operation that uses it.
    pub origin: Origin,
}

/// One way to prove who is calling.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub wire: String,
    /// Where it is declared.
    pub origin: Origin,
    /// How it works.
    pub kind: SecurityKind,
    /// What the document says of it.
    pub description: String,
}

/// How a security scheme works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// HTTP Basic.
    Basic,
    /// HTTP Bearer, OAuth2 and OpenID Connect: a token in `Authorization`.
    Bearer,
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// `header`, `query` or `cookie`.
        location: Location,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// Anything else, for which the runtime has no credentials, by the document's words for it.
    Other(String),
}

/// Index of a [`TypeDef`] in [`Api::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

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
        /// Index in [`Api::operations`].
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
    /// Its place in `required`, which is the order of arguments: `properties` is a mapping, and a tool may sort its keys.
    pub rank: usize,
    /// The type, with whether the document declares that it may be null.
    pub of: Use,
    /// Whether null may come although it is not declared, since the settings say so of what responses require.
    pub may_be_null: bool,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// A secret that has not the type of one: `Debug` must not print it.
    pub secret: bool,
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
    /// An object whose keys are data.
    Map(Box<Use>),
    /// A value of its own.
    Scalar(Scalar),
    /// Any JSON.
    Any,
}

/// Scalars by what Rust must hold, not by every format's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Text.
    String,
    /// `format: password`.
    Secret,
    /// `format: uuid`.
    Uuid,
    /// `format: date`.
    Date,
    /// `format: date-time`.
    DateTime,
    /// Raw bytes (`format: binary` outside JSON).
    Binary,
    /// `true` or `false`.
    Bool,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// 32 bits, not negative (`format: uint32`).
    U32,
    /// 64 bits, not negative (`format: uint64`).
    U64,
    /// Any number, as near as a float comes.
    F64,
    /// Any number, exactly.
    Number,
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

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, or one made of method and path.
    pub id: String,
    /// Lower case: `get`.
    pub method: String,
    /// The template: `/api/links/{id}/`.
    pub path: String,
    /// Query pairs that stand in the path template itself (`/x?action=list`).
    pub fixed_query: Vec<(String, String)>,
    /// Index in [`Api::tags`].
    pub tag: usize,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Parameters in document order.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// Answers in document order.
    pub responses: Vec<Response>,
    /// Names of the security schemes of each alternative; `None` when no call of the whole API is said to need any.
    pub security: Option<Vec<Vec<String>>>,
    /// Which servers have it.
    pub servers: Servers,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a parameter's value is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `a,b`, the default in paths and headers.
    Simple,
    /// `.a.b`
    Label,
    /// `;x=a`
    Matrix,
    /// `x=a,b` or, exploded, `x=a&x=b`: the default in queries and cookies.
    Form,
    /// `x=a b`
    SpaceDelimited,
    /// `x=a|b`
    PipeDelimited,
    /// `x[k]=v`
    DeepObject,
    /// The value as JSON text (`content: application/json`).
    Json,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// Where it goes.
    pub location: Location,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Whether it must be given.
    pub required: bool,
    /// How it is spelled.
    pub style: Style,
    /// Whether lists and objects are spelled as several pairs.
    pub explode: bool,
    /// Its type.
    pub of: Use,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Whether it must be given.
    pub required: bool,
    /// The media type as written.
    pub media_type: String,
    /// What stands in it.
    pub content: Content,
    /// Whether the model was written in place and nowhere else: its members become setters.
    pub inline: bool,
}

/// What stands in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json(Use),
    /// `application/x-www-form-urlencoded`.
    Form(Use),
    /// `multipart/form-data`.
    Multipart(Use),
    /// Text as it is.
    Text,
    /// Bytes as they are.
    Bytes,
    /// `text/event-stream`.
    Events(Option<Use>),
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Media type and body; `None` without a body.
    pub content: Option<(String, Content)>,
    /// Media types that were left out beside the chosen one.
    pub other_media_types: Vec<String>,
}

/// What a document says of a node, in its own words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Docs {
    /// `summary` or `title`.
    pub title: String,
    /// `description`.
    pub text: String,
    /// The `deprecated` flag.
    pub deprecated: bool,
    /// Facts for the reader: default, pattern, limits.
    pub facts: Vec<String>,
    /// A value as the document shows it.
    pub example: Option<serde_json::Value>,
    /// The value that the document calls the default; never filled in.
    pub default: Option<serde_json::Value>,
}

impl Api {
    /// The type behind an id.
    pub fn get(&self, id: TypeId) -> Option<&TypeDef> {
        self.types.get(id.0 as usize)
    }

    /// How the security scheme of this name works; `None` where nobody can have credentials for it.
    pub fn scheme(&self, name: &str) -> Option<&SecurityKind> {
        let scheme = self.security_schemes.iter().find(|s| s.wire == name)?;
        (!matches!(scheme.kind, SecurityKind::Other(_))).then_some(&scheme.kind)
    }

    /// The security scheme that keeps every call of an operation from being made: all alternatives need one like it.
    pub fn barred_by<'a>(&self, operation: &'a Operation) -> Option<&'a str> {
        let mut first = None;
        for alternative in operation.security.iter().flatten() {
            let unmet = alternative.iter().find(|name| self.scheme(name).is_none())?;
            first = first.or(Some(unmet.as_str()));
        }
        first
    }

    /// The paths that stand in front of every request's path behind the host that the caller names, where the document names no
    /// host at all; the first one is meant unless the caller says otherwise.
    pub fn base_paths(&self) -> Vec<&str> {
        let paths: Vec<&str> = self.servers.iter().filter_map(Server::path).collect();
        if self.servers.iter().any(Server::is_whole) || paths.first().is_none_or(|path| path.is_empty()) {
            return Vec::new();
        }
        paths.into_iter().filter(|path| !path.is_empty()).collect()
    }
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

impl Type {
    /// The named type, looking through nothing.
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Type::Named(id) => Some(*id),
            _ => None,
        }
    }

    /// Calls `f` with every named type in it.
    pub fn each_named(&self, f: &mut impl FnMut(TypeId)) {
        match self {
            Type::Named(id) => f(*id),
            Type::List(of) | Type::Map(of) => of.ty.each_named(f),
            Type::Scalar(_) | Type::Any => {}
        }
    }
}

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

impl Content {
    /// The type in it.
    pub fn of(&self) -> Option<&Use> {
        match self {
            Content::Json(u) | Content::Form(u) | Content::Multipart(u) => Some(u),
            Content::Events(u) => u.as_ref(),
            Content::Text | Content::Bytes => None,
        }
    }
}

impl Operation {
    /// Whether `status` of it is a success.
    pub fn is_success(status: &str) -> bool {
        status.starts_with('2')
    }

    /// Calls `f` with every type of its requests.
    pub fn each_request_type(&self, f: &mut impl FnMut(&Type)) {
        self.parameters.iter().for_each(|p| f(&p.of.ty));
        if let Some(of) = self.body.as_ref().and_then(|b| b.content.of()) {
            f(&of.ty);
        }
    }

    /// Calls `f` with every type of its responses.
    pub fn each_response_type(&self, f: &mut impl FnMut(&Type)) {
        for r in &self.responses {
            if let Some(of) = r.content.as_ref().and_then(|(_, c)| c.of()) {
                f(&of.ty);
            }
        }
    }
}
