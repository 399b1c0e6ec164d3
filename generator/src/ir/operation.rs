//! Operations: parameters, bodies, responses.

use super::{Docs, Origin, Servers, Use};

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
    /// Index in [`Api::tags`](super::Api::tags).
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
    /// The headers it declares, in document order.
    pub headers: Vec<Header>,
    /// What can be called with what it holds, in document order.
    pub links: Vec<Link>,
}

/// A header of a response.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub wire: String,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Whether every such response has it.
    pub required: bool,
    /// How its value is spelled.
    pub form: HeaderForm,
    /// Its type.
    pub of: Use,
}

/// How the value of a response header is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeaderForm {
    /// One value, as it is.
    Plain,
    /// `a,b`
    List,
    /// `k,a,l,b`
    Members,
    /// `k=a,l=b`
    MembersExploded,
    /// The value as JSON text (`content: application/json`).
    Json,
    /// A value a line, none of them a list (`Set-Cookie`).
    Lines,
}

/// What can be called with what a response holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The operation: its id, or the reference to it.
    pub operation: String,
    /// Its parameters, each with what it is set to: a runtime expression, or JSON.
    pub parameters: Vec<(String, String)>,
    /// What its body is set to.
    pub body: Option<String>,
    /// What the document says of it.
    pub text: String,
}

/// A call that the API makes to the consumer: a webhook, or a callback that an operation asks for.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its key in the document.
    pub wire: String,
    /// Lower case: `post`.
    pub method: String,
    /// Of a callback: the operation that asks for it, and where the call goes, a template with runtime expressions.
    pub callback: Option<(usize, String)>,
    /// Where it is declared.
    pub origin: Origin,
    /// What the document says of it.
    pub docs: Docs,
    /// Its parameters, in document order.
    pub parameters: Vec<WebhookParameter>,
    /// Media type and what it brings.
    pub payload: Option<(String, Content)>,
    /// The answers that the API expects, in document order.
    pub answers: Vec<Response>,
}

/// A parameter of a [`Webhook`], for its documentation.
#[derive(Debug, Clone)]
pub struct WebhookParameter {
    /// Its name.
    pub wire: String,
    /// Where it is.
    pub location: Location,
    /// Whether it is always there.
    pub required: bool,
    /// What the document says of it.
    pub text: String,
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

    /// The responses that are a success, in document order.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        self.responses.iter().filter(|r| Self::is_success(&r.status))
    }
}
