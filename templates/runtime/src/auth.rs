//! The caller's credentials and how they get into a request. Nothing here ever prints a secret.

use std::fmt;

use http::HeaderValue;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName};

use super::operation::{Auth, KeyPlace, Scheme};
use super::query::encode;
use super::response::{header, header_text};
use super::text::{append, concat, has};

/// What a client proves its identity with. `Debug` shows the kinds, never the values.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    all: Vec<Credential>,
}

#[derive(Clone, PartialEq, Eq)]
enum Credential {
    Basic { id: String, password: String },
    Bearer(String),
    ApiKey { place: KeyPlace, name: String, value: String },
}

impl Credentials {
    /// No credentials.
    pub const fn none() -> Self {
        Self { all: Vec::new() }
    }

    /// HTTP Basic: a user name (or secret id) and a password.
    pub fn basic(id: impl Into<String>, password: impl Into<String>) -> Self {
        Self { all: vec![Credential::Basic { id: id.into(), password: password.into() }] }
    }

    /// A bearer token.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self { all: vec![Credential::Bearer(token.into())] }
    }

    /// An API key: where it stands and under which name.
    pub fn api_key(place: KeyPlace, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { all: vec![Credential::ApiKey { place, name: name.into(), value: value.into() }] }
    }

    /// These and `other`, for APIs that ask for two at once.
    #[inline]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        self.all.is_empty()
    }

    /// The value of the header `Authorization` that they make, marked as sensitive; `None` for credentials that stand elsewhere.
    pub fn authorization(&self) -> Option<HeaderValue> {
        let mut headers = HeaderMap::new();
        self.apply(Auth::Client, &mut headers, &mut String::new()).ok()?;
        header(&headers, AUTHORIZATION.as_str()).cloned()
    }

    /// The ones that go with an operation.
    fn chosen(&self, auth: Auth) -> Vec<&Credential> {
        let alternatives = match auth {
            Auth::None => return Vec::new(),
            Auth::Client => return self.all.iter().collect(),
            Auth::AnyOf(alternatives) => alternatives,
        };
        let mut also_without = false;
        for schemes in alternatives {
            // `{}` in the document means "also without": prefer an alternative that identifies the caller.
            also_without |= schemes.is_empty();
            let mut found = Vec::new();
            for scheme in *schemes {
                if let Some(credential) = self.all.iter().find(|c| c.fits(scheme)) {
                    found.push(credential);
                }
            }
            if !found.is_empty() && found.len() == schemes.len() {
                return found;
            }
        }
        if also_without { Vec::new() } else { self.all.iter().collect() }
    }

    /// Writes the credentials of an operation into headers and query.
    pub(crate) fn apply(&self, auth: Auth, headers: &mut HeaderMap, query: &mut String) -> Result<(), &'static str> {
        for credential in self.chosen(auth) {
            let (name, value) = match credential {
                Credential::Basic { id, password } => {
                    if has(id, b':') {
                        return Err("the id of basic credentials has a colon");
                    }
                    (AUTHORIZATION, concat(&["Basic ", &base64(concat(&[id, ":", password]).as_bytes())]))
                }
                Credential::Bearer(token) => (AUTHORIZATION, concat(&["Bearer ", token])),
                Credential::ApiKey { place: KeyPlace::Header, name, value } => {
                    let name = name.parse::<HeaderName>().map_err(|_| "the name of the api key is no header name")?;
                    (name, value.clone())
                }
                Credential::ApiKey { place: KeyPlace::Query, name, value } => {
                    if !query.is_empty() {
                        query.push('&');
                    }
                    encode(query, name);
                    query.push('=');
                    encode(query, value);
                    continue;
                }
                Credential::ApiKey { place: KeyPlace::Cookie, name, value } => {
                    let mut cookie = header_text(headers, COOKIE.as_str()).unwrap_or_default().to_owned();
                    if !cookie.is_empty() {
                        cookie.push_str("; ");
                    }
                    append(&mut cookie, &[name, "="]);
                    encode(&mut cookie, value);
                    (COOKIE, cookie)
                }
            };
            let mut value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| "the credentials have a character no header may have")?;
            // `Debug` of any `HeaderMap` shows it as `Sensitive` then.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(())
    }
}

impl Credential {
    fn fits(&self, scheme: &Scheme) -> bool {
        match (self, scheme) {
            (Self::Basic { .. }, Scheme::Basic) | (Self::Bearer(_), Scheme::Bearer) => true,
            (Self::ApiKey { place, name, .. }, Scheme::ApiKey(wanted, wanted_name)) => {
                place == wanted
                    && (name == wanted_name || *place == KeyPlace::Header && name.eq_ignore_ascii_case(wanted_name))
            }
            _ => false,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.all.iter().map(|c| match c {
            Credential::Basic { .. } => "Basic(..)",
            Credential::Bearer(_) => "Bearer(..)",
            Credential::ApiKey { .. } => "ApiKey(..)",
        });
        f.write_str("Credentials")?;
        f.debug_list().entries(kinds.map(Redacted)).finish()
    }
}

/// A word printed without quotes.
struct Redacted(&'static str);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Standard base64 with padding; twenty lines here cost less than a dependency in every SDK.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let digit = (group >> (18 - 6 * i)) & 63;
            match DIGITS.get(digit as usize) {
                Some(d) if i <= chunk.len() => out.push(char::from(*d)),
                _ => out.push('='),
            }
        }
    }
    out
}
