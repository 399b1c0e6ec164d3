//! `README.md`: how to begin with the crate, and all that it has at a glance.

use askama::Template;

use super::first_call;
use super::manifest::{self, CrateInfo};
use crate::name::Environment;
use crate::render::Input;
use crate::render::rust::docs;

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
    first_call: String,
    server_note: Option<String>,
    credentials_for_all: bool,
    servers: Vec<String>,
    /// Whether operations have servers of their own.
    own_servers: bool,
    credentials: Vec<String>,
    tags: Vec<ReadmeTag>,
    examples: Vec<(&'static str, String)>,
    /// The features of the extras, each with what it is for.
    extras: Vec<(&'static str, &'static str)>,
    /// The feature of all tags, and that of one.
    part: Option<(&'static str, String)>,
    fence: &'static str,
    license_text: String,
}

struct ReadmeTag {
    accessor: String,
    methods: String,
}

/// `README.md`. An error is a template that cannot be rendered.
pub(super) fn text(input: Input<'_>, info: &CrateInfo, environments: &[Environment]) -> Result<String, String> {
    let title = docs::first_sentence(&input.api.title);
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
        first_call: first_call::code(input, &info.library(), environments, false).join("\n"),
        server_note: first_call::server_note(input, environments),
        credentials_for_all: first_call::credentials_for_all(input),
        servers: super::declared::servers(input, environments),
        own_servers: input.api.operations.iter().any(|o| o.servers != crate::ir::Servers::Any),
        credentials: super::declared::credentials(input),
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
        license_text: input.settings.package.license.as_ref().map_or("MIT OR Apache-2.0".to_owned(), |l| l.to_string()),
    };
    Ok(readme.render().map_err(|e| e.to_string())? + "\n")
}
