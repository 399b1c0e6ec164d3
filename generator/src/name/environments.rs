//! Where the API is: the settings' environments, or the servers of the document and of single operations, with their variables.

use super::ident::{self, Kind};
use super::scope::Scope;
use crate::base::Ident;
use crate::base::diagnostic::Diagnostics;
use crate::base::reserved;
use crate::ir::{Api, Origin, Piece, Position, SecurityKind, Server, ServerVariable, Servers};
use crate::settings::Settings;

/// A server with a name.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The variant.
    pub ident: String,
    /// What it is called on a command line.
    pub wire: String,
    /// The base URL; where it has variables, with their defaults.
    pub url: String,
    /// Whether credentials may go there.
    pub credentials: bool,
    /// Documentation.
    pub about: String,
}

/// A server that the caller has to say more of: values of its variables, or its host. It has a type of its own.
#[derive(Debug, Clone)]
pub struct OpenServer {
    /// The type.
    pub ident: Ident,
    /// What it is called in logs.
    pub wire: String,
    /// The address as the document has it.
    pub url: String,
    /// Documentation.
    pub about: String,
    /// Whether the document has no host for it, so that the caller names one.
    pub hostless: bool,
    /// The address, variables by their indices in `variables`.
    pub pieces: Vec<OpenPiece>,
    /// What there is to choose.
    pub variables: Vec<OpenVariable>,
}

/// A piece of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenPiece {
    /// Text as it is.
    Text(String),
    /// A variable's value, and where it is.
    Variable(usize, Position),
}

/// What there is to choose of a server.
#[derive(Debug, Clone)]
pub struct OpenVariable {
    /// The field and its setter.
    pub ident: Ident,
    /// The name in the document.
    pub wire: String,
    /// The value that is used where the caller chooses none.
    pub default: String,
    /// Documentation.
    pub about: String,
    /// The type of its values; `None` where any text will do.
    pub choice: Option<Choice>,
}

/// The values of a variable, as an enum.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The enum.
    pub ident: Ident,
    /// The variants, each with its value.
    pub values: Vec<(Ident, String)>,
}

/// The variables of a process's environment from which a client can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variables {
    /// The one with the user name; empty where a secret is all.
    pub id: String,
    /// The one with the password, the key or the token.
    pub secret: String,
    /// Whether the secret is the key of an `apiKey` scheme.
    pub is_key: bool,
    /// The one that names a server.
    pub server: String,
    /// The one with the address of any other server.
    pub base_url: String,
}

/// The variables for the client of a crate, by the security scheme that most operations ask for.
pub fn variables(crate_name: &str, api: &Api) -> Variables {
    let prefix = crate_name.to_uppercase().replace('-', "_");
    let usual = api.usual_scheme().map(|scheme| &scheme.kind);
    let is_key = matches!(usual, Some(SecurityKind::ApiKey { .. }));
    let (id, secret) = match usual {
        Some(SecurityKind::Basic) => (format!("{prefix}_SECRET_ID"), format!("{prefix}_SECRET_PASSWORD")),
        Some(SecurityKind::ApiKey { .. }) => (String::new(), format!("{prefix}_KEY")),
        _ => (String::new(), format!("{prefix}_TOKEN")),
    };
    Variables { id, secret, is_key, server: format!("{prefix}_ENV"), base_url: format!("{prefix}_API_URL") }
}

/// The settings' environments, or the document's servers.
pub fn environments(settings: &Settings, api: &Api) -> Vec<Environment> {
    if !settings.environments.is_empty() {
        let wanted: Vec<Vec<String>> = settings.environments.iter().map(|e| vec![e.name.to_string()]).collect();
        let idents = super::environment_names(&wanted);
        let all = settings.environments.iter().zip(idents);
        return all
            .map(|(e, ident)| Environment {
                ident,
                wire: e.name.to_string(),
                url: e.url.to_string(),
                credentials: e.credentials,
                about: e.about.as_ref().map(|a| a.to_string()).unwrap_or_default(),
            })
            .collect();
    }
    named(api)
        .into_iter()
        .filter(|(server, _)| server.is_whole())
        .map(|(server, ident)| Environment {
            wire: super::snake_ident(&ident),
            ident,
            url: server.address(),
            credentials: true,
            about: server.description.clone(),
        })
        .collect()
}

/// The document's servers that can be called, with names.
fn named(api: &Api) -> Vec<(&Server, String)> {
    let whole: Vec<&Server> = api.servers.iter().filter(|s| s.is_whole()).collect();
    // Others are named behind them, so that they take no name away.
    let relative = api.servers.iter().filter(|s| is_open(s) && !s.is_whole());
    let servers: Vec<&Server> = whole.iter().copied().chain(relative.filter(|s| offers(api, s))).collect();
    let wanted: Vec<Vec<String>> = servers.iter().map(|s| words(s, whole.len() == 1 && s.is_whole())).collect();
    servers.into_iter().zip(super::environment_names(&wanted)).collect()
}

/// Whether there is something to say of a server that can be called then.
fn is_open(server: &Server) -> bool {
    server.path().is_some() || server.is_whole() && !server.variables.is_empty()
}

/// Whether a server without a host has a type: where the path alone is not enough, or belongs to other servers than those with one.
fn offers(api: &Api, server: &Server) -> bool {
    let path = server.path().unwrap_or_default();
    !server.variables.is_empty() || !path.is_empty() && api.servers.iter().any(Server::is_whole)
}

