//! The caller's credentials and how they get into a request. Nothing here ever prints a secret.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap};

use crate::runtime::encode::base64;
use crate::runtime::http::operation::{Auth, KeyPlace, Scheme};
use crate::runtime::http::query::encode;
use crate::runtime::http::response::{header, header_text, is_header, set_header};
use crate::runtime::http::token::TokenSource;
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
struct Credential {
    /// The security scheme that it is for; empty: for any of its kind.
    scheme: Cow<'static, str>,
    proof: Proof,
}

#[derive(Clone)]
enum Proof {
    Basic { id: String, password: String },
    Bearer(String),
    ApiKey { place: KeyPlace, name: String, value: String },
    Source(Arc<dyn TokenSource>),
}

/// A source that a call has to ask.
pub(crate) struct Asked {
    /// Which of the credentials it is.
    at: usize,
    pub(crate) source: Arc<dyn TokenSource>,
    pub(crate) scopes: &'static [&'static str],
}

impl Credentials {
    /// No credentials.
    pub const fn none() -> Self {
        Self { all: Vec::new() }
    }

    /// HTTP Basic: a user name (or secret id) and a password.
    pub fn basic(id: impl Into<String>, password: impl Into<String>) -> Self {
        Self::of(Proof::Basic { id: id.into(), password: password.into() })
    }

    /// A bearer token.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::of(Proof::Bearer(token.into()))
    }

    /// An API key: where it goes and under which name.
    pub fn api_key(place: KeyPlace, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::of(Proof::ApiKey { place, name: name.into(), value: value.into() })
    }

    /// A bearer token that a source gives, which is asked before each call.
    pub fn token(source: impl TokenSource + 'static) -> Self {
        Self::of(Proof::Source(Arc::new(source)))
    }

    fn of(proof: Proof) -> Self {
        Self { all: vec![Credential { scheme: Cow::Borrowed(""), proof }] }
    }

    /// These for the security scheme of this name alone, where the document has several that work alike.
    pub fn of_scheme(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        for credential in &mut self.all {
            credential.scheme = name.clone();
        }
        self
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
            if let Proof::Basic { id, password } = &credential.proof {
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
        self.place(scheme).and_then(|at| self.all.get(at))
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

impl Credentials {
    /// The sources to ask for a call that authenticates like this.
    pub(crate) fn asked(&self, auth: Auth) -> Vec<Asked> {
        let mut out = Vec::new();
        let Ok(chosen) = self.chosen(auth) else { return out };
        for (at, credential) in self.all.iter().enumerate() {
            let Proof::Source(source) = &credential.proof else { continue };
            let mut add = |scopes| out.push(Asked { at, source: Arc::clone(source), scopes });
            let Some(schemes) = chosen else {
                add(&[]);
                continue;
            };
            for scheme in schemes {
                if self.place(scheme) == Some(at) {
                    add(if let Scheme::Token(_, scopes) = scheme { scopes } else { &[] });
                }
            }
        }
        out
    }

    /// The token in place of the source that gave it.
    pub(crate) fn answer(&mut self, asked: &Asked, token: String) {
        if let Some(credential) = self.all.get_mut(asked.at) {
            credential.proof = Proof::Bearer(token);
        }
    }

    /// Which credential meets a scheme.
    fn place(&self, scheme: &Scheme) -> Option<usize> {
        self.all.iter().position(|credential| credential.fits(scheme))
    }
}

impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Basic { id, password }, Self::Basic { id: other_id, password: other }) => {
                id == other_id && password == other
            }
            (Self::Bearer(token), Self::Bearer(other)) => token == other,
            (
                Self::ApiKey { place, name, value },
                Self::ApiKey { place: other_place, name: other_name, value: other },
            ) => place == other_place && name == other_name && value == other,
            (Self::Source(source), Self::Source(other)) => Arc::ptr_eq(source, other),
            _ => false,
        }
    }
}

impl Eq for Proof {}

impl Credential {
    #[inline(never)]
    fn apply(&self, headers: &mut HeaderMap, query: &mut String) -> Result<(), (&'static str, &'static str)> {
        let mut text = String::new();
        let name = match &self.proof {
            Proof::Basic { id, password } => {
                if has(id, b':') {
                    return Err(("the id of basic credentials has a colon", ""));
                }
                append(&mut text, &["Basic ", &base64::encode(concat(&[id, ":", password]).as_bytes())]);
                "authorization"
            }
            Proof::Source(_) => return Err(("a token source is asked when the call is made", "")),
            Proof::Bearer(token) => {
                append(&mut text, &["Bearer ", token]);
                "authorization"
            }
            Proof::ApiKey { place: KeyPlace::Header, name, value } => {
                if !is_header(name, "") {
                    return Err(("the name of the api key is no header name", ""));
                }
                text.push_str(value);
                name
            }
            Proof::ApiKey { place: KeyPlace::Query, name, value } => {
                if !query.is_empty() {
                    query.push('&');
                }
                encode(query, name);
                query.push('=');
                encode(query, value);
                return Ok(());
            }
            Proof::ApiKey { place: KeyPlace::Cookie, name, value } => {
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
        let (name, scheme) = match scheme {
            Scheme::Named(name, scheme) => (*name, *scheme),
            Scheme::Token(name, _) => (*name, &Scheme::Bearer),
            scheme => ("", scheme),
        };
        if !name.is_empty() && !self.scheme.is_empty() && self.scheme != name {
            return false;
        }
        match (&self.proof, scheme) {
            (Proof::Basic { .. }, Scheme::Basic) => true,
            (Proof::Bearer(_) | Proof::Source(_), Scheme::Bearer | Scheme::Token(..)) => true,
            // Many documents call that header a key; what stands in it is the caller's decision.
            (Proof::Basic { .. } | Proof::Bearer(_) | Proof::Source(_), Scheme::ApiKey(KeyPlace::Header, name)) => {
                name.eq_ignore_ascii_case("authorization")
            }
            (Proof::ApiKey { place, name, .. }, Scheme::ApiKey(wanted, wanted_name)) => {
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
        let kinds = self.all.iter().map(|c| match &c.proof {
            Proof::Basic { .. } => "Basic(..)",
            Proof::Bearer(_) => "Bearer(..)",
            Proof::ApiKey { .. } => "ApiKey(..)",
            Proof::Source(_) => "Source(..)",
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
