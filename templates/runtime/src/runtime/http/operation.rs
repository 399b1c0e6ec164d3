//! What the document and the settings say about one operation, as data: the generator emits one `static` per operation.

use crate::runtime::call::retry::lists;
use crate::runtime::text::number;

/// One operation of the API. Write it as `Operation { id: .., ..Operation::DEFAULT }`.
///
/// ```
/// use runtime::{Auth, KeyPlace, Method, Operation, Scheme, Servers};
///
/// /// By a token or by a key in the query, and on one server alone.
/// static SEARCH: Operation = Operation {
///     id: "Search",
///     method: Method::Post,
///     path: "/search/",
///     auth: Auth::AnyOf(&[&[Scheme::Bearer], &[Scheme::ApiKey(KeyPlace::Query, "key")]]),
///     servers: Servers::Only(&["https://search.example.com"]),
///     ..Operation::DEFAULT
/// };
/// assert!(!SEARCH.declares(200));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The document's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, as the document writes it: `/api/links/{id}/`.
    pub path: &'static str,
    /// Its tag.
    pub tag: &'static str,
    /// The declared statuses: `"200"`, `"4XX"`, `"default"`.
    pub statuses: &'static [&'static str],
    /// The statuses whose body is the operation's result; empty: every 2xx that is declared.
    ///
    /// A 202 that is not among them means "accepted, the result comes later" and is an error of kind `Accepted`.
    pub success: &'static [u16],
    /// Whether an attempt may be repeated.
    pub retry: Retry,
    /// The request header that carries an idempotency key.
    pub idempotency_header: Option<&'static str>,
    /// How calls authenticate.
    pub auth: Auth,
    /// Which servers have it.
    pub servers: Servers,
    /// The `Accept` header; empty: none is sent.
    pub accept: &'static str,
    /// The `Content-Type` of a JSON body: an API that declares `application/vnd.order+json` takes no other.
    pub json: &'static str,
    /// Query parameters that select members of the response, so that required ones may be missing.
    pub partial: &'static [&'static str],
    /// The one among them that lists the members to keep; the others list those to leave out.
    pub include: &'static str,
    /// Members that the response's model cannot do without: they are added to `include`, and refused in the others.
    pub needed: &'static [&'static str],
}

impl Operation {
    /// Neutral values for the members an operation does not name.
    pub const DEFAULT: Self = Self {
        id: "",
        method: Method::Get,
        path: "/",
        tag: "",
        statuses: &[],
        success: &[],
        retry: Retry::OnlyRefused,
        idempotency_header: None,
        auth: Auth::Client,
        servers: Servers::Any,
        accept: "application/json",
        json: "application/json",
        partial: &[],
        include: "",
        needed: &[],
    };

    /// Whether the document declares this status, by number, by class (`4XX`) or, for errors, by `default`.
    pub fn declares(&self, status: u16) -> bool {
        for declared in self.statuses {
            let fits = match declared.as_bytes() {
                [class, b'X' | b'x', b'X' | b'x'] => u16::from(class.wrapping_sub(b'0')) == status / 100,
                _ => number(declared) == Some(status.into()),
            };
            if fits {
                return true;
            }
        }
        false
    }

    /// Whether a body of this status is the operation's result. Of an operation that declares no 2xx every one is: it is read as `default`
    /// where that is declared, else there is nothing to read.
    pub(crate) fn yields(&self, status: u16, accepted: u16) -> bool {
        if status / 100 != 2 {
            return false;
        }
        if lists(self.success, status) {
            return true;
        }
        if status == accepted && !self.success.is_empty() {
            return false;
        }
        if self.declares(status) {
            return true;
        }
        let (mut has_success, mut has_default) = (false, self.statuses.is_empty());
        for declared in self.statuses {
            has_success |= declared.starts_with('2');
            has_default |= *declared == "default";
        }
        // An asynchronous answer nobody declared must not be read as an empty result.
        !has_success && (has_default || status != accepted)
    }
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `HEAD`
    Head,
    /// `PATCH`
    Patch,
    /// `TRACE`
    Trace,
    /// `QUERY`
    Query,
    /// Any other, as it is written.
    Other(&'static str),
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(name) => name,
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Put => Self::PUT,
            Method::Post => Self::POST,
            Method::Delete => Self::DELETE,
            Method::Options => Self::OPTIONS,
            Method::Head => Self::HEAD,
            Method::Patch => Self::PATCH,
            Method::Trace => Self::TRACE,
            // No operation has a name that no method can have: the generator leaves such operations out.
            Method::Query | Method::Other(_) => Self::from_bytes(method.as_str().as_bytes()).unwrap_or(Self::POST),
        }
    }
}

/// The retry class of an operation: what happens when an attempt fails in a way that another might not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// The operation is idempotent: transient failures are retried.
    Idempotent,
    /// Retried only when the API has certainly done nothing: no byte left, or the API refused it.
    OnlyRefused,
    /// Like `Idempotent` while an idempotency key goes with it, the same on every attempt; without one like `OnlyRefused`.
    WithKey,
    /// One attempt.
    Never,
}

/// How calls of an operation authenticate. A credential goes where a scheme asks for it, and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// With every credential of the client: the document does not say which calls need them, or knows one scheme for all. None
    /// goes to another host than the client's.
    Client,
    /// With none.
    None,
    /// With the first alternative for which the client has all credentials. Where it has them for none, none is sent; where one of
    /// the alternatives is [`Scheme::Unsupported`] and calls without credentials are none of them, the call cannot be built.
    AnyOf(&'static [&'static [Scheme]]),
}

/// One security scheme of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// HTTP Basic.
    Basic,
    /// A bearer token.
    Bearer,
    /// An API key under this name.
    ApiKey(KeyPlace, &'static str),
    /// A token of the OAuth 2 or OpenID Connect scheme of this name, good for these scopes.
    Token(&'static str, &'static [&'static str]),
    /// The one of this name among several that work alike: what is given for another of them does not meet it.
    Named(&'static str, &'static Scheme),
    /// One of this name, which the document does not declare or which works in a way that no credential here does.
    Unsupported(&'static str),
}

/// Which servers have an operation.
///
/// A client of one of the document's servers makes the call at the operation's own: at the one that it is at itself, else at the first.
/// A client of another address, a mock for instance, makes every call there; of a server that begins with a slash it keeps the path.
/// [`ClientBuilder::own_servers`](crate::runtime::ClientBuilder::own_servers) and
/// [`Request::server`](crate::runtime::Request::server) say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Servers {
    /// The client's, whichever that is.
    Any,
    /// These alone, by their base URLs. One that begins with a slash is on the client's host.
    Only(&'static [&'static str]),
}

/// Where an API key goes in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyPlace {
    /// A request header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}
