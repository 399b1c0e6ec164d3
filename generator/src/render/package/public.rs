//! What a user of a generated crate writes → where it is. Every name that the runtime gives to users has one place: the crate's root, or
//! one of the modules `client`, `error`, `page`, `retry` and `testing`. What only generated code needs is in the runtime's `__private`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::render::rust::types::ident_of;
use crate::render::{Input, RustFile};
use crate::settings::Runtime;

/// Names of the runtime that are compiled under one condition.
struct Names {
    when: When,
    names: &'static [&'static str],
}

/// Which crates have some names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// Those compiled with this feature.
    Feature(&'static str),
    /// Those with an operation that answers with events.
    Events,
    /// Those whose settings say how the API asks for a second factor.
    Mfa,
    /// Those with exact numbers: the settings ask for them, or one place has no other type.
    Exact,
}

/// A public module.
pub(in crate::render) struct Module {
    name: &'static str,
    /// What its page says; the first line is what its line in the list of modules says.
    about: &'static [&'static str],
    /// Code for its page; `LIB` is the crate.
    example: &'static [&'static str],
    names: &'static [Names],
}

/// What stands at the crate's root: what nearly every program names, and what fields of models are made of.
const ROOT: &[Names] = &[
    Names { when: When::Always, names: &["Credentials", "Error", "ErrorKind", "Records", "Request", "Response"] },
    Names {
        when: When::Always,
        names: &[
            "Base64",
            "Date",
            "DateTime",
            "Decode",
            "Encode",
            "Extra",
            "Json",
            "Map",
            "Patch",
            "Raw",
            "Secret",
            "Tuple",
            "Uuid",
            "Value",
            "from_json",
            "to_json",
        ],
    },
    Names { when: When::Exact, names: &["Number"] },
];

pub(super) const CLIENT: Module = Module {
    name: "client",
    about: &[
        "What a client is made of: servers, transports and clocks; and what its calls give.",
        "",
        "The [client](crate::Client) itself and its [builder](crate::ClientBuilder) are at the crate's root.",
    ],
    example: &[
        "use LIB::{Client, Credentials};",
        "use LIB::client::Server;",
        "use std::time::Duration;",
        "",
        "# fn main() -> Result<(), LIB::Error> {",
        "let client = Client::builder(Server::new(\"staging\", \"https://api.example.com\"))",
        "    .credentials(Credentials::none())",
        "    .timeout(Duration::from_secs(30))",
        "    .build()?;",
        "assert_eq!(client.server().name, \"staging\");",
        "# Ok(())",
        "# }",
    ],
    names: &[
        Names {
            when: When::Always,
            names: &[
                "Accepted",
                "Auth",
                "BlockingTransport",
                "BoxError",
                "BoxFuture",
                "Bytes",
                "ClientBuilder",
                "Clock",
                "EnvironmentNames",
                "Failure",
                "FailureKind",
                "HttpClient",
                "KeyPlace",
                "Limits",
                "Method",
                "Operation",
                "Outcome",
                "Part",
                "Parts",
                "Received",
                "Sending",
                "Scheme",
                "Server",
                "Servers",
                "Settings",
                "Status",
                "Style",
                "TokenSource",
                "Transport",
                "Upload",
                "decode",
            ],
        },
        Names { when: When::Feature("blocking"), names: &["Ureq"] },
        Names { when: When::Feature("reqwest"), names: &["Reqwest"] },
        Names { when: When::Events, names: &["Event", "EventIter", "Events"] },
        Names { when: When::Mfa, names: &["Challenge", "Mfa", "MfaToken"] },
    ],
};

const ERROR: Module = Module {
    name: "error",
    about: &[
        "What is in an [`Error`](crate::Error), and what a response reports although it was read: where it is not what the document says.",
    ],
    example: &[
        "use LIB::{Error, ErrorKind};",
        "",
        "fn report(error: &Error) -> String {",
        "    let what = match error.kind() {",
        "        ErrorKind::Build => \"the call is wrong, and was not made\",",
        "        ErrorKind::NotSent => \"there is no connection\",",
        "        ErrorKind::Status => \"the API refused it\",",
        "        _ => \"the API may have acted\",",
        "    };",
        "    let place = error.fault().map(|fault| fault.path.as_str());",
        "    format!(\"{what}: status {:?}, request {:?}, at {place:?}\", error.status(), error.request_id())",
        "}",
    ],
    names: &[
        Names {
            when: When::Always,
            names: &[
                "Counts",
                "DecodeError",
                "Deviation",
                "DeviationKind",
                "ErrorItem",
                "Fault",
                "Findings",
                "FormatError",
                "Mode",
            ],
        },
        Names { when: When::Exact, names: &["NumberError"] },
    ],
};

