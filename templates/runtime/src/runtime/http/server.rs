//! Where calls go: a named base URL, its origin, and which links stay on that origin.

use std::borrow::Cow;
use std::fmt;

use crate::runtime::text::{append, append_number, concat, has, number, split, take, until};

/// A server of the API: its name, its base URL and whether it may see credentials.
///
/// ```
/// use runtime::Server;
///
/// let mock = Server::without_credentials("mock", "https://mock.example.com/v1");
/// assert!(!mock.send_credentials);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// A short name for humans: `sandbox`; empty for a URL of the caller's own.
    pub name: Cow<'static, str>,
    /// The whole base URL, `http` or `https`; a path in it stays in front of every operation's path.
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
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL that is refused for the credentials in it must not show them on the way.
        let base_url: &str = if has(&self.base_url, b'@') { ".." } else { &self.base_url };
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("base_url", &base_url)
            .field("send_credentials", &self.send_credentials)
            .finish()
    }
}

/// A URL of the caller's own.
impl From<&str> for Server {
    fn from(base_url: &str) -> Self {
        base_url.to_owned().into()
    }
}

/// A URL of the caller's own.
impl From<String> for Server {
    fn from(base_url: String) -> Self {
        Self { name: Cow::Borrowed(""), base_url: Cow::Owned(base_url), send_credentials: true }
    }
}

/// A URL with the first of these paths behind it, unless it ends in one of them.
pub(crate) fn with_path(url: Cow<'static, str>, paths: &[&str]) -> Cow<'static, str> {
    let Some(first) = paths.first() else { return url };
    let mut whole = url.trim_ascii();
    while let Some(shorter) = whole.strip_suffix("/") {
        whole = shorter;
    }
    for path in paths {
        if whole.ends_with(path) {
            return url;
        }
    }
    Cow::Owned(concat(&[whole, first]))
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
        let mut prefix = rest;
        while let Some(shorter) = prefix.strip_suffix("/") {
            prefix = shorter;
        }
        Ok(Self { origin, prefix: prefix.to_owned() })
    }

    /// Whether it is one of these URLs.
    pub(crate) fn is_one_of(&self, urls: &[&str]) -> bool {
        let mut found = false;
        for url in urls {
            if let Ok(base) = Self::parse(url) {
                found |= base == *self;
            }
        }
        found
    }

    /// The full URL of an operation's encoded path and query.
    pub(crate) fn join(&self, path_and_query: &str) -> String {
        let mut url = self.origin.text();
        append(&mut url, &[&self.prefix, path_and_query]);
        url
    }
}

impl Origin {
    pub(crate) fn of(url: &str) -> Option<Self> {
        let (origin, _) = split_url(url)?;
        Some(origin)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// As a URL begins with it.
    pub(crate) fn text(&self) -> String {
        let mut text = concat(&[scheme(self.https), "://", &self.host]);
        if self.port != default_port(self.https) {
            text.push(':');
            append_number(&mut text, self.port.into());
        }
        text
    }
}

/// Resolves a link a response gave, against the URL it answered. The result is written from `current`'s own origin where that is the
/// same one, never from the foreign text, so that two readers of one malformed URL cannot disagree about where it leads.
pub(crate) fn resolve(current: &str, link: &str) -> Option<(Origin, String)> {
    let (mut origin, here) = split_url(current)?;
    let link = until(link.trim_ascii(), "#");
    if !clean(link) || link.is_empty() {
        return None;
    }
    let (slash, query) = (link.starts_with("/"), link.starts_with("?"));
    let absolute = if link.starts_with("//") {
        concat(&[scheme(origin.https), ":", link])
    } else if !slash && !query && split(until(link, "?"), "://").is_some() {
        link.to_owned()
    } else {
        String::new()
    };
    let path = until(here, "?");
    let mut rest = if !absolute.is_empty() {
        let (to, rest) = split_url(&absolute)?;
        origin = to;
        rest.to_owned()
    } else if slash {
        link.to_owned()
    } else if query {
        concat(&[path, link])
    } else if has(until(until(link, "?"), "/"), b':') {
        // A colon before any slash would be a scheme: `mailto:`, `javascript:`.
        return None;
    } else {
        let mut end = 0;
        for (at, b) in path.bytes().enumerate() {
            if b == b'/' {
                end = at + 1;
            }
        }
        concat(&[path.get(..end).unwrap_or_default(), link])
    };
    if !rest.starts_with("/") {
        rest = concat(&["/", &rest]);
    }
    if has_dot_segment(until(&rest, "?")) {
        return None;
    }
    let mut url = origin.text();
    url.push_str(&rest);
    Some((origin, url))
}

/// The same, refusing every origin but the current one's.
pub(crate) fn resolve_own(current: &str, link: &str) -> Result<String, LinkFault> {
    let Some((origin, url)) = resolve(current, link) else { return Err(LinkFault::Malformed) };
    match Origin::of(current) {
        Some(own) if own == origin => Ok(url),
        _ => Err(LinkFault::Foreign),
    }
}

/// Whether a path has a segment `.` or `..`, which URL parsers take out of it even where they are percent-encoded.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    let mut rest = path;
    while !rest.is_empty() {
        let mut segment = take(&mut rest, "/");
        let mut dots = 0;
        loop {
            segment = match segment.as_bytes() {
                [b'.', ..] => segment.get(1..).unwrap_or_default(),
                [b'%', b'2', b'e' | b'E', ..] => segment.get(3..).unwrap_or_default(),
                _ => break,
            };
            dots += 1;
        }
        if segment.is_empty() && (dots == 1 || dots == 2) {
            return true;
        }
    }
    false
}

/// Splits an absolute URL into its origin and the rest, which begins with `/` or `?` or is empty.
fn split_url(url: &str) -> Option<(Origin, &str)> {
    let (scheme, rest) = split(url, "://")?;
    let https = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let mut end = 0;
    for b in rest.bytes() {
        if matches!(b, b'/' | b'?' | b'#') {
            break;
        }
        end += 1;
    }
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
    if host.is_empty() { None } else { Some((Origin { https, host, port }, rest)) }
}

const fn scheme(https: bool) -> &'static str {
    if https { "https" } else { "http" }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// Whether a URL may have every one of these characters (RFC 3986, plus `|`, `[` and `]`, which servers write) and every `%` begins an escape.
fn clean(text: &str) -> bool {
    let mut escape = 0;
    for b in text.bytes() {
        match b {
            // The two characters behind a `%`.
            _ if escape > 0 => {
                if !b.is_ascii_hexdigit() {
                    return false;
                }
                escape -= 1;
            }
            0..=0x20 | 0x7f.. | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'}' => return false,
            b'%' => escape = 2,
            _ => {}
        }
    }
    escape == 0
}
