//! Small documents → where calls go and what they prove, with what there is to say about it.

use generator::base::diagnostic::Diagnostics;
use generator::document::load::load_str;
use generator::document::normalize::normalize;
use generator::ir::{Api, Piece, Position, Requirement, Server, Servers};
use generator::lower::{Selection, lower};

/// The API of a document behind `openapi`, and the codes of what was said with their pointers.
fn api(document: &str, only: &[&str]) -> (Api, Vec<String>) {
    let text = format!("openapi: 3.1.0\ninfo: {{title: Piers, version: '1'}}\n{document}");
    let mut diagnostics = Diagnostics::new();
    let document = load_str("piers.yaml", &text, &mut diagnostics).expect("it is read");
    let root = normalize(document.root, &[], None, &mut diagnostics).root;
    let selection = Selection { only: only.iter().map(|s| (*s).to_owned()).collect(), ..Selection::default() };
    let api = lower(&root, &selection, &mut diagnostics).api;
    let told = diagnostics.iter().map(|d| {
        assert!(d.span.is_some(), "{}", d.message);
        let pointer = d.pointer.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {pointer} {}", d.code, d.message)
    });
    (api, told.collect())
}

/// `pier`, with what stands beside its responses.
fn pier(own: &str) -> String {
    format!("paths: {{/pier: {{get: {{operationId: pier, {own} responses: {{'204': {{description: done}}}}}}}}}}\n")
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn where_in_an_address_a_variable_is_decides_what_it_may_hold() {
    use Position::{Host, Path, Scheme, Segment, Whole};
    for (url, defaults, expected) in [
        ("{s}://{h}:{p}/{v}", &["https", "a.test", "1", "v1"][..], &[Scheme, Host, Host, Segment][..]),
        ("https://{h}{b}/x", &["a.test", "/v1"], &[Host, Path]),
        ("https://{h}/{b}", &["a.test", "api/v1"], &[Host, Path]),
        ("https://{h}/{b}", &["a.test", ""], &[Host, Path]),
        ("https://{h}/x", &["a.test/y"], &[Whole]),
        ("{b}/v1", &["https://a.test"], &[Whole]),
        ("{b}/{v}", &["https://a.test", "v1"], &[Whole, Segment]),
        ("{b}/v1", &["/api"], &[Path]),
        ("/{t}/v1", &["acme"], &[Segment]),
        ("https://{t}.a.test/{t}", &["acme"], &[Host, Segment]),
    ] {
        let names: Vec<&str> = url.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let mut variables: Vec<String> = Vec::new();
        for (name, default) in names.iter().zip(defaults) {
            variables.push(format!("{name}: {{default: '{default}'}}"));
        }
        let servers = format!("[{{url: '{url}', variables: {{{}}}}}]", variables.join(", "));
        let (api, _) = api(&format!("servers: {servers}\n{}", pier("")), &[]);
        let found: Vec<Position> = api.servers[0]
            .pieces()
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Variable(_, position) => Some(position),
                Piece::Text(_) => None,
            })
            .collect();
        assert_eq!(found, expected, "{url}");
    }
}

