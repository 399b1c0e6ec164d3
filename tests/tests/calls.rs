//! Who is told to whom: crates from small documents of ours, compiled, whose own tests look at the requests that their calls
//! make. Beside each document of `fixtures/calls` lies the test that is compiled with its crate.

use generator::{Generated, Inputs};
use tests::alone::Alone;
use tests::place::{root, text};
use tests::run::{file, fixture, generated};

/// Generates the crate of a document.
fn made(name: &str) -> Generated {
    let spec = root().join(format!("tests/fixtures/calls/{name}.yaml"));
    generated(&Inputs { spec, name: Some("fixture".into()), ..Inputs::default() })
}

/// Compiles the crate with warnings denied, and runs the test beside the document and the examples of the crate's documentation.
fn proven(name: &str, run: &Generated) {
    let alone = Alone::new(env!("CARGO_TARGET_TMPDIR"), &format!("calls-{name}"), run);
    alone.add("tests/calls.rs", &text(&root().join(format!("tests/fixtures/calls/{name}.rs"))));
    for what in [&["--test", "calls"][..], &["--doc"]] {
        let output = alone.cargo("test", what, &[]);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name}\n{out}\n{err}");
    }
}

/// What the generator had to say, with places: `code message line:column pointer`.
fn told(run: &Generated) -> String {
    let lines = run.diagnostics.iter().filter(|d| d.code != "N0310").map(|d| {
        let place = d.span.and_then(|span| run.sources.position(span)).map(|p| format!("{}:{}", p.line, p.column));
        let pointer = d.pointer.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {} [{} {pointer}]\n", d.code, d.message, place.unwrap_or_default())
    });
    lines.collect()
}

#[test]
fn calls_have_what_they_ask_for_and_go_where_they_are() {
    let run = made("guarded");
    insta::assert_snapshot!("guarded", told(&run));
    proven("guarded", &run);
}

#[test]
fn a_path_without_a_host_stays_and_what_is_not_secured_gets_nothing() {
    let run = made("partly");
    assert_eq!(told(&run), "");
    for page in ["README.md", "src/lib.rs"] {
        let page = file(&run, page);
        assert!(page.contains("Client::new(\"https://HOST\", "), "{page}");
        assert!(page.contains("your host in place of `HOST`") && page.contains("`/api/v2`"), "{page}");
        assert!(!page.contains("example.com") && !page.contains("which calls need credentials"), "{page}");
    }
    proven("partly", &run);
}

#[test]
fn where_nothing_is_said_of_credentials_they_go_along_and_the_docs_say_so() {
    let run = made("open");
    for page in ["README.md", "src/lib.rs"] {
        let page = file(&run, page);
        assert!(page.contains("does not say which calls need credentials: the client's go along"), "{page}");
        assert!(page.contains("your host in place of `HOST`.") && !page.contains("example.com"), "{page}");
    }
    proven("open", &run);
}

/// A document of OpenAPI 3 with these servers.
fn served(servers: &str) -> Generated {
    fixture(&format!(
        "openapi: 3.0.3\ninfo: {{title: Ferries, version: '1'}}\nservers: {servers}\npaths:\n  /crossings:\n    get: \
         {{operationId: crossings, tags: [ferries], responses: {{'204': {{description: done}}}}}}\n"
    ))
}

#[test]
fn a_page_names_no_host_that_the_document_does_not() {
    let variables = "variables: {v: {default: v3}}";
    for (servers, address, path) in [
        ("[{url: ./api}]", "https://HOST", Some("/api")),
        (&*format!("[{{url: '/{{v}}/api', {variables}}}]"), "https://HOST", Some("/v3/api")),
        ("[{url: /v2}, {url: /v1}]", "https://HOST", Some("/v2")),
        ("[]", "https://HOST", None),
        ("[{url: 'https://{town}.test/x', variables: {town: {default: oban}}}]", "Environment::Production", None),
    ] {
        let run = served(servers);
        for page in ["README.md", "src/lib.rs"] {
            let page = file(&run, page);
            assert!(page.contains(address), "{servers}: {page}");
            assert!(!page.contains("example.com"), "{servers}: {page}");
            if let Some(path) = path {
                assert!(page.contains(&format!("`{path}`")), "{servers}: {page}");
            }
        }
    }
}

#[test]
fn values_are_spelled_as_the_specification_has_it() {
    let run = made("spelled");
    insta::assert_snapshot!("spelled", told(&run));
    proven("spelled", &run);
}