const PAGE: Module = Module {
    name: "page",
    about: &[
        "Walks over all pages of a list, which `pages` and `items` of a paged operation's request begin; and the records that cannot be read.",
    ],
    example: &[
        "use LIB::Error;",
        "use LIB::page::{Items, Paged};",
        "",
        "/// The first hundred records, on however many pages they are.",
        "async fn hundred<P: Paged>(mut items: Items<P>) -> Result<Vec<P::Item>, Error> {",
        "    let mut records = Vec::new();",
        "    while records.len() < 100 {",
        "        let Some(record) = items.try_next().await? else { break };",
        "        records.push(record);",
        "    }",
        "    Ok(records)",
        "}",
    ],
    names: &[
        Names {
            when: When::Always,
            names: &["Continuation", "InvalidItem", "InvalidRecord", "Items", "Paged", "Pages", "ValidItems"],
        },
        Names { when: When::Feature("blocking"), names: &["BlockingItems", "BlockingPages", "BlockingValidItems"] },
    ],
};

const RETRY: Module = Module {
    name: "retry",
    about: &["When a failed call is repeated: the rules of a client or of one call."],
    example: &[
        "use LIB::Client;",
        "use LIB::retry::RetryRules;",
        "",
        "# fn main() -> Result<(), LIB::Error> {",
        "let client = Client::builder(\"https://api.example.com\").retry_rules(RetryRules::NONE).build()?;",
        "# Ok(())",
        "# }",
    ],
    names: &[Names { when: When::Always, names: &["Jitter", "Retry", "RetryEvent", "RetryReason", "RetryRules"] }],
};

pub(in crate::render) const TESTING: Module = Module {
    name: "testing",
    about: &[
        "For tests: a double for the transport, a clock without waiting, operations as data, and bodies read and written back.",
    ],
    example: &[
        "use LIB::Client;",
        "use LIB::testing::{Answer, Recorder};",
        "",
        "# fn main() -> Result<(), LIB::Error> {",
        "let recorder = Recorder::answering([Answer::json(200, \"{}\"), Answer::not_sent()]);",
        "let client = Client::builder(\"https://api.example.com\").transport(recorder.clone()).build()?;",
        "// ... and what calls the client, then:",
        "assert!(recorder.requests().is_empty());",
        "# Ok(())",
        "# }",
    ],
    names: &[Names {
        when: When::Always,
        names: &[
            "Answer",
            "Matcher",
            "ReadBack",
            "Recorder",
            "SampleRequest",
            "VirtualClock",
            "filled",
            "now",
            "sample",
        ],
    }],
};

