//! A first call, as the README and the crate's documentation show it: its server, its credentials, and an operation that needs no more.

use crate::analyze::Retry;
use crate::ir::{Operation, SecurityScheme, Servers};
use crate::name::{CredentialName, Environment};
use crate::render::rust::{docs, features};
use crate::render::{Input, Op};
use crate::settings::Runtime;

/// An operation that anybody may call without knowing anything.
pub(super) struct Simplest<'a> {
    /// How it is called: `client.institutions().list()`.
    pub(super) call: String,
    /// The feature that it is compiled under.
    feature: Option<String>,
    pub(super) declared: &'a Operation,
}

/// The first operation that reads, needs no arguments, and is at the client's server; one that asks for credentials goes before others.
pub(super) fn simplest(input: Input<'_>) -> Option<Simplest<'_>> {
    let simple = |op: &Op<'_>| {
        let o = op.declared;
        let callable = o.servers == Servers::Any && input.api.barred_by(o).is_none();
        o.method == "get" && o.body.is_none() && op.call.retry == Retry::Idempotent && callable
    };
    let simple: Vec<Op<'_>> =
        input.operations().filter(|op| simple(op) && op.names.plan.arguments.is_empty()).collect();
    let asking = simple.iter().find(|op| !input.api.asked_for(op.declared).is_empty());
    let op = asking.or(simple.first())?;
    let accessor = input.names.tags.get(op.declared.tag).map_or("", |tag| tag.accessor.as_str());
    let call = format!("client.{accessor}().{}()", op.names.method);
    Some(Simplest { call, feature: features::of_tag(input, op.declared.tag), declared: op.declared })
}

/// The line that brings the functions of credentials in, where the runtime is a crate of its own and so they are those of a trait.
pub(super) fn extension(input: Input<'_>, lib: &str) -> Option<String> {
    let own = chosen(input).iter().any(|(_, name)| !name.common);
    (own && input.settings.package.runtime != Runtime::Copy).then(|| format!("use {lib}::ext::CredentialsExt;"))
}

/// The code of a first call. `hidden`: with lines that rustdoc reads and does not show.
pub(super) fn code(input: Input<'_>, lib: &str, environments: &[Environment], hidden: bool) -> Vec<String> {
    let environment = if environments.is_empty() { "" } else { ", Environment" };
    let client = format!("let client = Client::new({}, {});", server(input, environments), credentials(input));
    let mut out: Vec<String> = extension(input, lib).into_iter().collect();
    let Some(simplest) = simplest(input) else {
        out.extend([format!("use {lib}::{{Client, Credentials{environment}}};"), String::new(), client]);
        return out;
    };
    out.extend([format!("use {lib}::{{Client, Credentials{environment}, Error}};"), String::new()]);
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
    let url = server.address();
    match url.split_once("://") {
        Some(("http" | "https", _)) => url,
        Some(_) => HOST.to_owned(),
        None if url.starts_with('/') => format!("{HOST}{url}"),
        None => format!("https://{url}"),
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

/// The schemes whose credentials an example gives: what its operation asks for, else what most do.
fn chosen(input: Input<'_>) -> Vec<(&SecurityScheme, CredentialName)> {
    let all = super::credentials::all(input);
    let shown = simplest(input).map(|simplest| simplest.declared);
    let asking = || input.api.operations.iter().find(|o| !input.api.asked_for(o).is_empty());
    let wanted: Vec<&str> = match shown.or_else(asking) {
        Some(o) if o.security.is_some() => input.api.asked_for(o).iter().map(|r| r.scheme.as_str()).collect(),
        _ => input.api.usual_scheme().iter().map(|s| s.wire.as_str()).collect(),
    };
    all.into_iter().filter(|(scheme, _)| wanted.contains(&scheme.wire.as_str())).collect()
}

/// The credentials that an example gives.
pub(super) fn credentials(input: Input<'_>) -> String {
    let all: Vec<String> =
        chosen(input).iter().map(|(scheme, name)| super::credentials::example(scheme, name)).collect();
    match all.split_first() {
        None => "Credentials::none()".to_owned(),
        Some((first, others)) => others.iter().fold(first.clone(), |before, other| format!("{before}.and({other})")),
    }
}