/// What a server may be called: by its name, by what the document says of it, by its host.
fn words(server: &Server, only: bool) -> Vec<String> {
    let url = server.address();
    let host = url.split("//").nth(1).and_then(|h| h.split(['/', ':']).next()).unwrap_or_default();
    let count = server.description.split_whitespace().count();
    let mut all = vec![server.name.clone()];
    if (1..=3).contains(&count) {
        all.push(server.description.clone());
    } else if only {
        all.push("production".to_owned());
    }
    all.extend([host.to_owned(), url.clone()]);
    all
}

/// What of a generated file with servers is no server's: imports, and what the code in it calls by its name.
const TAKEN: &[&str] = &["Environment", "Server", "UnknownEnvironment"];

/// What every type of a server has besides its setters.
const METHODS: &[&str] = &["clone", "default", "eq", "fmt", "from", "into", "new", "server", "value"];

/// The servers that the caller has to say more of, those of single operations included.
pub fn open_servers(settings: &Settings, api: &Api) -> Vec<OpenServer> {
    let mut scope = Scope::new(&[TAKEN, reserved::TYPES, reserved::PATHS].concat());
    let mut unheard = Diagnostics::new();
    let document = if settings.environments.is_empty() { named(api) } else { Vec::new() };
    let mut wanted: Vec<(&Server, Vec<String>)> = document
        .into_iter()
        .filter(|(server, _)| is_open(server))
        .map(|(server, ident)| (server, vec![ident]))
        .collect();
    for operation in &api.operations {
        let Servers::Only(own) = &operation.servers else { continue };
        for server in own.iter().filter(|s| is_open(s) && !s.variables.is_empty()) {
            if !wanted.iter().any(|(known, _)| *known == server) {
                // The names of its variables stay when their defaults do not.
                let plain = Server { variables: Vec::new(), ..server.clone() };
                let names = words(&plain, false).into_iter().filter(|c| c.chars().any(char::is_alphanumeric));
                wanted.push((server, names.map(|c| ident::pascal(Kind::Server, &c)).collect()));
            }
        }
    }
    let idents: Vec<String> = wanted
        .iter()
        .map(|(_, names)| {
            let longer = names.iter().map(|name| format!("{name}Server"));
            let all: Vec<String> = names.iter().cloned().chain(longer).collect();
            scope.take(&all, &Origin::default(), &mut unheard)
        })
        .collect();
    let all = wanted.into_iter().zip(idents);
    all.map(|((server, _), ident)| open(server, &ident, &mut scope)).collect()
}

fn open(server: &Server, name: &str, types: &mut Scope) -> OpenServer {
    let mut unheard = Diagnostics::new();
    let mut fields = Scope::new(METHODS);
    let hostless = !server.is_whole();
    let mut pieces = Vec::new();
    let mut variables = Vec::new();
    if hostless {
        pieces.push(OpenPiece::Variable(0, Position::Whole));
        fields.claim("host");
        variables.push(OpenVariable {
            ident: Ident::of("host".to_owned()),
            wire: String::new(),
            default: String::new(),
            about: "Scheme, host and port, and a path where one is in front of the document's.".to_owned(),
            choice: None,
        });
    }
    let first = variables.len();
    pieces.extend(server.pieces().into_iter().map(|piece| match piece {
        Piece::Text(text) => OpenPiece::Text(text.to_owned()),
        Piece::Variable(i, position) => OpenPiece::Variable(i + first, position),
    }));
    // The names do not depend on the order of keys.
    let mut by_name: Vec<(usize, &ServerVariable)> = server.variables.iter().enumerate().collect();
    by_name.sort_by(|(_, a), (_, b)| a.wire.cmp(&b.wire));
    let mut named: Vec<(usize, OpenVariable)> = Vec::new();
    named.extend(by_name.into_iter().map(|(i, v)| {
        let plain =
            if v.wire.chars().any(char::is_alphanumeric) { ident::snake(&v.wire) } else { "variable".to_owned() };
        let field = fields.take(&[plain.clone(), format!("{plain}_variable")], &Origin::default(), &mut unheard);
        let choice = (!v.values.is_empty()).then(|| choice(v, name, types));
        let variable = OpenVariable {
            ident: Ident::of(field),
            wire: v.wire.clone(),
            default: v.default.clone(),
            about: v.description.clone(),
            choice,
        };
        (i, variable)
    }));
    named.sort_by_key(|(i, _)| *i);
    variables.extend(named.into_iter().map(|(_, variable)| variable));
    OpenServer {
        ident: Ident::of(name.to_owned()),
        wire: super::snake_ident(name),
        url: server.url.clone(),
        about: server.description.clone(),
        hostless,
        pieces,
        variables,
    }
}

fn choice(variable: &ServerVariable, server: &str, types: &mut Scope) -> Choice {
    let mut unheard = Diagnostics::new();
    let name = format!("{server}{}", ident::piece(&variable.wire));
    let name = types.take(&[name.clone(), format!("{name}Value")], &Origin::default(), &mut unheard);
    let mut variants = Scope::new(&[]);
    // The default is one of them in any case: it is what a new value has.
    let missing = Some(&variable.default).filter(|default| !variable.values.contains(default));
    let values = variable.values.iter().chain(missing).map(|value| {
        let plain = match value.chars().any(char::is_alphanumeric) {
            true => ident::pascal(Kind::Value, value),
            false => "Empty".to_owned(),
        };
        (Ident::of(variants.take(&[plain], &Origin::default(), &mut unheard)), value.clone())
    });
    let values = values.collect();
    Choice { ident: Ident::of(name), values }
}
