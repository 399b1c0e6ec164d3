//! What the README says of servers and credentials: those that the document declares, by the names that they have in the crate.

use crate::ir::{SecurityKind, Servers};
use crate::name::{Environment, OpenServer, open_servers};
use crate::render::Input;
use crate::render::rust::docs;

/// A line for each server: those by name, those that the caller says more of, those of single operations.
pub(super) fn servers(input: Input<'_>, environments: &[Environment]) -> Vec<String> {
    let mut out = Vec::new();
    for e in environments {
        out.push(line(&format!("`Environment::{}`: {}", e.ident, docs::code(&e.url)), &e.about));
    }
    out.extend(open_servers(input.settings, input.api).iter().map(open));
    let mut own: Vec<(Vec<&str>, usize)> = Vec::new();
    for o in &input.api.operations {
        let Servers::Only(servers) = &o.servers else { continue };
        let urls: Vec<&str> = servers.iter().map(|s| s.url.as_str()).collect();
        match own.iter_mut().find(|(known, _)| *known == urls) {
            Some((_, count)) => *count += 1,
            None => own.push((urls, 1)),
        }
    }
    out.extend(own.into_iter().map(|(urls, count)| {
        let urls = urls.into_iter().map(docs::code).collect::<Vec<_>>().join(", ");
        let count = if count == 1 { "one operation".to_owned() } else { format!("{count} operations") };
        format!("- {urls}: the server of {count}")
    }));
    out
}

/// A server with its variables, and how one is made.
fn open(server: &OpenServer) -> String {
    let host = if server.hostless { "\"https://HOST\"" } else { "" };
    let choices = server.variables.iter().skip(usize::from(server.hostless)).map(|v| {
        let values = match &v.choice {
            Some(choice) => choice.values.iter().map(|(_, value)| docs::code(value)).collect::<Vec<_>>().join(", "),
            None => "text".to_owned(),
        };
        format!("`{}` ({values}; {} where nothing is chosen)", v.ident, docs::code(&v.default))
    });
    let choices: Vec<String> = choices.collect();
    let choices = if choices.is_empty() { String::new() } else { format!(", with {}", choices.join(", ")) };
    let made = format!("`environment::{}::new({host})`: {}{choices}", server.ident, docs::code(&server.url));
    line(&made, &server.about)
}

/// A line for each security scheme that credentials can be made for.
pub(super) fn credentials(input: Input<'_>) -> Vec<String> {
    let all = super::credentials::all(input);
    let said = all.iter().map(|(scheme, name)| {
        let what = match &scheme.kind {
            SecurityKind::Basic => "HTTP Basic".to_owned(),
            SecurityKind::Bearer => "a bearer token".to_owned(),
            SecurityKind::Token => "a token, or a `client::TokenSource` that is asked before each call".to_owned(),
            SecurityKind::ApiKey { location, name } => {
                let place = crate::render::rust::operation::key_place(*location).to_string().to_lowercase();
                format!("a key in the {place} {}", docs::code(name))
            }
            SecurityKind::Other(_) => String::new(),
        };
        let made = super::credentials::example(scheme, name);
        line(&format!("`{made}`: {what}, the security scheme {}", docs::code(&scheme.wire)), &scheme.docs.text)
    });
    said.collect()
}

/// A line of a list, with the document's words behind it.
fn line(head: &str, about: &str) -> String {
    let about = docs::first_paragraph(about);
    let about = docs::plain(about.trim_end_matches('.'));
    if about.is_empty() { format!("- {head}") } else { format!("- {head}: {about}") }
}
