//! The server and the credentials of a first call, as the README and the crate's documentation show it.

use crate::ir::SecurityKind;
use crate::name::Environment;
use crate::render::Input;
use crate::render::rust::docs;

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
