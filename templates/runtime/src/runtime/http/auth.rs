//! The caller's credentials and how they get into a request. Nothing here ever prints a secret.

use std::fmt;

use http::HeaderValue;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap};

use crate::runtime::encode::base64;
use crate::runtime::http::operation::{Auth, KeyPlace, Scheme};
use crate::runtime::http::query::encode;
use crate::runtime::http::response::{header, header_text, is_header, set_header};
use crate::runtime::text::{append, concat, has};

/// What a client proves its identity with. `Debug` shows the kinds, never the values.
///
/// ```
/// use runtime::{Credentials, KeyPlace};
///
/// let both = Credentials::basic("id", "password").and(Credentials::api_key(KeyPlace::Header, "X-Key", "key"));
/// assert_eq!(format!("{both:?}"), "Credentials[Basic(..), ApiKey(..)]");
/// ```
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

    /// An API key: where it goes and under which name.
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

    /// The value of the header `Authorization` that they make, marked as sensitive; `None` for credentials that go elsewhere.
    #[inline]
    pub fn authorization(&self) -> Option<HeaderValue> {
        let mut headers = HeaderMap::new();
        self.apply(Auth::Client, &mut headers, &mut String::new()).ok()?;
        header(&headers, &AUTHORIZATION).cloned()
    }

    /// The id and the password of basic credentials.
    pub(crate) fn pair(&self) -> Option<(&str, &str)> {
        for credential in &self.all {
            if let Credential::Basic { id, password } = credential {
                return Some((id, password));
            }
        }
        None
    }

    /// The alternative that an operation's calls authenticate with; `None`: with all credentials. An error is the scheme for which
    /// nobody can have credentials, where there is nothing else.
    fn chosen(&self, auth: Auth) -> Result<Option<&'static [Scheme]>, &'static str> {
        let alternatives = match auth {
            Auth::None => return Ok(Some(&[])),
            Auth::Client => return Ok(None),
            Auth::AnyOf(alternatives) => alternatives,
        };
        let (mut also_without, mut unsupported) = (false, None);
        for schemes in alternatives {
            let mut all = true;
            for scheme in *schemes {
                all &= self.find(scheme).is_some();
                if let (Scheme::Unsupported(name), None) = (scheme, unsupported) {
                    unsupported = Some(*name);
                }
            }
            // `{}` in the document means "also without": prefer an alternative that identifies the caller.
            if schemes.is_empty() {
                also_without = true;
            } else if all {
                return Ok(Some(schemes));
            }
        }
        match unsupported {
            Some(name) if !also_without => Err(name),
            // The API says itself whom it does not know; nobody asked for the other credentials.
            _ => Ok(Some(&[])),
        }
    }

    fn find(&self, scheme: &Scheme) -> Option<&Credential> {
        self.all.iter().find(|credential| credential.fits(scheme))
    }

    /// Writes the credentials of an operation into headers and query. An error is a note and the name of what it is about.
    pub(crate) fn apply(
        &self,
        auth: Auth,
        headers: &mut HeaderMap,
        query: &mut String,
    ) -> Result<(), (&'static str, &'static str)> {
        match self.chosen(auth) {
            Ok(Some(schemes)) => {
                for scheme in schemes {
                    if let Some(credential) = self.find(scheme) {
                        credential.apply(headers, query)?;
                    }
                }
            }
            Ok(None) => {
                for credential in &self.all {
                    credential.apply(headers, query)?;
                }
            }
            Err(name) => return Err(("the operation asks for a security scheme this client does not know:", name)),
        }
        Ok(())
    }
}

impl Credential {
    #[inline(never)]
    fn apply(&self, headers: &mut HeaderMap, query: &mut String) -> Result<(), (&'static str, &'static str)> {
        let mut text = String::new();
        let name = match self {
            Self::Basic { id, password } => {
                if has(id, b':') {
                    return Err(("the id of basic credentials has a colon", ""));
                }
                append(&mut text, &["Basic ", &base64::encode(concat(&[id, ":", password]).as_bytes())]);
                "authorization"
            }
            Self::Bearer(token) => {
                append(&mut text, &["Bearer ", token]);
                "authorization"
            }
            Self::ApiKey { place: KeyPlace::Header, name, value } => {
                if !is_header(name, "") {
                    return Err(("the name of the api key is no header name", ""));
                }
                text.push_str(value);
                name
            }
            Self::ApiKey { place: KeyPlace::Query, name, value } => {
                if !query.is_empty() {
                    query.push('&');
                }
                encode(query, name);
                query.push('=');
                encode(query, value);
                return Ok(());
            }
            Self::ApiKey { place: KeyPlace::Cookie, name, value } => {
                text.push_str(header_text(headers, &COOKIE).unwrap_or_default());
                if !text.is_empty() {
                    text.push_str("; ");
                }
                append(&mut text, &[name, "="]);
                encode(&mut text, value);
                "cookie"
            }
        };
        if set_header(headers, name, &text, true) {
            Ok(())
        } else {
            Err(("the credentials have a character no header may have", ""))
        }
    }

    fn fits(&self, scheme: &Scheme) -> bool {
        match (self, scheme) {
            (Self::Basic { .. }, Scheme::Basic) | (Self::Bearer(_), Scheme::Bearer) => true,
            // Many documents call that header a key; what stands in it is the caller's decision.
            (Self::Basic { .. } | Self::Bearer(_), Scheme::ApiKey(KeyPlace::Header, name)) => {
                name.eq_ignore_ascii_case("authorization")
            }
            (Self::ApiKey { place, name, .. }, Scheme::ApiKey(wanted, wanted_name)) => {
                let same = name == wanted_name || *place == KeyPlace::Header && name.eq_ignore_ascii_case(wanted_name);
                place == wanted && same
            }
            _ => false,
        }
    }
}

impl fmt::Debug for Credentials {
    #[inline]
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
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