#[test]
fn servers_without_a_host_are_paths_and_others_are_whole_or_said() {
    // Servers of the document; those that can be named; the paths behind the caller's host; what is said.
    type Case = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);
    let cases: &[Case] = &[
        ("[{url: /api/v2}]", &[], &["/api/v2"], &[]),
        ("[{url: api/v2/}]", &[], &["/api/v2"], &[]),
        ("[{url: ./api}]", &[], &["/api"], &[]),
        ("[{url: ../../api?x=1}]", &[], &["/api"], &[]),
        ("[{url: '/{v}/api', variables: {v: {default: v3}}}]", &[], &["/v3/api"], &[]),
        ("[{url: /v2}, {url: /v1}]", &[], &["/v2", "/v1"], &[]),
        ("[{url: /}]", &[], &[], &[]),
        ("[{url: .}]", &[], &[], &[]),
        ("[{url: ''}, {url: /v1}]", &[], &[], &[]),
        ("[]", &[], &[], &[]),
        ("[{url: 'https://a.test/v1'}, {url: 'HTTP://b.test'}]", &["https://a.test/v1", "HTTP://b.test"], &[], &[]),
        ("[{url: //a.test/v1}]", &["https://a.test/v1"], &[], &[]),
        ("[{url: 'https://a.test'}, {url: /v1}]", &["https://a.test"], &[], &[]),
        (
            "[{url: 'https://{town}.test/{v}', variables: {v: {default: 2}, town: {enum: [a, b, a]}}}]",
            &["https://a.test/2"],
            &[],
            &["W0330 #/servers/0/variables/town the variable `town` has no default: `a`"],
        ),
        (
            "[{url: 'https://{town}.test', variables: {town: {default: c, enum: [a, b]}, unused: {default: x}}}]",
            &["https://c.test"],
            &[],
            &[
                "W0330 #/servers/0/variables/town the default `c` of the variable `town` is none of its values",
                "N0332 #/servers/0/variables/unused the variable `unused` is not in the address",
            ],
        ),
        ("[{url: '{base}/v1', variables: {base: {default: /api}}}]", &[], &["/api/v1"], &[]),
        ("[{url: '../{v}', variables: {v: {default: /api}}}]", &[], &["/api"], &[]),
        ("[{url: '{base}/v1', variables: {base: {default: 'http://a.test'}}}]", &["http://a.test/v1"], &[], &[]),
        ("[{url: '//{h}/v1', variables: {h: {default: a.test}}}]", &["https://a.test/v1"], &[], &[]),
        (
            "[{url: 'https://a.test', variables: 7}]",
            &["https://a.test"],
            &[],
            &["W0312 #/servers/0/variables `variables` cannot be"],
        ),
        (
            "[{url: 'https://{town}.test'}]",
            &[],
            &[],
            &["N0322 #/servers/0 server `https://{town}.test` has a variable"],
        ),
        ("[{url: '/{town}/v1'}]", &[], &[], &["N0322 #/servers/0 server `/{town}/v1` has a variable"]),
        ("[{url: 'wss://a.test'}]", &[], &[], &["N0322 #/servers/0 server `wss://a.test` is neither http nor https"]),
        ("[{url: a.test/v1}]", &[], &[], &["N0322 #/servers/0 server `a.test/v1` has a host and no scheme"]),
        ("[{url: 'localhost:8080'}]", &[], &[], &["N0322 #/servers/0 server `localhost:8080` has a host"]),
        ("[{description: no url}]", &[], &[], &["W0312 #/servers/0 a server without"]),
        ("/v1", &[], &[], &["W0312 #/servers `servers` cannot be"]),
    ];
    for (servers, whole, paths, expected) in cases {
        let (api, told) = api(&format!("servers: {servers}\n{}", pier("")), &[]);
        let found: Vec<String> = api.servers.iter().filter(|s| s.is_whole()).map(Server::address).collect();
        assert_eq!((found, api.base_paths()), (owned(whole), owned(paths)), "{servers}");
        assert_eq!(told.len(), expected.len(), "{servers} {told:?}");
        for (said, expected) in told.iter().zip(*expected) {
            assert!(said.starts_with(expected), "{servers} {said}");
        }
    }
}

#[test]
fn an_operation_is_at_the_servers_of_the_document_or_it_is_said_where() {
    let only = |urls: &[&str]| Some(owned(urls));
    for (document, own, expected, code) in [
        ("[{url: 'https://a.test/v1'}]", "[{url: 'https://a.test/v1/'}]", None, ""),
        ("[{url: 'https://a.test'}]", "[{url: 'HTTPS://A.test:443'}]", None, ""),
        ("[{url: 'https://a.test'}]", "[{url: 'https://b.test'}, {url: 'https://a.test'}]", None, ""),
        ("[{url: /v1}]", "[{url: /v1/}]", None, ""),
        ("[{url: /v1}]", "[{url: './v1'}]", None, ""),
        ("[]", "[{url: /}]", None, ""),
        ("[{url: 'https://a.test'}]", "[]", None, ""),
        ("[{url: 'https://a.test'}]", "[{url: 'http://a.test'}]", only(&["http://a.test"]), ""),
        ("[{url: 'https://a.test'}]", "[{url: 'https://a.test/v1'}]", only(&["https://a.test/v1"]), ""),
        ("[{url: 'https://a.test/v1'}]", "[{url: /v1}]", only(&["/v1"]), ""),
        ("[{url: /v1}]", "[{url: /v2}]", only(&["/v2"]), ""),
        ("[]", "[{url: 'https://a.test'}]", only(&["https://a.test"]), ""),
        (
            "[{url: 'https://a.test'}]",
            "[{url: 'https://{x}.test', variables: {x: {default: b}}}, {url: 'https://{y}.test'}]",
            only(&["https://b.test"]),
            "",
        ),
        ("[{url: 'https://a.test'}]", "[{url: 'https://{y}.test'}]", only(&["https://{y}.test"]), "W0321"),
        ("[{url: 'https://a.test'}]", "[{url: 'wss://a.test'}]", only(&["wss://a.test"]), "W0321"),
        (
            "[{url: 'https://a.test'}, {url: 'https://b.test'}]",
            "[{url: 'https://b.test'}]",
            only(&["https://b.test"]),
            "N0333",
        ),
    ] {
        let (api, told) = api(&format!("servers: {document}\n{}", pier(&format!("servers: {own},"))), &[]);
        let found = match &api.operations[0].servers {
            Servers::Any => None,
            Servers::Only(servers) => Some(servers.iter().map(Server::address).collect::<Vec<_>>()),
        };
        assert_eq!(found, expected, "{document} {own}");
        let said: Vec<&str> =
            told.iter().filter_map(|t| t.split_once(" #/paths/~1pier/get/servers ")).map(|t| t.0).collect();
        assert_eq!(said.concat(), code, "{document} {own} {told:?}");
    }
}

