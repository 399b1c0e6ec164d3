//! The exact request that a call becomes: what a transport sends, and what golden tests look at.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderMap;

use crate::runtime::error::Error;
use crate::runtime::http::body::Named;
use crate::runtime::http::response::copy_headers;
use crate::runtime::http::server::{Origin, has_dot_segment};
use crate::runtime::text::{append, concat, has, split, take, until};

/// The exact request of a call. `Debug` shows neither path, query, header values nor body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts {
    /// The method.
    pub method: http::Method,
    /// The whole URL.
    pub url: String,
    /// The headers, credentials included.
    pub headers: HeaderMap,
    /// The body; empty when there is none.
    pub body: Bytes,
}

#[inline]
fn header_names(headers: &HeaderMap) -> Vec<&str> {
    let mut names = Vec::new();
    for (name, _) in headers {
        names.push(name.as_str());
    }
    names
}

impl Parts {
    /// The request as the wire would carry it over HTTP/1.1: for golden tests. It holds the credentials.
    #[inline]
    pub fn to_wire(&self) -> Vec<u8> {
        let (origin, target) = match split(&self.url, "://").map(|(_, rest)| rest.split_once('/')) {
            Some(Some((host, rest))) => (host, concat(&["/", rest])),
            _ => ("", self.url.clone()),
        };
        let line = [self.method.as_str(), " ", &target, " HTTP/1.1\r\nhost: ", origin, "\r\n"];
        let mut out = concat(&line).into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(name.as_str().as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        if !self.body.is_empty() {
            out.extend_from_slice(format!("content-length: {}\r\n", self.body.len()).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body);
        out
    }

    pub(crate) fn to_request(&self) -> Result<http::Request<Bytes>, Error> {
        // A `#` that a parameter may hold as it is would end the URL: a fragment is not sent, and here there is none.
        let Ok(uri) = self.url.replace('#', "%23").parse::<http::Uri>() else {
            return Err(Error::build("the url cannot be read"));
        };
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = copy_headers(&self.headers);
        Ok(request)
    }
}

impl fmt::Debug for Parts {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("method", &self.method)
            .field("origin", &Origin::of(&self.url).map(|origin| origin.text()))
            .field("headers", &header_names(&self.headers))
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// The path template with its parameters in place.
pub(crate) fn fill_path<'t>(template: &'t str, parameters: &Named) -> Result<String, (&'static str, &'t str)> {
    let mut out = String::new();
    let mut rest = template;
    while !rest.is_empty() {
        out.push_str(take(&mut rest, "{"));
        if rest.is_empty() {
            break;
        }
        let name = take(&mut rest, "}");
        let mut filled = false;
        for (known, value) in parameters {
            if known == name {
                out.push_str(value);
                filled = true;
            }
        }
        if !filled {
            return Err(("a path parameter is missing:", name));
        }
    }
    // URL parsers resolve these, so that one parameter could reach another operation.
    if has_dot_segment(until(&out, "?")) {
        return Err(("a path parameter makes a dot segment", ""));
    }
    if !out.starts_with("/") {
        out = concat(&["/", &out]);
    }
    Ok(out)
}

/// Appends a piece of a query to a URL.
pub(crate) fn push_query(url: &mut String, piece: &str) {
    if !piece.is_empty() {
        append(url, &[if has(url, b'?') { "&" } else { "?" }, piece]);
    }
}

/// Whether a URL's query has a parameter of this name.
pub(crate) fn has_parameter(url: &str, name: &str) -> bool {
    let mut rest = match split(url, "?") {
        Some((_, query)) => query,
        None => "",
    };
    while !rest.is_empty() {
        if until(take(&mut rest, "&"), "=") == name {
            return !name.is_empty();
        }
    }
    false
}
