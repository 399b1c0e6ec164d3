//! Where calls go: a named base URL, its origin, and which links stay on that origin.

use std::borrow::Cow;
use std::fmt;

use crate::runtime::http::operation::Servers;
use crate::runtime::http::query::encode;
use crate::runtime::settings::Settings;
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
    /// Why it cannot be called; empty: nothing is known against it.
    fault: &'static str,
    /// Whether it is one of the document's, with values for its variables.
    declared: bool,
    /// What the caller has named of it, where the document has a path alone.
    host: String,
}

/// Where in a base URL a piece of text is, which decides what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Position {
    /// Text of the document.
    Text,
    /// `http` or `https`.
    Scheme,
    /// A part of host and port.
    Host,
    /// A part of one segment of the path.
    Segment,
    /// A part of the path, with slashes.
    Path,
    /// All of scheme, host and port, or host and path.
    Whole,
}

/// A server of the document whose address is put together from these pieces. A value that would lead elsewhere makes a server that
/// cannot be called.
pub fn server_of(name: &'static str, pieces: &[(Position, &str)]) -> Server {
    let (mut url, mut fault) = (String::new(), "");
    for (position, text) in pieces {
        let fits = match position {
            Position::Text => true,
            Position::Scheme => each(text, |b| b.is_ascii_alphanumeric()),
            // A colon is for the port; whether it is one is seen when the whole is read.
            Position::Host => {
                each(text, |b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'~' | b':'))
            }
            Position::Whole => each(text, |b| b.is_ascii_graphic() && !matches!(b, b'@' | b'?' | b'#' | b'\\' | b'%')),
            Position::Segment | Position::Path => {
                encode_path(&mut url, text, *position == Position::Path);
                continue;
            }
        };
        if !fits {
            fault = "a variable of the server has a character that its place in a url cannot have";
        }
        url.push_str(text);
    }
    let path = match split(&url, "://") {
        Some((_, rest)) => rest,
        None => &url,
    };
    if has_dot_segment(path) {
        fault = "a variable of the server makes a dot segment";
    }
    let host = match pieces.first() {
        Some((Position::Whole, host)) => (*host).to_owned(),
        _ => String::new(),
    };
    let declared = host.is_empty();
    Server { name: Cow::Borrowed(name), base_url: Cow::Owned(url), send_credentials: true, fault, declared, host }
}

fn each(text: &str, fits: fn(u8) -> bool) -> bool {
    for b in text.bytes() {
        if !fits(b) {
            return false;
        }
    }
    true
}

/// Appends text as a part of a path.
fn encode_path(out: &mut String, mut text: &str, slashes: bool) {
    loop {
        encode(out, take(&mut text, "/"));
        if text.is_empty() {
            return;
        }
        out.push_str(if slashes { "/" } else { "%2F" });
    }
}

impl Server {
    /// A server that gets the client's credentials.
    pub const fn new(name: &'static str, base_url: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            base_url: Cow::Borrowed(base_url),
            send_credentials: true,
            fault: "",
            declared: false,
            host: String::new(),
        }
    }

    /// A server that never gets them.
    pub const fn without_credentials(name: &'static str, base_url: &'static str) -> Self {
        let mut server = Self::new(name, base_url);
        server.send_credentials = false;
        server
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
        Self { base_url: Cow::Owned(base_url), ..Self::new("", "") }
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    origin: Origin,
    /// The path in front of every operation's path, without a slash at its end.
    prefix: String,
}

/// Scheme, host and port: the border credentials and continuation links never cross.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The base URL of a server.
    pub(crate) fn of(server: &Server) -> Result<Self, &'static str> {
        if server.fault.is_empty() { Self::parse(&server.base_url) } else { Err(server.fault) }
    }

    /// Whether requests go to the same host as those of another server.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        self.origin == other.origin
    }

    /// What is in front of a server's path where the document names a path alone: of one of its own servers the host, of an address of
    /// the caller's own all of it, but for a path that the document itself has there.
    fn root(&self, server: &Server, declared: bool, settings: &Settings) -> Self {
        let mut root = self.clone();
        if let Ok(host) = Self::parse(&server.host) {
            return host;
        }
        if declared {
            root.prefix = String::new();
            return root;
        }
        for path in settings.base_paths {
            if let Some(shorter) = self.prefix.strip_suffix(path) {
                root.prefix = shorter.to_owned();
                return root;
            }
        }
        for server in settings.environment.servers {
            if let Ok(base) = Self::parse(&server.base_url)
                && let Some(shorter) = self.prefix.strip_suffix(&*base.prefix)
                && !base.prefix.is_empty()
            {
                root.prefix = shorter.to_owned();
                return root;
            }
        }
        root
    }

    /// One of the operation's own servers, seen from the client's: where there is a path alone, on the client's host.
    fn sibling(root: &Self, url: &str) -> Result<Self, &'static str> {
        if !url.starts_with("/") {
            return Self::parse(url);
        }
        let mut sibling = root.clone();
        let mut path = url;
        while let Some(shorter) = path.strip_suffix("/") {
            path = shorter;
        }
        sibling.prefix.push_str(path);
        if clean(path) { Ok(sibling) } else { Err("the path of the operation's server has characters no url may have") }
    }

    /// Where the calls of an operation go that are made by a client of this server. `own`: what the caller says of the servers that some
    /// operations have. An error is a note and the address that it is about.
    pub(crate) fn for_operation(
        &self,
        servers: Servers,
        server: &Server,
        own: Option<bool>,
        settings: &'static Settings,
    ) -> Result<Self, (&'static str, &'static str)> {
        let urls = match servers {
            Servers::Any => return Ok(self.clone()),
            Servers::Only(urls) => urls,
        };
        let mut declared = server.declared;
        for known in settings.environment.servers {
            declared |= Self::parse(&known.base_url).as_ref() == Ok(self);
        }
        let root = self.root(server, declared, settings);
        // Where the document leaves every host open, the caller's is only what it leaves open.
        let usual = server.send_credentials && (declared || settings.environment.servers.is_empty());
        let follows = own.unwrap_or(usual);
        let mut first = None;
        for url in urls {
            let sibling = match Self::sibling(&root, url) {
                Ok(base) if base == *self => return Ok(base),
                Ok(base) => Ok(base),
                Err(_) => Err(("the operation is at a server that cannot be called:", *url)),
            };
            if first.is_none() && (follows || url.starts_with("/")) {
                first = Some(sibling);
            }
        }
        first.unwrap_or_else(|| Ok(self.clone()))
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

    /// The name or address of the host, without a port and without the brackets of an IPv6 address.
    #[cfg(feature = "tracing")]
    pub(crate) fn host(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    /// The port, also where a URL leaves it out.
    #[cfg(feature = "tracing")]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// As a URL begins with it.
    pub(crate) fn text(&self) -> String {
        concat(&[scheme(self.https), "://", &self.authority()])
    }

    /// Host and port, as a URL has them behind its scheme.
    pub(crate) fn authority(&self) -> String {
        let mut text = self.host.clone();
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
