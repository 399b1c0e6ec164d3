//! Where calls go, and what they prove: servers with their variables, those of single operations, security schemes and what operations ask
//! for.

use super::Diff;
use super::draft::{Draft, from_to};
use super::side::Side;
use crate::base::Pointer;
use crate::document::Node;
use crate::drift::change::{Class, Place, Survival};
use crate::ir::{Api, Docs, Operation, Requirement, SecurityKind, SecurityScheme, Server, Servers};
use crate::name::{CredentialName, Environment, OpenServer, credentials, environments, open_servers};
use crate::pipeline::Understood;
use crate::settings::Settings;

impl Diff<'_> {
    /// The environments, by name.
    pub(super) fn environments(&mut self) {
        let (old, new) =
            (environments(&self.old.u.settings, self.old.api()), environments(&self.new.u.settings, self.new.api()));
        let span = |settings: &Settings, e: &Environment| {
            settings.environments.iter().find(|s| *s.name == e.wire).map(|s| s.name.span)
        };
        let path = |e: &Environment| format!("Environment::{}", e.ident);
        let default = |settings: &Settings, all: &[Environment]| {
            let named = settings.default_environment().map(|e| e.name.to_string());
            let found = all.iter().find(|e| Some(&e.wire) == named.as_ref()).or(all.first());
            found.map(|e| e.ident.clone())
        };
        for e in &old {
            let now = new.iter().find(|n| n.ident == e.ident);
            let spans = (span(&self.old.u.settings, e), now.and_then(|n| span(&self.new.u.settings, n)));
            let mut draft = self.placed(&path(e), spans.0, spans.1);
            self.at_servers(&mut draft, Some(&e.url), now.map(|n| n.url.as_str()));
            match now {
                None => {
                    draft.path_new = None;
                    let other = new.iter().find(|n| n.url == e.url && !old.iter().any(|o| o.ident == n.ident));
                    let now = other.map(|n| format!(", which is `Environment::{}` now", n.ident));
                    draft.add(Class::BreaksCompiling, "D0901", format!("`{}`{}", e.url, now.unwrap_or_default()));
                }
                Some(n) => {
                    if e.url != n.url {
                        let text = "the old address is called";
                        draft.sends(Some(Survival::Depends(text.to_owned())));
                        draft.add(Class::BreaksAtRunTime, "D0903", from_to(&e.url, &n.url));
                    }
                    if e.credentials != n.credentials {
                        let words = |c: bool| if c { "with credentials" } else { "without credentials" };
                        let detail = format!("{} → {}", words(e.credentials), words(n.credentials));
                        draft.add(Class::BreaksAtRunTime, "D0903", detail);
                    }
                    if e.about != n.about {
                        draft.add(Class::DocumentationOnly, "D0909", "words of the environment");
                    }
                }
            }
            self.push(draft);
        }
        for n in new.iter().filter(|n| !old.iter().any(|e| e.ident == n.ident)) {
            let at = span(&self.new.u.settings, n);
            let mut draft = self.placed(&path(n), None, at);
            self.at_servers(&mut draft, None, Some(&n.url));
            draft.path_old = None;
            draft.add(Class::Additive, "D0902", format!("`{}`", n.url));
            self.push(draft);
        }
        self.open_servers();
        let paths = |api: &Api, all: &[Environment]| {
            if all.is_empty() { api.base_paths().join(" or ") } else { String::new() }
        };
        let (a, b) = (paths(self.old.api(), &old), paths(self.new.api(), &new));
        if a != b && old.is_empty() && new.is_empty() {
            let mut draft = self.whole("client::SETTINGS");
            draft.sends(Some(Survival::Depends("the old path is in front".to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0903", from_to(&a, &b));
            self.push(draft);
        }
        let (a, b) = (default(&self.old.u.settings, &old), default(&self.new.u.settings, &new));
        let url = |all: &[Environment], ident: &str| all.iter().find(|e| e.ident == ident).map(|e| e.url.clone());
        if let (Some(a), Some(b)) = (a, b)
            && a != b
            && url(&old, &a) != url(&new, &b)
        {
            let mut draft = self.whole("Environment");
            draft.add(Class::BreaksAtRunTime, "D0904", from_to(&a, &b));
            self.push(draft);
        }
    }

    /// The documents' own places of servers, where the settings name none.
    fn at_servers(&self, draft: &mut Draft, old: Option<&str>, new: Option<&str>) {
        let place = |u: &Understood, url: Option<&str>| {
            let list = u.document.get("servers").and_then(Node::as_array)?;
            let says = |n: &Node| n.get("url").and_then(Node::as_str) == url;
            let (i, node) = list.iter().enumerate().find(|(_, n)| says(n))?;
            Some(Place::of(&u.sources, node.span, &Pointer::root().join("servers").join(i)))
        };
        if self.old.u.settings.environments.is_empty()
            && let Some(found) = place(self.old.u, old)
        {
            draft.old = Some(found);
        }
        if self.new.u.settings.environments.is_empty()
            && let Some(found) = place(self.new.u, new)
        {
            draft.new = Some(found);
        }
    }

    /// The types of servers that the caller says more of.
    fn open_servers(&mut self) {
        let of = |u: &Understood| open_servers(&u.settings, &u.api);
        let (old, new) = (of(self.old.u), of(self.new.u));
        let path = |server: &OpenServer| format!("environment::{}", server.ident);
        for server in &old {
            let mut draft = self.whole(&path(server));
            let now = new.iter().find(|n| n.ident == server.ident);
            self.at_servers(&mut draft, Some(&server.url), now.map(|n| n.url.as_str()));
            match now {
                None => {
                    draft.path_new = None;
                    draft.add(Class::BreaksCompiling, "D0901", format!("`{}`", server.url));
                }
                Some(now) => open_server(&mut draft, server, now),
            }
            self.push(draft);
        }
        for server in new.iter().filter(|n| !old.iter().any(|o| o.ident == n.ident)) {
            let mut draft = self.whole(&path(server));
            self.at_servers(&mut draft, None, Some(&server.url));
            draft.path_old = None;
            draft.add(Class::Additive, "D0902", format!("`{}`", server.url));
            self.push(draft);
        }
    }

    /// The security schemes, by the functions that make credentials for them; and whose variables of the process a client is made of.
    pub(super) fn credentials(&mut self) {
        let of = |u: &Understood| credentials(&u.settings, &u.api);
        let (old, new) = (of(self.old.u), of(self.new.u));
        let path = |name: &CredentialName| format!("Credentials::{}", name.ident);
        let scheme =
            |api: &Api, name: &CredentialName| api.security_schemes.iter().find(|s| s.wire == name.scheme).cloned();
        for name in &old {
            let Some(before) = scheme(self.old.api(), name) else { continue };
            let mut draft = self.whole(&path(name));
            draft.old = Some(self.old.place(&before.origin));
            let now = new.iter().find(|n| n.ident == name.ident);
            match now.and_then(|now| scheme(self.new.api(), now)) {
                Some(after) => {
                    draft.new = Some(self.new.place(&after.origin));
                    security_scheme(&mut draft, &before, &after);
                }
                None => {
                    draft.path_new = None;
                    // The function of every API is still there, and its credentials meet nothing.
                    let class = if name.common { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
                    draft.add(class, "D0905", format!("{} is gone", words_of(&before)));
                }
            }
            self.push(draft);
        }
        for name in new.iter().filter(|n| !old.iter().any(|o| o.ident == n.ident)) {
            let Some(after) = scheme(self.new.api(), name) else { continue };
            let mut draft = self.whole(&path(name));
            draft.new = Some(self.new.place(&after.origin));
            draft.path_old = None;
            draft.add(Class::Additive, "D0905", format!("{} is there", words_of(&after)));
            self.push(draft);
        }
        let usual = |u: &Understood| u.api.usual_scheme().map(|s| kind(&s.kind)).unwrap_or_default();
        let (a, b) = (usual(self.old.u), usual(self.new.u));
        if a != b && !a.is_empty() && !b.is_empty() {
            let mut draft = self.whole("Client::from_env");
            draft.add(Class::BreaksAtRunTime, "D0905", format!("variables of the process: {}", from_to(&a, &b)));
            self.push(draft);
        }
    }
}

/// Where the calls of an operation go, and what they prove.
pub(super) fn operation(draft: &mut Draft, (old, o): (&Side<'_>, &Operation), (new, n): (&Side<'_>, &Operation)) {
    let addresses = |servers: &Servers| match servers {
        Servers::Any => None,
        Servers::Only(list) => Some(list.iter().map(|s| (s.url.clone(), s.address())).collect::<Vec<_>>()),
    };
    if addresses(&o.servers) != addresses(&n.servers) {
        let words = |servers: &Servers| match servers {
            Servers::Any => "the client's".to_owned(),
            Servers::Only(list) => list.iter().map(Server::address).collect::<Vec<_>>().join(", "),
        };
        draft.sends(Some(Survival::Depends("the old server is called, if any".to_owned())));
        draft.add(Class::BreaksAtRunTime, "D0113", from_to(&words(&o.servers), &words(&n.servers)));
    }
    let (before, after) = (asked(old.api(), o), asked(new.api(), n));
    if before == after {
        return;
    }
    let survival = proven(&before, &after);
    let class = match survival {
        Survival::Survives(_) => Class::Additive,
        Survival::Depends(_) | Survival::Fails(_) => Class::BreaksAtRunTime,
    };
    draft.sends(Some(survival));
    draft.add(class, "D0115", format!("{} → {}", proof(&before), proof(&after)));
}

/// One scheme of an alternative, as it is on the wire.
type Proof = (SecurityKind, Vec<String>);

/// What an operation asks for: the alternatives, each with what it needs together.
type Asked = Option<Vec<Vec<Proof>>>;

fn asked(api: &Api, o: &Operation) -> Asked {
    let proof = |r: &Requirement| {
        let kind = match api.scheme(&r.scheme) {
            // A token is a token, whoever has given it out.
            Some(SecurityKind::Token) => SecurityKind::Bearer,
            Some(kind) => kind.clone(),
            None => SecurityKind::Other(r.scheme.clone()),
        };
        let mut scopes = r.scopes.clone();
        scopes.sort();
        (kind, scopes)
    };
    // What is needed together is a set.
    let set = |together: &Vec<Requirement>| {
        let mut set: Vec<Proof> = together.iter().map(proof).collect();
        set.sort_by_cached_key(|proof| format!("{proof:?}"));
        set
    };
    o.security.as_ref().map(|all| all.iter().map(set).collect())
}

/// What becomes of what a released client proves.
fn proven(old: &Asked, new: &Asked) -> Survival {
    let survives = |text: &str| Survival::Survives(text.to_owned());
    let depends = |text: &str| Survival::Depends(text.to_owned());
    let fails = |text: &str| Survival::Fails(text.to_owned());
    let is_open = |all: &[Vec<Proof>]| all.iter().all(Vec::is_empty) || all.iter().any(Vec::is_empty);
    let Some(new) = new else { return survives("what was proven is sent as before") };
    if is_open(new) {
        return survives("no proof is needed: what is sent all the same is not looked at");
    }
    let Some(old) = old else { return depends("all credentials of the client go along: the API takes them or not") };
    if old.iter().all(Vec::is_empty) {
        return fails("no credentials are sent: the API refuses it");
    }
    let supported =
        |all: &&Vec<Proof>| !all.is_empty() && !all.iter().any(|(k, _)| matches!(k, SecurityKind::Other(_)));
    let sent: Vec<&Vec<Proof>> = old.iter().filter(supported).collect();
    if sent.is_empty() {
        return survives("it could not be called before");
    }
    let meets = |had: &[Proof], scopes: bool| {
        let held = |(kind, wanted): &Proof| {
            had.iter().any(|(k, has)| k == kind && (!scopes || wanted.iter().all(|scope| has.contains(scope))))
        };
        new.iter().any(|together| together.iter().all(held))
    };
    let met = sent.iter().filter(|had| meets(had, true)).count();
    match (met == sent.len(), met) {
        (true, _) if is_open(old) => depends("calls without credentials are refused"),
        (true, _) => survives("what was proven is enough"),
        (false, 0) if sent.iter().any(|had| meets(had, false)) => depends("the token must be good for more scopes"),
        (false, 0) => fails("the old proof is sent: the API refuses it"),
        (false, _) => depends("only some of the old proofs are taken"),
    }
}

/// How a caller proves who it is, in words: `basic, or bearer and key`.
fn proof(asked: &Asked) -> String {
    let Some(alternatives) = asked else { return "the client's credentials".to_owned() };
    if alternatives.iter().all(Vec::is_empty) {
        return "none".to_owned();
    }
    let scheme = |(kind, scopes): &Proof| {
        let word = match kind {
            SecurityKind::Basic => "basic".to_owned(),
            SecurityKind::Bearer | SecurityKind::Token => "bearer".to_owned(),
            SecurityKind::ApiKey { name, .. } => format!("the key `{name}`"),
            SecurityKind::Other(name) => format!("`{name}`, which is not supported"),
        };
        match scopes.as_slice() {
            [] => word,
            scopes => format!("{word} for {}", scopes.iter().map(|s| format!("`{s}`")).collect::<Vec<_>>().join(", ")),
        }
    };
    let choices = alternatives.iter().map(|all| match all.as_slice() {
        [] => "nothing".to_owned(),
        all => all.iter().map(scheme).collect::<Vec<_>>().join(" and "),
    });
    choices.collect::<Vec<_>>().join(", or ")
}

/// A scheme on both sides.
fn security_scheme(draft: &mut Draft, old: &SecurityScheme, new: &SecurityScheme) {
    if old.kind != new.kind {
        // Two texts, one text, or a source.
        let form = |kind: &SecurityKind| match kind {
            SecurityKind::Basic => 2,
            SecurityKind::Bearer | SecurityKind::ApiKey { .. } => 1,
            SecurityKind::Token => 3,
            SecurityKind::Other(_) => 0,
        };
        let same = form(&old.kind) == form(&new.kind);
        let class = if same { Class::BreaksAtRunTime } else { Class::BreaksCompiling };
        draft.sends(Some(Survival::Depends("the old proof is sent: the API refuses it or not".to_owned())));
        draft.add(class, "D0905", from_to(&kind(&old.kind), &kind(&new.kind)));
    }
    if old.docs.deprecated != new.docs.deprecated {
        let (class, detail) = match new.docs.deprecated {
            true => (Class::Deprecating, "deprecated"),
            false => (Class::Additive, "no longer deprecated"),
        };
        draft.add(class, "D0905", detail);
    }
    if old.docs.facts != new.docs.facts && old.kind == SecurityKind::Token {
        draft.sends(Some(Survival::Depends("the caller's source has its tokens from the old address".to_owned())));
        draft.add(Class::BreaksAtRunTime, "D0905", from_to(&old.docs.facts.join(", "), &new.docs.facts.join(", ")));
    }
    let words = |scheme: &SecurityScheme| (Docs { deprecated: false, ..scheme.docs.clone() }, scheme.scopes.clone());
    if words(old) != words(new) {
        draft.add(Class::DocumentationOnly, "D0909", "words of the security scheme");
    }
}

/// A server that the caller says more of, on both sides.
fn open_server(draft: &mut Draft, old: &OpenServer, new: &OpenServer) {
    if old.hostless != new.hostless {
        draft.add(Class::BreaksCompiling, "D0920", "whether the caller names the host");
    }
    for v in &old.variables {
        let Some(now) = new.variables.iter().find(|n| n.ident == v.ident) else {
            draft.add(Class::BreaksCompiling, "D0920", format!("`{}` is gone", v.wire));
            continue;
        };
        if v.default != now.default {
            draft.sends(Some(Survival::Depends("the old address is called where nothing is chosen".to_owned())));
            let detail = format!("default of `{}`: {}", v.wire, from_to(&v.default, &now.default));
            draft.add(Class::BreaksAtRunTime, "D0920", detail);
        }
        match (&v.choice, &now.choice) {
            (None, None) => {}
            (Some(a), Some(b)) if a.ident == b.ident => {
                for (variant, value) in a.values.iter().filter(|value| !b.values.contains(value)) {
                    let class = match b.values.iter().any(|(other, _)| other == variant) {
                        true => Class::BreaksAtRunTime,
                        false => Class::BreaksCompiling,
                    };
                    draft.add(class, "D0920", format!("`{}` cannot be `{value}` any more", v.wire));
                }
                for (_, value) in b.values.iter().filter(|value| !a.values.contains(value)) {
                    draft.add(Class::Additive, "D0920", format!("`{}` can be `{value}`", v.wire));
                }
            }
            _ => draft.add(Class::BreaksCompiling, "D0920", format!("what `{}` can be", v.wire)),
        }
        if v.about != now.about {
            draft.add(Class::DocumentationOnly, "D0909", format!("words of `{}`", v.wire));
        }
    }
    for v in new.variables.iter().filter(|n| !old.variables.iter().any(|v| v.ident == n.ident)) {
        draft.add(Class::Additive, "D0920", format!("`{}` is there", v.wire));
    }
    if old.url != new.url {
        draft.sends(Some(Survival::Depends("the old address is called".to_owned())));
        draft.add(Class::BreaksAtRunTime, "D0903", from_to(&old.url, &new.url));
    }
    if old.about != new.about {
        draft.add(Class::DocumentationOnly, "D0909", "words of the server");
    }
}

fn words_of(scheme: &SecurityScheme) -> String {
    format!("`{}` ({})", scheme.wire, kind(&scheme.kind))
}

fn kind(kind: &SecurityKind) -> String {
    match kind {
        SecurityKind::Basic => "basic".to_owned(),
        SecurityKind::Bearer => "bearer".to_owned(),
        SecurityKind::Token => "token".to_owned(),
        SecurityKind::ApiKey { location, name } => format!("key `{name}` ({location:?})").to_lowercase(),
        SecurityKind::Other(word) => word.clone(),
    }
}
