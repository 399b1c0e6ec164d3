//! The exact request of a call, and what the transport and golden tests get of it.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use crate::runtime::error::Error;
use crate::runtime::http::response::copy_headers;
use crate::runtime::http::server::Origin;
use crate::runtime::text::{concat, split};

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
        let Ok(uri) = self.url.parse::<http::Uri>() else { return Err(Error::build("the url cannot be read")) };
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
