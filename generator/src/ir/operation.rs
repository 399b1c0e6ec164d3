//! Operations: parameters, bodies, responses.

use super::{Docs, Origin, Requirement, Servers, Use};

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, or one made of method and path.
    pub id: String,
    /// Lower case: `get`; one that the specification does not name, as the document writes it: `COPY`.
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
    /// What each alternative needs together; `None` when no call of the whole API is said to need anything.
    pub security: Option<Vec<Vec<Requirement>>>,
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

impl Location {
    /// By what a name is known here: names of headers are the same in any case.
    pub fn key(self, name: &str) -> String {
        match self {
            Location::Header => name.to_ascii_lowercase(),
            Location::Path | Location::Query | Location::Cookie => name.to_owned(),
        }
    }
}

/// How a value is spelled where it is no JSON: in a path, a query, a header, a cookie, a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The style; one that its place has.
    pub style: Style,
    /// Whether lists and objects are spelled as several pairs.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub reserved: bool,
    /// What joins the elements of a list where no style says it, the outermost list first; an empty text leaves a list to the style.
    pub delimiters: Vec<String>,
}

impl Spelling {
    /// In this style, and nothing else about it.
    pub fn of(style: Style, explode: bool) -> Self {
        Self { style, explode, reserved: false, delimiters: Vec::new() }
    }
}

/// The style in which a value is spelled.
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
    /// As `Form`, with nothing encoded (`style: cookie` of 3.2).
    Cookie,
    /// The value as JSON text (`content: application/json`).
    Json,
    /// The value as it is (`content: text/plain`).
    Text,
    /// The value is the whole query (`in: querystring`), as JSON or as it is.
    Whole,
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
    pub spelling: Spelling,
    /// Its type.
    pub of: Use,
    /// The one value that it can have, where it must be given: its text.
    pub constant: Option<String>,
    /// A secret that has not the type of one: `Debug` must not print it.
    pub secret: bool,
}

impl Parameter {
    /// Whether both are one parameter.
    pub fn is_same(&self, other: &Self) -> bool {
        self.location == other.location && self.location.key(&self.wire) == other.location.key(&other.wire)
    }
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
    /// Other media types that the same bytes may be of: the caller chooses.
    pub choices: Vec<String>,
    /// What may be sent in its place.
    pub others: Vec<OtherBody>,
    /// How the members of a form are written, and those of a multipart body; empty for what is neither.
    pub members: Vec<BodyMember>,
    /// Whether the model was written in place and nowhere else: its members become setters.
    pub inline: bool,
}

/// A body in another media type than the one that the operation takes by default.
#[derive(Debug, Clone)]
pub struct OtherBody {
    /// The media type as written.
    pub media_type: String,
    /// What stands in it.
    pub content: Content,
}

/// How a member of a form or of a multipart body is written (`encoding`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyMember {
    /// The member.
    pub wire: String,
    /// The content type that its part is of; `None` leaves it to the value.
    pub content_type: Option<String>,
    /// Headers that its part has: the caller gives them.
    pub headers: Vec<String>,
    /// In which way.
    pub written: Written,
}

/// In which way a member of a form or of a multipart body is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The caller gives the bytes: a file, or a content type that we do not write.
    Upload,
    /// Texts as they are and anything else as JSON, the elements of a list one by one.
    Plain,
    /// As JSON, a list as a whole: that is what documents mean by a content type of JSON for a list.
    Json,
    /// As a parameter of the query.
    Spelled(Spelling),
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
    /// Other media types in which the same body may come.
    pub also: Vec<String>,
    /// The headers it declares, by their names.
    pub headers: Vec<Header>,
    /// What can be called with what it holds, by the names of the links.
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
    /// The same with another character between the elements.
    Delimited(char),
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
    /// The answers that the API expects, by their statuses.
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

impl Body {
    /// Whether the caller must say what the bytes are: the document has a range (`image/*`) and no type in it goes without saying.
    pub fn is_range(&self) -> bool {
        let essence = self.media_type.split(';').next().unwrap_or_default().trim();
        essence.ends_with("/*") && !["*/*", "application/*", "text/*"].contains(&essence)
    }

    /// Whether the caller may say of which content type it is.
    pub fn has_choice(&self) -> bool {
        let raw = matches!(self.content, Content::Text | Content::Bytes);
        raw && (!self.choices.is_empty() || self.media_type.contains('*'))
    }

    /// All that may stand in it: what it is by default, then the others.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        std::iter::once(&self.content).chain(self.others.iter().map(|other| &other.content))
    }

    /// The same, to be changed.
    pub fn contents_mut(&mut self) -> impl Iterator<Item = &mut Content> {
        std::iter::once(&mut self.content).chain(self.others.iter_mut().map(|other| &mut other.content))
    }

    /// How a member of it is written.
    pub fn member(&self, wire: &str) -> Option<&BodyMember> {
        self.members.iter().find(|member| member.wire == wire)
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

    /// The responses that are a success, in document order.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        self.responses.iter().filter(|r| Self::is_success(&r.status))
    }
}
