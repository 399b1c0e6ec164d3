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

/// A server that the document, a path or an operation names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Server {
    /// The address, with the variables in braces. One without a host begins with a slash.
    pub url: String,
    /// The document's own name for it.
    pub name: String,
    /// What the document says of it.
    pub description: String,
    /// The variables of the address that have a value when the caller chooses none, in the order of the document.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerVariable {
    /// The name in the braces.
    pub wire: String,
    /// What the document says of it.
    pub description: String,
    /// The value that is used where the caller chooses none.
    pub default: String,
    /// The values there are; empty: any text.
    pub values: Vec<String>,
}

/// A piece of a server's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The value of a variable, by its index, and where in the address it is.
    Variable(usize, Position),
}

/// Where in an address a value is, which decides what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// `http` or `https`.
    Scheme,
    /// A part of host and port.
    Host,
    /// A part of one segment of the path.
    Segment,
    /// A part of the path, with slashes.
    Path,
    /// All of scheme, host and port, or host and path: the caller names where to go.
    Whole,
}

impl Server {
    /// A server of this address, without variables.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// The address where the caller chooses no value.
    pub fn address(&self) -> String {
        let text = |piece| match piece {
            Piece::Text(text) => text,
            Piece::Variable(i, _) => self.variables.get(i).map_or("", |v| v.default.as_str()),
        };
        self.pieces().into_iter().map(text).collect()
    }

    /// The address in pieces.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut out = Vec::new();
        let mut rest = self.url.as_str();
        // What is in front of the next piece, as far as it is known: the values of variables are their defaults.
        let mut before = String::new();
        while let Some((i, at, variable)) = self.next_variable(rest) {
            let (text, behind) = rest.split_at(at);
            if !text.is_empty() {
                out.push(Piece::Text(text));
                before.push_str(text);
            }
            rest = behind.get(variable.wire.len() + 2..).unwrap_or_default();
            out.push(Piece::Variable(i, variable.position(&before, rest)));
            before.push_str(&variable.default);
        }
        if !rest.is_empty() {
            out.push(Piece::Text(rest));
        }
        out
    }

    /// The first variable in a text, and where it begins.
    fn next_variable(&self, text: &str) -> Option<(usize, usize, &ServerVariable)> {
        let all = self.variables.iter().enumerate();
        all.filter_map(|(i, v)| Some((i, text.find(&format!("{{{}}}", v.wire))?, v))).min_by_key(|(_, at, _)| *at)
    }

    /// Whether requests can go there as it is.
    pub fn is_whole(&self) -> bool {
        self.unreachable_because().is_none()
    }

    /// Why no request can go there as it is: what the runtime refuses in a base URL.
    pub fn unreachable_because(&self) -> Option<&'static str> {
        let url = self.address();
        if url.contains('{') {
            return Some("has a variable without a value");
        }
        let Some((scheme, rest)) = url.split_once("://") else { return Some("has a host and no scheme") };
        if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
            return Some("is neither http nor https");
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
        match () {
            () if rest.contains(['?', '#']) => Some("has a query or a fragment"),
            () if authority.contains('@') => Some("has a user name in its address"),
            () if rest.contains(|c: char| c.is_whitespace() || c.is_control()) => Some("has a blank in its address"),
            () if authority.is_empty() => Some("has no host"),
            () if port.is_some_and(|port| !port.is_empty() && port.parse::<u16>().is_err()) => {
                Some("has no port that exists")
            }
            () => None,
        }
    }

    /// The path of a server whose host is left open, without a slash at its end.
    pub fn path(&self) -> Option<String> {
        let url = self.address();
        (url.starts_with('/') && !url.contains('{')).then(|| url.trim_end_matches('/').to_owned())
    }

    /// What two addresses have in common when they are one.
    pub fn essence(&self) -> String {
        let url = self.address();
        let url = url.trim_end_matches('/');
        let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let port = if scheme == "https" { ":443" } else { ":80" };
        format!("{scheme}://{}{path}", host.strip_suffix(port).unwrap_or(&host))
    }
}

impl ServerVariable {
    /// Where in an address it is, by what is in front of it and behind it.
    fn position(&self, before: &str, behind: &str) -> Position {
        let several = || self.values.iter().chain([&self.default]).any(|value| value.is_empty() || value.contains('/'));
        match before.split_once("://") {
            Some((_, rest)) if rest.contains('/') => {}
            Some((_, rest)) if !rest.is_empty() && self.default.starts_with('/') => return Position::Path,
            Some(_) if self.default.contains('/') => return Position::Whole,
            Some(_) => return Position::Host,
            None if before.is_empty() && self.default.contains("://") => return Position::Whole,
            None if before.is_empty() && self.default.starts_with('/') => return Position::Path,
            None if !before.contains('/') && behind.contains("://") => return Position::Scheme,
            None if !before.starts_with('/') => return Position::Host,
            None => {}
        }
        if several() { Position::Path } else { Position::Segment }
    }
}

