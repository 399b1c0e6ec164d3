//! Where calls go: a named base URL, its origin, and which links stay on that origin.

use std::borrow::Cow;
use std::fmt;

use super::text::{concat, has, number, print, split, until};

/// A server of the API: its name, its base URL and whether it may see credentials.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// A short name for humans: `sandbox`; empty for a URL of the caller's own.
    pub name: Cow<'static, str>,
    /// An absolute `http` or `https` URL; a path in it stays in front of every operation's path.
    pub base_url: Cow<'static, str>,
    /// `false` for a server that must never see the client's credentials, such as a public mock.
    pub send_credentials: bool,
}

impl Server {
    /// A server that gets the client's credentials.
    pub const fn new(name: &'static str, base_url: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), base_url: Cow::Borrowed(base_url), send_credentials: true }
    }

    /// A server that never gets them.
    pub const fn without_credentials(name: &'static str, base_url: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), base_url: Cow::Borrowed(base_url), send_credentials: false }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL that is refused for the credentials in it must not show them on the way.
        let base_url = if has(&self.base_url, b'@') { ".." } else { &self.base_url };
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("base_url", &base_url)
            .field("send_credentials", &self.send_credentials)
            .finish()
    }
}

impl From<&str> for Server {
    fn from(base_url: &str) -> Self {
        base_url.to_owned().into()
    }
}

impl From<String> for Server {
    fn from(base_url: String) -> Self {
        Self { name: Cow::Borrowed(""), base_url: Cow::Owned(base_url), send_credentials: true }
    }
}

/// A parsed base URL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Base {
    origin: Origin,
    /// The path in front of every operation's path, without a slash at its end.
    prefix: String,
}

/// Scheme, host and port: the border credentials and continuation links never cross.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    https: bool,
    host: String,
    port: u16,
}

/// Why a link of a response is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkFault {
    /// It cannot be read as a URL.
    Malformed,
    /// It leads to another scheme, host or port.
    Foreign,
}

impl Base {
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        if has(url, b'?') || has(url, b'#') {
            return Err("the base url has a query or a fragment");
        }
        let (origin, rest) = split_url(url.trim_ascii()).ok_or("the base url is not an absolute http or https url")?;
        if !clean(rest) {
            return Err("the path of the base url has characters no url may have");
        }
        Ok(Self { origin, prefix: rest.trim_end_matches('/').to_owned() })
    }

    /// The full URL of an operation's encoded path and query.
    pub(crate) fn join(&self, path_and_query: &str) -> String {
        concat(&[&self.origin.to_string(), &self.prefix, path_and_query])
    }
}

impl Origin {
    pub(crate) fn of(url: &str) -> Option<Self> {
        split_url(url).map(|(origin, _)| origin)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.https
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, &[scheme(self.https), "://", &self.host])?;
        if self.port != default_port(self.https) { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

/// Resolves a link a response gave, against the URL it answered. The result is written from `current`'s own origin where that is the
/// same one, never from the foreign text, so that two readers of one odd URL cannot disagree about where it leads.
pub(crate) fn resolve(current: &str, link: &str) -> Result<(Origin, String), LinkFault> {
    let (origin, here) = split_url(current).ok_or(LinkFault::Malformed)?;
    let link = until(link.trim_ascii(), '#');
    if !clean(link) || link.is_empty() {
        return Err(LinkFault::Malformed);
    }
    let relative = matches!(link.as_bytes().first(), Some(b'/' | b'?'));
    let (origin, rest) = if !relative && split(link, "://").is_some() {
        let (origin, rest) = split_url(link).ok_or(LinkFault::Malformed)?;
        (origin, rest.to_owned())
    } else if link.starts_with("//") {
        let absolute = concat(&[scheme(origin.https), ":", link]);
        let (origin, rest) = split_url(&absolute).ok_or(LinkFault::Malformed)?;
        (origin, rest.to_owned())
    } else {
        let path = until(here, '?');
        let rest = match link.as_bytes().first() {
            Some(b'/') => link.to_owned(),
            Some(b'?') => concat(&[path, link]),
            // A colon before any slash would be a scheme: `mailto:`, `javascript:`.
            _ if has(until(until(link, '?'), '/'), b':') => return Err(LinkFault::Malformed),
            _ => concat(&[path.rsplit_once('/').map_or("", |(folder, _)| folder), "/", link]),
        };
        (origin, rest)
    };
    let rest = if rest.starts_with('/') { rest } else { concat(&["/", &rest]) };
    if has_dot_segment(until(&rest, '?')) {
        return Err(LinkFault::Malformed);
    }
    let url = concat(&[&origin.to_string(), &rest]);
    Ok((origin, url))
}

/// The same, refusing every origin but the current one's.
pub(crate) fn resolve_own(current: &str, link: &str) -> Result<String, LinkFault> {
    let (origin, url) = resolve(current, link)?;
    if Origin::of(current).as_ref() == Some(&origin) { Ok(url) } else { Err(LinkFault::Foreign) }
}

/// Whether a path has a segment `.` or `..`, which URL parsers take out of it even where they are percent-encoded.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    for segment in path.split('/') {
        let mut rest = segment;
        let mut dots = 0;
        while let Some(after) = [".", "%2e", "%2E"].iter().find_map(|dot| rest.strip_prefix(dot)) {
            rest = after;
            dots += 1;
        }
        if rest.is_empty() && (dots == 1 || dots == 2) {
            return true;
        }
    }
    false
}

/// Splits an absolute URL into its origin and the rest, which begins with `/` or `?` or is empty.
fn split_url(url: &str) -> Option<(Origin, &str)> {
    let (scheme, rest) = split(url, "://")?;
    let https = match scheme {
        s if s.eq_ignore_ascii_case("https") => true,
        s if s.eq_ignore_ascii_case("http") => false,
        _ => return None,
    };
    let end = rest.bytes().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    // Credentials in a URL would be sent or logged behind our back.
    if has(authority, b'@') {
        return None;
    }
    let authority: http::uri::Authority = authority.parse().ok()?;
    let host = authority.host().to_ascii_lowercase();
    // `Authority::port` takes a port that is no number for none; what stands behind the host must be understood or refused.
    let port = match authority.as_str().get(host.len()..)? {
        "" | ":" => default_port(https),
        port => u16::try_from(number(port.strip_prefix(':')?)?).ok()?,
    };
    (!host.is_empty()).then_some((Origin { https, host, port }, rest))
}

const fn scheme(https: bool) -> &'static str {
    if https { "https" } else { "http" }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// Whether every character may stand in a URL (RFC 3986, plus `|`, `[` and `]`, which servers write) and every `%` begins an escape.
fn clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(i, b)| match b {
        0..=0x20 | 0x7f.. | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'}' => false,
        b'%' => bytes.get(i + 1..i + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => true,
    })
}