const TWO: &str = "paths:
  /open: {get: {operationId: open, tags: [open], responses: {'204': {description: done}}}}
  /shut: {get: {operationId: shut, tags: [shut], SECURITY responses: {'204': {description: done}}}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: key}, seal: {type: http, scheme: digest}}}
";

#[test]
fn a_document_that_secures_some_operations_secures_no_others() {
    let none: Option<Vec<Vec<Requirement>>> = Some(Vec::new());
    for (root, own, expected) in [
        ("", "security: [{key: []}],", none.clone()),
        ("", "security: [{}, {key: []}],", none.clone()),
        ("", "security: [{seal: []}],", none.clone()),
        // Nothing is secured: it is left open who may call.
        ("", "", None),
        ("", "security: [],", None),
        ("", "security: [{}],", None),
        ("security: []\n", "security: [{key: []}],", none.clone()),
        (
            "security: [{key: []}]\n",
            "security: [],",
            Some(vec![vec![Requirement { scheme: "key".to_owned(), scopes: Vec::new() }]]),
        ),
    ] {
        let document = format!("{root}{}", TWO.replace("SECURITY", own));
        assert_eq!(api(&document, &[]).0.operations[0].security, expected, "{root}{own}");
        // What was not selected counts too.
        assert_eq!(api(&document, &["open"]).0.operations[0].security, expected, "{root}{own}");
    }
}

#[test]
fn a_scheme_that_nobody_has_is_said_once_where_it_matters() {
    for (root, own, expected) in [
        (
            "",
            "security: [{seal: []}],",
            "W0320 #/components/securitySchemes/seal security scheme `seal` (http digest) is not supported: calls of `shut` fail",
        ),
        ("security: [{seal: []}]\n", "", "calls of `open` and 1 more fail when they are built"),
        (
            "security: [{ghost: []}]\n",
            "",
            "W0320 #/security/0/ghost security scheme `ghost` is not declared: calls of `open` and 1 more fail",
        ),
        ("security: [{ghost: []}]\n", "security: [{key: []}],", "calls of `open` fail"),
        (
            "",
            "security: [{ghost: []}, {key: []}],",
            "W0320 #/paths/~1shut/get/security/0/ghost security scheme `ghost` is not declared: the other alternatives are left",
        ),
        ("", "security: [{key: []}, {seal: [], key: []}],", "the other alternatives are left"),
        ("", "security: [{key: []}],", ""),
        ("", "security: {key: []},", "W0312 #/paths/~1shut/get/security `security` cannot be"),
        ("", "security: [key],", "W0312 #/paths/~1shut/get/security/0 an alternative of `security` cannot be"),
    ] {
        let (_, told) = api(&format!("{root}{}", TWO.replace("SECURITY", own)), &[]);
        match told.as_slice() {
            [] => assert_eq!(expected, ""),
            [one] => assert!(!expected.is_empty() && one.contains(expected), "{one}"),
            more => panic!("{more:?}"),
        }
        // Nobody who selects the other operation has to know, unless it is asked for there.
        let (_, told) = api(&format!("{root}{}", TWO.replace("SECURITY", own)), &["open"]);
        assert_eq!(told.len(), usize::from(root.contains("seal") || root.contains("ghost")), "{told:?}");
    }
}