/// Which servers have an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Servers {
    /// All of the document's.
    #[default]
    Any,
    /// These, as it or its path declares them, and no others.
    Only(Vec<Server>),
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
    pub docs: Docs,
    /// The scopes of OAuth 2, each with what it is good for.
    pub scopes: Vec<(String, String)>,
}

/// How a security scheme works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// HTTP Basic.
    Basic,
    /// HTTP Bearer: a token in `Authorization`.
    Bearer,
    /// OAuth 2 and OpenID Connect: a token in `Authorization` that somebody else gives out.
    Token,
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

impl SecurityKind {
    /// Whether credentials of the one kind can be taken for those of the other.
    fn looks_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bearer | Self::Token, Self::Bearer | Self::Token) => true,
            (Self::ApiKey { location: a, name: x }, Self::ApiKey { location: b, name: y }) => {
                a == b && a.key(x) == b.key(y)
            }
            (a, b) => a == b,
        }
    }
}

/// What an alternative of `security` asks for: one scheme of those that it needs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The scheme's name.
    pub scheme: String,
    /// What the token must be good for; roles where the scheme is none of OAuth 2.
    pub scopes: Vec<String>,
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

    /// Whether an enum of numbers is behind an id.
    pub fn is_numeric(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|def| matches!(&def.kind, TypeKind::Enum(e) if e.numeric))
    }

    /// All types with their ids, in document order.
    pub fn defs(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(index, def)| (TypeId::at(index), def))
    }

    /// How the security scheme of this name works; `None` where nobody can have credentials for it.
    pub fn scheme(&self, name: &str) -> Option<&SecurityKind> {
        let scheme = self.security_schemes.iter().find(|s| s.wire == name)?;
        match &scheme.kind {
            SecurityKind::Other(_) => None,
            kind => Some(kind),
        }
    }

    /// Whether credentials of this kind could be those of several schemes: only the scheme's name distinguishes them.
    pub fn shares_kind(&self, kind: &SecurityKind) -> bool {
        self.security_schemes.iter().filter(|s| s.kind.looks_like(kind)).count() > 1
    }

    /// The scheme that most operations can be called by, of those that credentials can be made for; where no operation says anything,
    /// the first.
    pub fn usual_scheme(&self) -> Option<&SecurityScheme> {
        let asking = |scheme: &SecurityScheme| {
            let asks = |o: &&Operation| o.security.iter().flatten().flatten().any(|r| r.scheme == scheme.wire);
            self.operations.iter().filter(asks).count()
        };
        let known = self.security_schemes.iter().filter(|s| self.scheme(&s.wire).is_some());
        // The first of equals.
        known.rev().max_by_key(|scheme| asking(scheme))
    }

    /// What a caller needs together for an operation, by the first alternative that asks for something and can be met.
    pub fn asked_for<'a>(&self, operation: &'a Operation) -> &'a [Requirement] {
        let met = |all: &&Vec<Requirement>| !all.is_empty() && all.iter().all(|r| self.scheme(&r.scheme).is_some());
        operation.security.iter().flatten().find(met).map_or(&[], Vec::as_slice)
    }

    /// The security scheme that keeps every call of an operation from being made: all alternatives need one like it.
    pub fn barred_by<'a>(&self, operation: &'a Operation) -> Option<&'a str> {
        let mut first = None;
        for alternative in operation.security.iter().flatten() {
            let unmet = alternative.iter().find(|r| self.scheme(&r.scheme).is_none())?;
            first = first.or(Some(unmet.scheme.as_str()));
        }
        first
    }

    /// The paths that stand in front of every request's path behind the host that the caller names, where the document names no
    /// host at all; the first one is meant unless the caller says otherwise.
    pub fn base_paths(&self) -> Vec<String> {
        let paths: Vec<String> = self.servers.iter().filter_map(Server::path).collect();
        if self.servers.iter().any(Server::is_whole) || paths.first().is_none_or(String::is_empty) {
            return Vec::new();
        }
        paths.into_iter().filter(|path| !path.is_empty()).collect()
    }
}
