//! A first call, as the README and the crate's documentation show it: its server, its credentials, and an operation that needs no more.

use crate::analyze::Retry;
use crate::ir::{SecurityKind, Servers};
use crate::name::Environment;
use crate::render::rust::{docs, features};
use crate::render::{Input, Op};

/// An operation that anybody may call without knowing anything.
pub(super) struct Simplest {
    /// How it is called: `client.institutions().list()`.
    pub(super) call: String,
    /// The feature that it is compiled under.
    feature: Option<String>,
}

/// The first operation that reads, needs no arguments, and is called with the credentials and at the server that every client has.
pub(super) fn simplest(input: Input<'_>) -> Option<Simplest> {
    let simple = |op: &Op<'_>| {
        let o = op.declared;
        let mut schemes = o.security.iter().flatten().flatten();
        let callable = o.servers == Servers::Any && schemes.all(|name| input.api.scheme(name).is_some());
        o.method == "get" && o.body.is_none() && op.call.retry == Retry::Idempotent && callable
    };
    let op = input.operations().find(|op| simple(op) && op.names.plan.arguments.is_empty())?;
    let accessor = input.names.tags.get(op.declared.tag).map_or("", |tag| tag.accessor.as_str());
    let call = format!("client.{accessor}().{}()", op.names.method);
    Some(Simplest { call, feature: features::of_tag(input, op.declared.tag) })
}

/// The code of a first call. `hidden`: with lines that rustdoc reads and does not show.
pub(super) fn code(input: Input<'_>, lib: &str, environments: &[Environment], hidden: bool) -> Vec<String> {
    let environment = if environments.is_empty() { "" } else { ", Environment" };
    let client = format!("let client = Client::new({}, {});", server(input, environments), credentials(input, lib));
    let Some(simplest) = simplest(input) else {
        return vec![format!("use {lib}::{{Client, Credentials{environment}}};"), String::new(), client];
    };
    let mut out = vec![format!("use {lib}::{{Client, Credentials{environment}, Error}};"), String::new()];
    out.extend(simplest.feature.filter(|_| hidden).map(|feature| format!("# #[cfg(feature = {feature:?})]")));
    out.push("async fn first_call() -> Result<(), Error> {".to_owned());
    out.push(format!("    {client}"));
    out.push(format!("    let response = {}.await?;", simplest.call));
    out.push("    println!(\"{response:?}\");".to_owned());
    out.push("    Ok(())".to_owned());
    out.push("}".to_owned());
    out
}

/// The server that an example names.
pub(super) fn server(input: Input<'_>, environments: &[Environment]) -> String {
    let default = input.settings.default_environment().map(|e| e.name.to_string());
    let chosen = environments.iter().find(|e| Some(&e.wire) == default.as_ref()).or(environments.first());
    match chosen {
        Some(e) => format!("Environment::{}", e.ident),
        None => format!("{:?}", address(input)),
    }
}

/// What a caller gives where the document has no server with a host and a value for every variable: `HOST` and braces stand for
/// what the document does not say.
fn address(input: Input<'_>) -> String {
    const HOST: &str = "https://HOST";
    let Some(server) = input.api.servers.first().filter(|s| s.path().is_none()) else { return HOST.to_owned() };
    match server.url.split_once("://") {
        Some(("http" | "https", _)) => server.url.clone(),
        Some(_) => HOST.to_owned(),
        None if server.url.starts_with('/') => format!("{HOST}{}", server.url),
        None => format!("https://{}", server.url),
    }
}

/// What is said of a server that the caller has to complete.
pub(super) fn server_note(input: Input<'_>, environments: &[Environment]) -> Option<String> {
    if !environments.is_empty() {
        return None;
    }
    let address = address(input);
    let place = match (address.contains("HOST"), address.contains('{')) {
        (true, false) => "your host in place of `HOST`",
        (true, true) => "your host in place of `HOST` and your values in place of what is in braces",
        (false, true) => "your values in place of what is in braces",
        (false, false) => return Some("The document does not say by which scheme: `https` is a guess.".to_owned()),
    };
    let mut note = format!("The document does not say where the API is: put {place}.");
    match input.api.base_paths().as_slice() {
        [] => {}
        [path] => note.push_str(&format!(" The path {} behind it is added to every request.", docs::code(path))),
        [path, others @ ..] => {
            let others = others.iter().map(|other| docs::code(other)).collect::<Vec<_>>().join(" or ");
            let path = docs::code(path);
            note.push_str(&format!(" The path {path} behind it is added to every request; write {others} there instead where you mean that."));
        }
    }
    Some(note)
}

/// Whether the document leaves open which calls need credentials.
pub(super) fn credentials_for_all(input: Input<'_>) -> bool {
    input.api.operations.iter().any(|o| o.security.is_none())
}

/// The credentials that an example gives.
pub(super) fn credentials(input: Input<'_>, lib: &str) -> String {
    let scheme = input.api.security_schemes.iter().find_map(|s| input.api.scheme(&s.wire));
    match scheme {
        Some(SecurityKind::Basic) => "Credentials::basic(\"id\", \"password\")".to_owned(),
        Some(SecurityKind::Bearer) => "Credentials::bearer(\"token\")".to_owned(),
        Some(SecurityKind::ApiKey { location, name }) => {
            let place = crate::render::rust::operation::key_place(*location);
            format!("Credentials::api_key({lib}::client::KeyPlace::{place}, {name:?}, \"key\")")
        }
        Some(SecurityKind::Other(_)) | None => "Credentials::none()".to_owned(),
    }
}
