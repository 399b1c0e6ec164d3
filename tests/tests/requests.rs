//! The exact requests: of all operations as a snapshot, and those of the reference page byte for byte.

use belvo::client::Parts;
use belvo::testing::{operations, requests};
use belvo::{Client, Credentials, Environment};
use std::fmt::Write;

fn client(environment: Environment) -> Client {
    let builder = Client::builder(environment).credentials(Credentials::basic("username", "password"));
    builder.user_agent("test (1)").build().expect("a client")
}

/// A request as lines: what the operation makes of it, without what every request carries.
fn lines(parts: &Parts) -> String {
    let mut out = String::new();
    let path = parts.url.strip_prefix("https://sandbox.belvo.com").expect("the sandbox");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let _ = writeln!(out, "  {} {path}", parts.method);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let _ = writeln!(out, "  ? {pair}");
    }
    for (name, value) in &parts.headers {
        if !["user-agent", "authorization", "accept"].contains(&name.as_str()) {
            let _ = writeln!(out, "  {name}: {}", value.to_str().expect("text"));
        }
    }
    assert_eq!(parts.headers["accept"], "application/json");
    assert_eq!(parts.headers["authorization"], "Basic dXNlcm5hbWU6cGFzc3dvcmQ=");
    if !parts.body.is_empty() {
        let _ = writeln!(out, "  {}", spread(std::str::from_utf8(&parts.body).expect("text")));
    }
    out
}

