//! Which requests an answer of the double is for, or a test asks about: by operation, path, query, headers and body.

use std::fmt;

use serde_json::Value;

use crate::runtime::http::parts::Parts;

/// Matches the requests that have everything it names; without a condition, all.
///
/// ```
/// use runtime::Matcher;
///
/// let second_page = Matcher::operation("ListBooks").query("page", "2");
/// let order = Matcher::path("/api/books/{id}/orders/").body("/copies", 2);
/// assert_eq!(order.to_string(), "path /api/books/{id}/orders/, /copies 2");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Matcher {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Vec<(String, Value)>,
}

impl Matcher {
    /// Every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// The requests of an operation, by its `operationId`.
    pub fn operation(id: impl Into<String>) -> Self {
        Self { operation: Some(id.into()), ..Self::default() }
    }

    /// The requests to a path. A segment in braces is any segment: `/api/links/{id}/`.
    pub fn path(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// With this method, in either case.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// With this parameter in the query, decoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// With this header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With this value in the body, at a JSON Pointer: `/links/0`. A form is an object of texts.
    pub fn body(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.push((pointer.into(), value.into()));
        self
    }

    /// Whether a request matches.
    pub(crate) fn matches(&self, operation: &str, request: &Parts) -> bool {
        self.operation.as_deref().is_none_or(|id| id == operation)
            && self.method.as_deref().is_none_or(|method| request.method.as_str().eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|path| same_path(path, request.path()))
            && self.query.iter().all(|pair| request.query().contains(pair))
            && self.headers.iter().all(|(name, value)| {
                request.headers.get_all(name.as_str()).iter().any(|header| header.as_bytes() == value.as_bytes())
            })
            && (self.body.is_empty() || self.has_body(request))
    }

    fn has_body(&self, request: &Parts) -> bool {
        let body = request.body_value();
        self.body.iter().all(|(pointer, value)| body.pointer(pointer) == Some(value))
    }
}

fn same_path(template: &str, path: &str) -> bool {
    let (mut wanted, mut there) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), there.next()) {
            (None, None) => return true,
            (Some(wanted), Some(there)) if wanted == there || wanted.starts_with('{') && !there.is_empty() => {}
            _ => return false,
        }
    }
}

/// What it asks for, for the message of a test that fails.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [("operation", &self.operation), ("method", &self.method), ("path", &self.path)];
        let named = named.into_iter().filter_map(|(what, value)| Some(format!("{what} {}", value.as_deref()?)));
        let pairs = self.query.iter().chain(&self.headers).map(|(name, value)| format!("{name} {value}"));
        let body = self.body.iter().map(|(pointer, value)| format!("{pointer} {value}"));
        let all: Vec<String> = named.chain(pairs).chain(body).collect();
        f.write_str(if all.is_empty() { "any request".to_owned() } else { all.join(", ") }.as_str())
    }
}

impl Parts {
    /// The path of the URL, as it is sent.
    pub fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
        path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The parameters of the query in their order, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        pairs(self.url.split_once('?').map_or("", |(_, query)| query))
    }

    /// The body as JSON; a form as an object of its fields; `null` for anything else.
    pub fn body_value(&self) -> Value {
        let kind = self.headers.get("content-type").map(http::HeaderValue::as_bytes).unwrap_or_default();
        if kind.starts_with(b"application/x-www-form-urlencoded") {
            let fields = pairs(&String::from_utf8_lossy(&self.body));
            return Value::Object(fields.into_iter().map(|(name, value)| (name, value.into())).collect());
        }
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The pairs of a query or of a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
