//! Who is calling: the credentials of a request, against what its operation asks for.

use super::check::Finding;
use super::document::Found;
use super::{Asked, Document};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::ir::{Location, SecurityKind};

/// The credentials that the mock takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The user name of HTTP Basic.
    pub id: String,
    /// The password that goes with it.
    pub password: String,
    /// The token of HTTP Bearer, OAuth 2 and OpenID Connect.
    pub token: String,
    /// The key of every `apiKey` scheme.
    pub key: String,
}

impl Default for Keys {
    fn default() -> Self {
        let text = |text: &str| format!("mock-{text}");
        Self { id: text("id"), password: text("password"), token: text("token"), key: text("key") }
    }
}

impl Keys {
    /// The value of `Authorization` for HTTP Basic.
    pub fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.password)))
    }
}

/// What is wrong with the credentials; nothing where one of the alternatives is met.
pub(super) fn check(document: &Document, keys: &Keys, found: &Found<'_>, asked: &Asked) -> Vec<Finding> {
    let alternatives = found.operation().security.iter().flatten();
    let mut wrong = Vec::new();
    for alternative in alternatives {
        let missing = alternative.iter().find_map(|wanted| {
            let kind = document.understood().api.scheme(&wanted.scheme)?;
            let why = refusal(kind, keys, asked)?;
            Some(Finding::new("security", &wanted.scheme, why))
        });
        match missing {
            Some(finding) => wrong.push(finding),
            None => return Vec::new(),
        }
    }
    wrong
}

/// What a refused caller is asked for, as `WWW-Authenticate` has it.
pub(super) fn challenges(found: &Found<'_>) -> Vec<&'static str> {
    let api = &found.document.understood().api;
    let kinds = found.operation().security.iter().flatten().flatten().filter_map(|one| api.scheme(&one.scheme));
    let mut out: Vec<&str> = kinds
        .filter_map(|kind| match kind {
            SecurityKind::Basic => Some("Basic realm=\"mock\""),
            SecurityKind::Bearer | SecurityKind::Token => Some("Bearer"),
            SecurityKind::ApiKey { .. } | SecurityKind::Other(_) => None,
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Why a scheme is not satisfied.
fn refusal(kind: &SecurityKind, keys: &Keys, asked: &Asked) -> Option<String> {
    let authorization = asked.header("authorization");
    let named =
        |scheme: &str| authorization.filter(|a| a.get(..scheme.len()).is_some_and(|a| a.eq_ignore_ascii_case(scheme)));
    let (given, right, what) = match kind {
        SecurityKind::Basic => {
            (named("basic ").map(str::to_owned), keys.basic(), "HTTP Basic in `Authorization`".to_owned())
        }
        SecurityKind::Bearer | SecurityKind::Token => (
            named("bearer ").map(str::to_owned),
            format!("Bearer {}", keys.token),
            "a bearer token in `Authorization`".to_owned(),
        ),
        SecurityKind::ApiKey { location, name } => {
            let cookies = || asked.header("cookie").into_iter().flat_map(|all| all.split(';')).map(str::trim);
            let given = match location {
                Location::Query => asked.param(name),
                Location::Cookie => {
                    cookies().find_map(|one| one.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
                }
                Location::Header | Location::Path => asked.header(&name.to_ascii_lowercase()).map(str::to_owned),
            };
            (given, keys.key.clone(), format!("the key in the {} `{name}`", place(*location)))
        }
        SecurityKind::Other(_) => return None,
    };
    match given {
        None => Some(format!("{what} is missing")),
        Some(given) if !same(&given, &right) => Some(format!("{what} is not the mock's")),
        Some(_) => None,
    }
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query parameter",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// The scheme's word is the same in any case.
fn same(given: &str, right: &str) -> bool {
    match (given.split_once(' '), right.split_once(' ')) {
        (Some((a, given)), Some((b, right))) => a.eq_ignore_ascii_case(b) && given == right,
        _ => given == right,
    }
}