/// JSON over several lines, its members in the order in which they are sent.
fn spread(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 1;
    let mut quoted = false;
    let mut escaped = false;
    let mut open = false;
    for c in json.chars() {
        let closes = !quoted && matches!(c, '}' | ']');
        if open && !closes {
            depth += 1;
        }
        if closes && !open {
            depth -= 1;
        }
        if (open || closes) && open != closes {
            let _ = write!(out, "\n{}", "  ".repeat(depth));
        }
        open = !quoted && matches!(c, '{' | '[');
        out.push(c);
        if !quoted && c == ',' {
            let _ = write!(out, "\n{}", "  ".repeat(depth));
        } else if !quoted && c == ':' {
            out.push(' ');
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}

#[test]
fn all_requests_are_the_ones_we_know() {
    let mut out = String::new();
    let mut tag = "";
    for sample in requests(&client(Environment::Sandbox)) {
        let operation = operations().iter().find(|o| o.id == sample.operation).expect("an operation");
        if operation.tag != tag {
            tag = operation.tag;
            let _ = writeln!(out, "== {tag}");
        }
        let _ =
            writeln!(out, "{} {}", operation.id, if sample.full { "with everything" } else { "as short as can be" });
        match &sample.parts {
            Ok(parts) => out.push_str(&lines(parts)),
            Err(error) => panic!("{}: {error}", operation.id),
        }
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("requests", out);
    });
}

#[test]
fn every_operation_is_asked_at_its_own_place() {
    let samples = requests(&client(Environment::Sandbox));
    for operation in operations() {
        for full in [false, true] {
            let mut of = samples.iter().filter(|s| s.operation == operation.id && s.full == full);
            let (sample, more) = (of.next(), of.next());
            let parts = sample.unwrap_or_else(|| panic!("{}", operation.id)).parts.as_ref().expect("a request");
            assert!(more.is_none(), "{}", operation.id);
            assert_eq!(parts.method, operation.method);
            let path = parts.url.strip_prefix("https://sandbox.belvo.com").expect("the sandbox");
            let path = path.split('?').next().unwrap_or_default();
            let (path, template): (Vec<_>, Vec<_>) = (path.split('/').collect(), operation.path.split('/').collect());
            assert_eq!(path.len(), template.len(), "{}: {path:?}", operation.id);
            for (segment, template) in path.iter().zip(&template) {
                let fits = if template.starts_with('{') { !segment.is_empty() } else { segment == template };
                assert!(fits, "{}: {segment} for {template}", operation.id);
            }
        }
    }
    assert_eq!(samples.len(), 2 * 148);
}

/// The requests of the page: POST, GET and DELETE on financial statements.
fn of_the_page(client: &Client) -> [Parts; 3] {
    const STATEMENT: &str = "0d3ffb69-f83b-456e-ad8e-208d0998d71d";
    let statements = client.financial_statements();
    let post = statements.retrieve("c81a1dea-6dd6-4999-8b9f-541ee8197058").fields(["string"]).omit(["string"]);
    let get = statements.get(STATEMENT).fields(["string"]).omit(["string"]);
    [
        post.save_data(true).asynchronous().parts().expect("a request"),
        get.request().parts().expect("a request"),
        statements.delete(STATEMENT).request().parts().expect("a request"),
    ]
}

#[test]
fn the_page_s_requests_go_to_the_sandbox_byte_for_byte() {
    let [post, get, delete] = of_the_page(&client(Environment::Sandbox));
    assert_eq!(
        String::from_utf8_lossy(&post.to_wire()),
        "POST /api/financial-statements/?fields=string,id&omit=string HTTP/1.1\r\n\
         host: sandbox.belvo.com\r\n\
         accept: application/json\r\n\
         content-type: application/json\r\n\
         user-agent: test (1)\r\n\
         authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=\r\n\
         x-belvo-request-mode: async\r\n\
         content-length: 64\r\n\
         \r\n\
         {\"link\":\"c81a1dea-6dd6-4999-8b9f-541ee8197058\",\"save_data\":true}"
    );
    assert_eq!(
        String::from_utf8_lossy(&get.to_wire()),
        "GET /api/financial-statements/0d3ffb69-f83b-456e-ad8e-208d0998d71d/?fields=string,id&omit=string HTTP/1.1\r\n\
         host: sandbox.belvo.com\r\n\
         accept: application/json\r\n\
         user-agent: test (1)\r\n\
         authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=\r\n\
         \r\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&delete.to_wire()),
        "DELETE /api/financial-statements/0d3ffb69-f83b-456e-ad8e-208d0998d71d/ HTTP/1.1\r\n\
         host: sandbox.belvo.com\r\n\
         accept: application/json\r\n\
         user-agent: test (1)\r\n\
         authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=\r\n\
         \r\n"
    );
}

#[test]
fn the_page_s_requests_go_to_the_mock_without_credentials() {
    let [post, get, delete] = of_the_page(&client(Environment::Portal));
    assert_eq!(
        String::from_utf8_lossy(&post.to_wire()),
        "POST /_mock/apis/belvoopenapispec/api/financial-statements/?fields=string,id&omit=string HTTP/1.1\r\n\
         host: developers.belvo.com\r\n\
         accept: application/json\r\n\
         content-type: application/json\r\n\
         user-agent: test (1)\r\n\
         x-belvo-request-mode: async\r\n\
         content-length: 64\r\n\
         \r\n\
         {\"link\":\"c81a1dea-6dd6-4999-8b9f-541ee8197058\",\"save_data\":true}"
    );
    let base = "https://developers.belvo.com/_mock/apis/belvoopenapispec";
    let place = "api/financial-statements/0d3ffb69-f83b-456e-ad8e-208d0998d71d/";
    assert_eq!(get.url, format!("{base}/{place}?fields=string,id&omit=string"));
    assert_eq!(delete.url, format!("{base}/{place}"));
    for parts in [get, delete] {
        let names: Vec<&str> = parts.headers.keys().map(|name| name.as_str()).collect();
        assert_eq!(names, ["accept", "user-agent"]);
    }
}

#[test]
fn no_request_takes_credentials_to_the_mock() {
    for sample in requests(&client(Environment::Portal)) {
        let parts = sample.parts.expect("a request");
        assert!(parts.url.starts_with("https://developers.belvo.com/_mock/apis/belvoopenapispec/"), "{}", parts.url);
        assert!(!parts.headers.contains_key("authorization"), "{}", sample.operation);
        let wire = String::from_utf8_lossy(&parts.to_wire()).into_owned();
        assert!(!wire.contains("dXNlcm5hbWU6cGFzc3dvcmQ="), "{}", sample.operation);
    }
}

#[test]
fn a_prefix_of_the_base_url_stays() {
    let credentials = Credentials::basic("username", "password");
    let client =
        Client::builder("https://proxy.example.com/belvo/v1/").credentials(credentials).build().expect("a client");
    let parts = client.links().list().request().parts().expect("a request");
    assert_eq!(parts.url, "https://proxy.example.com/belvo/v1/api/links/");
}