impl When {
    /// Whether the crate has them, and the condition they are compiled under.
    fn of(self, input: Input<'_>) -> Option<TokenStream> {
        let feature = |name: &str| quote! { #[cfg(feature = #name)] };
        match self {
            Self::Always => Some(TokenStream::new()),
            Self::Feature(name) => Some(feature(name)),
            Self::Events => crate::render::has_events(input).then(TokenStream::new),
            Self::Mfa => input.settings.mfa.is_some().then(TokenStream::new),
            Self::Exact => input.facts.exact.then(TokenStream::new),
        }
    }
}

/// Brings names of the runtime to where they are public.
fn uses(input: Input<'_>, all: &[Names]) -> TokenStream {
    // The pages of another crate's items are those of this crate: its users see no other.
    let inline = (input.settings.package.runtime != Runtime::Copy).then(|| quote! { #[doc(inline)] });
    let all = all.iter().filter_map(|group| {
        let (gate, names) = (group.when.of(input)?, group.names.iter().map(|name| ident_of(name)));
        Some(quote! { #inline #gate pub use crate::runtime::{#(#names),*}; })
    });
    quote! { #(#all)* }
}

/// What is at the crate's root.
pub(super) fn root(input: Input<'_>) -> TokenStream {
    let names = uses(input, ROOT);
    quote! {
        #names
        /// What tests of this crate and of its generator need beyond that. It may change with every version.
        #[doc(hidden)]
        pub mod __private {
            pub use crate::runtime::*;
            pub use crate::runtime::__private::*;
        }
    }
}

/// The root and the modules, with the names that each has of the runtime.
fn all() -> impl Iterator<Item = (Option<&'static str>, &'static Names)> {
    const MODULES: &[&Module] = &[&CLIENT, &ERROR, &PAGE, &RETRY, &TESTING];
    let modules = MODULES.iter().flat_map(|module| module.names.iter().map(|group| (Some(module.name), group)));
    ROOT.iter().map(|group| (None, group)).chain(modules)
}

/// The module in which a crate has a name of the runtime, within [`Some`]; `Some(None)` is the root, and `None` a name that it does not have.
pub(in crate::render) fn place(name: &str, input: Input<'_>) -> Option<Option<&'static str>> {
    let (module, group) = all().find(|(_, group)| group.names.contains(&name))?;
    group.when.of(input).map(|_| module)
}

/// Whether the name has a place in any crate.
#[cfg(test)]
pub(super) fn known(name: &str) -> bool {
    all().any(|(_, group)| group.names.contains(&name))
}

impl Module {
    /// The lines of its page.
    pub(in crate::render) fn head(&self, lib: &str) -> Vec<String> {
        let about = self.about.iter().map(|line| (*line).to_owned());
        let example = self.example.iter().map(|line| line.replace("LIB", lib));
        let fence = |text: &str| std::iter::once(text.to_owned());
        about.chain(fence("")).chain(fence("```")).chain(example).chain(fence("```")).collect()
    }

    /// The names that it has of the runtime.
    pub(in crate::render) fn uses(&self, input: Input<'_>) -> TokenStream {
        uses(input, self.names)
    }

    fn file(&self, input: Input<'_>, lib: &str, own: TokenStream) -> RustFile<'static> {
        let path = match self.name {
            "client" => "src/client/mod.rs".to_owned(),
            name => format!("src/{name}.rs"),
        };
        RustFile::new(path, self.head(lib), vec![own, self.uses(input)])
    }
}

/// The files of the modules, without that of `testing`, which has more.
pub(super) fn files(input: Input<'_>, lib: &str, environments: bool) -> Vec<RustFile<'static>> {
    let client = quote! {
        mod builder;
        pub(crate) mod face;
        mod handle;
        mod headers;
        mod settings;
        pub use builder::{Builder, FieldSelection, PagedOperation};
        pub(crate) use builder::{builder, put_list, put_member, put_query, put_styled};
        pub(crate) use face::Client;
        pub use handle::Handle;
        pub(crate) use handle::{handle, request};
        pub use headers::Headers;
        pub use settings::SETTINGS;
    };
    let unknown = environments.then(|| quote! { pub use crate::environment::UnknownEnvironment; });
    vec![
        CLIENT.file(input, lib, client),
        ERROR.file(input, lib, quote! { #unknown }),
        PAGE.file(input, lib, TokenStream::new()),
        RETRY.file(input, lib, TokenStream::new()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::package::runtime_files::RUNTIME;

    /// The names in the `pub use` of a Rust file, those of a module of its own left out.
    fn exported(text: &str) -> Vec<String> {
        fn leaves(tree: &syn::UseTree, out: &mut Vec<String>) {
            match tree {
                syn::UseTree::Path(path) => leaves(&path.tree, out),
                syn::UseTree::Name(name) => out.push(name.ident.to_string()),
                syn::UseTree::Rename(rename) => out.push(rename.rename.to_string()),
                syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, out)),
                syn::UseTree::Glob(_) => {}
            }
        }
        let mut out = Vec::new();
        for item in syn::parse_file(text).unwrap().items {
            if let syn::Item::Use(of) = item
                && matches!(of.vis, syn::Visibility::Public(_))
            {
                leaves(&of.tree, &mut out);
            }
        }
        out.sort();
        out
    }

    #[test]
    fn every_name_of_the_runtime_has_one_place() {
        let names = all().flat_map(|(_, group)| group.names);
        let mut placed: Vec<String> = names.map(|name| (*name).to_owned()).collect();
        placed.sort();
        let runtime = RUNTIME.iter().find(|(name, _)| *name == "mod.rs").unwrap().1;
        assert_eq!(placed, exported(runtime));
    }
}
