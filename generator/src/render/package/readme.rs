//! `README.md`: how to begin with the crate, and all that it has at a glance.

use std::time::Duration;

use askama::Template;

use super::first_call;
use super::manifest::{self, CrateInfo};
use crate::name::{Environment, Variables};
use crate::render::Input;
use crate::render::rust::docs;
use crate::render::rust::operation_docs::refusals;
use crate::settings::{Runtime, StatusRange};

#[derive(Template)]
#[template(path = "README.md.jinja", escape = "none")]
struct Readme {
    name: String,
    lib: String,
    version: String,
    about: String,
    document: String,
    operations: usize,
    types: usize,
    /// What the extras have to say first.
    begin: Option<&'static str>,
    first_call: String,
    server_note: Option<String>,
    credentials_for_all: bool,
    servers: Vec<String>,
    /// Whether operations have servers of their own.
    own_servers: bool,
    credentials: Vec<String>,
    /// The variables that a client is made from, each with what it holds.
    variables: Vec<(String, String)>,
    /// Who wants request ids.
    support: String,
    /// Whether codes of errors are described.
    classes: bool,
    /// Whether what is known of them is in traits.
    extended: bool,
    /// The pauses between attempts, in seconds.
    pauses: String,
    /// The statuses that are worth another attempt.
    passing: String,
    /// By what the API says that it did nothing.
    refused: String,
    /// Whether there are pages.
    paged: bool,
    /// The section on tests, with an empty line behind it.
    tests: String,
    /// Further sections of the extras.
    guide: Option<&'static str>,
    tags: Vec<ReadmeTag>,
    examples: Vec<(&'static str, String)>,
    /// The features of the extras, each with what it is for.
    extras: Vec<(&'static str, &'static str)>,
    /// The feature of all tags, and that of one.
    part: Option<(&'static str, String)>,
    fence: &'static str,
    license: Option<String>,
}

struct ReadmeTag {
    accessor: String,
    methods: String,
}

/// `README.md`. An error is a template that cannot be rendered.
pub(super) fn text(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> Result<String, String> {
    let title = docs::first_sentence(&input.api.title);
    let (retry, errors) = (&input.settings.retry, &input.settings.errors);
    let (server, credentials) = (first_call::server(input, environments), first_call::credentials(input));
    let (begin, guide) = super::extras::guide(input).unzip();
    let readme = Readme {
        name: info.name.clone(),
        lib: info.library(),
        version: info.version.clone(),
        about: docs::stopped(docs::first_paragraph(&manifest::description(input))),
        document: match (title.is_empty(), input.api.version.is_empty()) {
            (true, _) => "an OpenAPI document".to_owned(),
            (false, true) => docs::plain(&title),
            (false, false) => format!("{} {}", docs::plain(&title), docs::plain(&input.api.version)),
        },
        operations: input.api.operations.len(),
        types: input.api.types.len(),
        begin,
        first_call: first_call::code(input, &info.library(), environments, false).join("\n"),
        server_note: first_call::server_note(input, environments),
        credentials_for_all: first_call::credentials_for_all(input),
        servers: super::declared::servers(input, environments),
        own_servers: input.api.operations.iter().any(|o| o.servers != crate::ir::Servers::Any),
        credentials: super::declared::credentials(input),
        variables: variables(input, info, environments),
        support: docs::plain(errors.support.as_ref().map_or("the API's support", |support| support.as_str())),
        classes: !errors.codes.is_empty(),
        extended: input.settings.package.runtime != Runtime::Copy,
        pauses: list(retry.schedule.iter().map(|pause| Duration::from_millis(*pause).as_secs_f64().to_string())),
        passing: passing(input),
        refused: refusals(input),
        paged: !input.facts.pages.is_empty(),
        tests: shown(super::crate_docs::testing(input, &info.library(), (&server, &credentials))),
        guide,
        tags: input
            .names
            .tags
            .iter()
            .enumerate()
            .map(|(t, names)| ReadmeTag {
                accessor: names.accessor.to_string(),
                methods: input
                    .api
                    .operations
                    .iter()
                    .zip(&input.names.operations)
                    .filter(|(o, _)| o.tag == t)
                    .map(|(_, n)| format!("`{}`", n.method))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
            .collect(),
        examples: super::examples::list(input),
        part: crate::render::rust::features::example(input),
        fence: "rust,no_run",
        extras: super::extras::features(input).collect(),
        license: input.settings.package.license.as_ref().map(|l| l.to_string()),
    };
    Ok(readme.render().map_err(|e| e.to_string())? + "\n")
}

/// What `Client::from_env` reads.
fn variables(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> Vec<(String, String)> {
    let Variables { id, secret, is_key, server, base_url } = crate::name::variables(&info.name, input.api);
    let mut out = Vec::new();
    let what = match (id.is_empty(), is_key) {
        (false, _) => "the password of HTTP Basic",
        (true, true) => "the key",
        (true, false) => "the token",
    };
    if !id.is_empty() {
        out.push((id, "the user name of HTTP Basic; required".to_owned()));
    }
    out.push((secret, format!("{what}; required")));
    let Some(first) = environments.first() else {
        out.push((base_url, "the base URL; required".to_owned()));
        return out;
    };
    let names = list(environments.iter().map(|e| docs::code(&e.wire)));
    out.push((base_url, format!("any other base URL; it goes before `{server}`")));
    out.push((
        server,
        format!("one of the servers above by its name: {names}; {} if it is missing", docs::code(&first.wire)),
    ));
    out
}

/// The statuses that are worth another attempt.
fn passing(input: Input<'_>) -> String {
    let retry = &input.settings.retry;
    let text = |range: &StatusRange| match range {
        StatusRange::One(status) => status.to_string(),
        StatusRange::Class(class) => format!("{class}xx"),
    };
    let all = list(retry.statuses.iter().map(|range| text(&range.value)));
    let except = list(retry.except.iter().map(|range| text(&range.value)));
    if except.is_empty() { all } else { format!("{all} but for {except}") }
}

fn list(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// A section of the crate's documentation as others than rustdoc have to have it: its heading one level down, code that says that it is
/// Rust, no line that only rustdoc hides.
fn shown(section: Vec<String>) -> String {
    let mut is_code = false;
    let line = |line: String| {
        if line == "```" {
            is_code = !is_code;
        }
        match (is_code, line.as_str()) {
            (true, "```") => Some("```rust\n".to_owned()),
            (true, line) if line.starts_with("# ") => None,
            (false, heading) if heading.starts_with("# ") => Some(format!("#{heading}\n")),
            (_, line) => Some(format!("{line}\n")),
        }
    };
    section.into_iter().filter_map(line).collect()
}
