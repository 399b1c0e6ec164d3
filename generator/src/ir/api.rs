//! The API as a whole: servers, tags, security, and what a document says of any node.

use crate::base::{Pointer, Span};

use super::{Location, Model, Operation, TypeDef, TypeId, TypeKind, Use, Webhook};

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
    /// What the API calls at the consumer: the document's webhooks, and the callbacks of the operations.
    pub webhooks: Vec<Webhook>,
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
        self.types.get(id.index())
    }

    /// The model behind an id, if it is one.
    pub fn model(&self, id: TypeId) -> Option<&Model> {
        self.get(id)?.model()
    }

    /// Whether an enum is behind an id.
    pub fn is_enum(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|def| matches!(def.kind, TypeKind::Enum(_)))
    }

    /// The one value that can be at a place; whether it is a number. `None` where there is a choice, or null.
    pub fn only_value(&self, of: &Use) -> Option<(&str, bool)> {
        let TypeKind::Enum(e) = &self.get(of.ty.named().filter(|_| !of.nullable)?)?.kind else { return None };
        match e.values.as_slice() {
            [only] => Some((only.wire.as_str(), e.numeric)),
            _ => None,
        }
    }

    /// All types with their ids, in document order.
    pub fn defs(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(index, def)| (TypeId::at(index), def))
    }

    /// How the security scheme of this name works; `None` where nobody can have credentials for it.
    pub fn scheme(&self, name: &str) -> Option<&SecurityKind> {
        let scheme = self.security_schemes.iter().find(|s| s.wire == name)?;
        match &scheme.kind {
            kind @ (SecurityKind::Basic | SecurityKind::Bearer | SecurityKind::ApiKey { .. }) => Some(kind),
            SecurityKind::Other(_) => None,
        }
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
