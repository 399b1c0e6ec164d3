//! Where calls go and what they prove: servers and their variables, credentials, token sources.

use crate::Client;
use crate::runtime::{
    Answer, Auth, BoxError, BoxFuture, ClientBuilder, Credentials, EnvironmentNames, ErrorKind, KeyPlace, Operation,
    Recorder, Request, Scheme, Server, Servers, Settings, TokenSource, Value, VirtualClock, decode, now,
};
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::*;

#[test]
fn credentials_follow_the_documents_alternatives() {
    const KEY: Scheme = Scheme::ApiKey(KeyPlace::Header, "X-Key");
    let key = || Credentials::api_key(KeyPlace::Header, "x-key", "k");
    let basic = || Credentials::basic("i", "p");
    const DIGEST: Scheme = Scheme::Unsupported("digest");
    const MINE: Scheme = Scheme::Named("mine", &Scheme::Bearer);
    const TOKEN: Scheme = Scheme::Token("port", &["moor"]);
    let bearer = || Credentials::bearer("t");
    let tests: [(Auth, Credentials, &[&str]); 26] = [
        (Auth::Client, basic().and(key()), &["authorization", "x-key"]),
        (Auth::None, basic(), &[]),
        (Auth::AnyOf(&[&[Scheme::Bearer], &[KEY]]), basic().and(key()), &["x-key"]),
        (Auth::AnyOf(&[&[Scheme::Basic, KEY]]), basic().and(key()), &["authorization", "x-key"]),
        (Auth::AnyOf(&[&[], &[Scheme::Basic]]), basic(), &["authorization"]),
        (Auth::AnyOf(&[&[], &[Scheme::Bearer]]), basic(), &[]),
        // What the caller does not have is not replaced by what nobody asked for.
        (Auth::AnyOf(&[&[Scheme::Bearer]]), basic(), &[]),
        (Auth::AnyOf(&[&[Scheme::Basic, KEY]]), basic(), &[]),
        (Auth::AnyOf(&[&[Scheme::Bearer], &[Scheme::Basic, KEY]]), key(), &[]),
        (Auth::AnyOf(&[&[Scheme::Basic]]), Credentials::none(), &[]),
        // A key of that name is whatever stands in the header.
        (Auth::AnyOf(&[&[Scheme::ApiKey(KeyPlace::Header, "authorization")]]), basic(), &["authorization"]),
        (Auth::AnyOf(&[&[Scheme::ApiKey(KeyPlace::Query, "authorization")]]), basic(), &[]),
        // Nobody has credentials for the one, so the other counts.
        (Auth::AnyOf(&[&[DIGEST], &[KEY]]), basic().and(key()), &["x-key"]),
        (Auth::AnyOf(&[&[DIGEST, KEY], &[Scheme::Basic]]), basic().and(key()), &["authorization"]),
        (Auth::AnyOf(&[&[DIGEST], &[]]), basic(), &[]),
        (Auth::AnyOf(&[&[], &[DIGEST]]), Credentials::none(), &[]),
        // Of several schemes that work alike each has its own; what has no name is for all of them.
        (Auth::AnyOf(&[&[MINE]]), bearer().of_scheme("mine"), &["authorization"]),
        (Auth::AnyOf(&[&[MINE]]), bearer().of_scheme("yours"), &[]),
        (Auth::AnyOf(&[&[MINE]]), bearer(), &["authorization"]),
        (Auth::AnyOf(&[&[MINE], &[KEY]]), bearer().of_scheme("yours").and(key()), &["x-key"]),
        (Auth::AnyOf(&[&[MINE]]), bearer().of_scheme("yours").and(bearer().of_scheme("mine")), &["authorization"]),
        (Auth::AnyOf(&[&[Scheme::Bearer]]), bearer().of_scheme("yours"), &["authorization"]),
        (Auth::AnyOf(&[&[TOKEN]]), bearer(), &["authorization"]),
        (Auth::AnyOf(&[&[TOKEN]]), bearer().of_scheme("port"), &["authorization"]),
        (Auth::AnyOf(&[&[TOKEN]]), bearer().of_scheme("pier"), &[]),
        (Auth::AnyOf(&[&[TOKEN, KEY]]), bearer().and(key()), &["authorization", "x-key"]),
    ];
    for (auth, credentials, expected) in tests {
        let operation: &'static Operation = Box::leak(Box::new(Operation { auth, accept: "", ..Operation::DEFAULT }));
        let client = Client::new("https://h", credentials.clone());
        let headers = Request::new(&client, operation, decode::<Value>).parts().unwrap().headers;
        let names: Vec<_> = headers.keys().map(|n| n.as_str()).filter(|n| *n != "user-agent").collect();
        assert_eq!(names, expected, "{auth:?} {credentials:?}");
    }
    for (auth, credentials) in [
        (Auth::AnyOf(&[&[DIGEST]]), basic().and(key())),
        (Auth::AnyOf(&[&[DIGEST]]), Credentials::none()),
        (Auth::AnyOf(&[&[DIGEST, KEY]]), key()),
        (Auth::AnyOf(&[&[DIGEST], &[KEY]]), basic()),
        (Auth::AnyOf(&[&[KEY], &[DIGEST, Scheme::Basic]]), Credentials::none()),
    ] {
        let operation: &'static Operation = Box::leak(Box::new(Operation { auth, ..Operation::DEFAULT }));
        let parts = |server: Server| {
            let client = Client::new(server, credentials.clone());
            Request::new(&client, operation, decode::<Value>).parts()
        };
        let error = parts("https://h".into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build, "{auth:?}");
        assert!(error.to_string().contains("a security scheme this client does not know: `digest`"), "{error}");
        // A mock asks nobody who they are.
        assert!(parts(Server::without_credentials("mock", "https://mock")).is_ok(), "{auth:?}");
    }
    let client = Client::new("https://h", Credentials::api_key(KeyPlace::Query, "key", "a&b"));
    assert_eq!(get(&client, "x").query("q", 1).request().parts().unwrap().url, "https://h/api/books/x/?q=1&key=a%26b");
    let client = Client::new("https://h", Credentials::bearer("to\nken"));
    assert_eq!(get(&client, "x").request().parts().unwrap_err().kind(), ErrorKind::Build);
    let client = Client::new("https://h", Credentials::basic("a:b", "c"));
    assert_eq!(get(&client, "x").request().parts().unwrap_err().kind(), ErrorKind::Build);
}

/// An operation at these servers.
fn at_servers(servers: Servers, auth: Auth) -> &'static Operation {
    Box::leak(Box::new(Operation { path: "/x", servers, auth, accept: "", ..Operation::DEFAULT }))
}

/// Settings of an API with these servers, and with these paths where it has none.
fn api(servers: &'static [Server], base_paths: &'static [&'static str]) -> &'static Settings {
    let environment = EnvironmentNames { servers, ..Settings::DEFAULT.environment };
    Box::leak(Box::new(Settings { environment, base_paths, ..Settings::DEFAULT }))
}

#[test]
fn an_operation_is_called_at_its_own_servers_or_where_the_caller_says() {
    const LIVE: &[Server] = &[Server::new("live", "https://a.h/v1/"), Server::new("test", "https://t.h/v1")];
    const FILES: &[&str] = &["https://files.h/v9/", "https://b.h"];
    const UP: &[&str] = &["/up/v3"];
    const BOTH: &[&str] = &["https://files.h", "/up"];
    const TEST: &[&str] = &["https://t.h/v1"];
    let (live, open) = (api(LIVE, &[]), api(&[], &["/v2", "/v1"]));
    let build = |settings: &'static Settings, server: Server, urls, own: Option<bool>| {
        let mut builder = ClientBuilder::<Client>::new(settings, server);
        if let Some(own) = own {
            builder = builder.own_servers(own);
        }
        let operation = at_servers(Servers::Only(urls), Auth::None);
        Request::new(&builder.build().unwrap(), operation, decode::<Value>).parts().map(|parts| parts.url)
    };
    let mine = |url: &str| Server::from(url);
    let gate = |host| {
        use crate::runtime::__private::{Position, server_of};
        server_of("gate", &[(Position::Whole, host), (Position::Text, "/gate/v1")])
    };
    let named = |name, url: &'static str| Server::new(name, url);
    for (settings, server, urls, own, expected) in [
        // A client of a server of the document.
        (live, LIVE[0].clone(), FILES, None, "https://files.h/v9/x"),
        (live, LIVE[0].clone(), UP, None, "https://a.h/up/v3/x"),
        (live, LIVE[0].clone(), BOTH, None, "https://files.h/x"),
        (live, LIVE[0].clone(), TEST, None, "https://t.h/v1/x"),
        (live, LIVE[1].clone(), TEST, None, "https://t.h/v1/x"),
        (live, LIVE[0].clone(), FILES, Some(false), "https://a.h/v1/x"),
        (live, mine("HTTPS://A.h:443/v1"), FILES, None, "https://files.h/v9/x"),
        // Another address has everything.
        (live, mine("http://127.0.0.1:8080"), FILES, None, "http://127.0.0.1:8080/x"),
        (live, named("mock", "http://mock/p/"), FILES, None, "http://mock/p/x"),
        (live, mine("http://mock/p"), UP, None, "http://mock/p/up/v3/x"),
        (live, mine("http://mock/p/v1"), UP, None, "http://mock/p/up/v3/x"),
        (live, mine("http://mock"), BOTH, None, "http://mock/up/x"),
        (live, mine("http://mock"), FILES, Some(true), "https://files.h/v9/x"),
        (live, mine("https://b.h/"), FILES, None, "https://b.h/x"),
        // The document leaves the host open: the caller's is only that.
        (open, mine("https://a.h"), FILES, None, "https://files.h/v9/x"),
        (open, mine("https://a.h/p"), UP, None, "https://a.h/p/up/v3/x"),
        (open, mine("https://a.h/p/v1"), UP, None, "https://a.h/p/up/v3/x"),
        (open, mine("https://a.h"), &["/v1/"], None, "https://a.h/v1/x"),
        (open, mine("https://a.h"), FILES, Some(false), "https://a.h/v2/x"),
        // What the caller has named of a server is what is in front of all paths.
        (live, gate("http://h/p"), UP, None, "http://h/p/up/v3/x"),
        (live, gate("http://h/p"), FILES, None, "http://h/p/gate/v1/x"),
        (open, gate("http://h"), FILES, None, "https://files.h/v9/x"),
        // A server without credentials is a mock.
        (open, Server::without_credentials("mock", "https://mock"), FILES, None, "https://mock/x"),
    ] {
        let shown = format!("{server:?} {urls:?} {own:?}");
        assert_eq!(build(settings, server, urls, own).unwrap(), expected, "{shown}");
    }
    for urls in [&["https://{yard}.h"][..], &["wss://a.h"], &["https://a.h/%"]] {
        let error = build(live, LIVE[0].clone(), urls, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        assert!(error.to_string().contains("at a server that cannot be called"), "{error}");
        let client = ClientBuilder::<Client>::new(live, LIVE[0].clone()).build().unwrap();
        let request = Request::new(&client, at_servers(Servers::Only(urls), Auth::None), decode::<Value>);
        assert_eq!(request.server("https://known.h/z").parts().unwrap().url, "https://known.h/z/x");
    }
}

#[test]
fn another_host_gets_credentials_only_where_the_operation_asks_for_them() {
    const LIVE: &[Server] = &[Server::new("live", "https://a.h")];
    let client = ClientBuilder::<Client>::new(api(LIVE, &[]), LIVE[0].clone())
        .credentials(Credentials::basic("i", "p").and(Credentials::api_key(KeyPlace::Query, "key", "k")))
        .header("Cookie", "session=1")
        .header("X-Trace", "7")
        .build()
        .unwrap();
    let sent = |url: &'static [&'static str], auth| {
        let parts = Request::new(&client, at_servers(Servers::Only(url), auth), decode::<Value>).parts().unwrap();
        let names: Vec<_> = parts.headers.keys().map(|n| n.as_str().to_owned()).filter(|n| n != "user-agent").collect();
        (parts.url, names.join(" "))
    };
    let expect = |url: &str, names: &str| (url.to_owned(), names.to_owned());
    const BASIC: Auth = Auth::AnyOf(&[&[Scheme::Basic]]);
    assert_eq!(sent(&["/up"], Auth::Client), expect("https://a.h/up/x?key=k", "authorization cookie x-trace"));
    assert_eq!(sent(&["https://b.h"], Auth::Client), expect("https://b.h/x", "x-trace"));
    assert_eq!(sent(&["https://b.h"], Auth::None), expect("https://b.h/x", "x-trace"));
    assert_eq!(sent(&["https://b.h"], BASIC), expect("https://b.h/x", "authorization cookie x-trace"));
    // Another port is another host, and so is http.
    assert_eq!(sent(&["http://a.h"], Auth::Client), expect("http://a.h/x", "x-trace"));
    // Where the caller names the server of the call, that is the client's for it.
    let request = Request::new(&client, at_servers(Servers::Any, Auth::Client), decode::<Value>);
    let named = request.clone().server("https://c.h").parts().unwrap();
    assert_eq!((named.url.as_str(), named.headers.contains_key("authorization")), ("https://c.h/x?key=k", true));
    let mock = request.server(Server::without_credentials("mock", "https://m.h")).parts().unwrap();
    assert_eq!((mock.url.as_str(), mock.headers.contains_key("authorization")), ("https://m.h/x", false));
}

#[test]
fn the_variables_of_a_server_stay_where_they_are() {
    use crate::runtime::__private::{Position, server_of};
    use Position::{Host, Path, Scheme, Segment, Text, Whole};
    let url = |pieces: &[(Position, &str)]| {
        let client = Client::builder(server_of("main", pieces)).build();
        client.map(|client| get(&client, "x").request().parts().unwrap().url).map_err(|e| (e.kind(), e.to_string()))
    };
    let host = |value: &str| url(&[(Text, "https://"), (Host, value), (Text, ".h/v1")]);
    let path = |position, value: &str| url(&[(Text, "https://h/"), (position, value), (Text, "/v1/")]);
    let behind = "/api/books/x/";
    for (outcome, expected) in [
        (host("eu"), "https://eu.h/v1"),
        (host("a.b-c"), "https://a.b-c.h/v1"),
        (path(Segment, "a b"), "https://h/a%20b/v1"),
        (path(Segment, "a/b?c#d%2e"), "https://h/a%2Fb%3Fc%23d%252e/v1"),
        (path(Path, "a/b c"), "https://h/a/b%20c/v1"),
        (path(Path, ""), "https://h//v1"),
        (url(&[(Whole, "http://h:1/p"), (Text, "/v1")]), "http://h:1/p/v1"),
        (url(&[(Scheme, "http"), (Text, "://h:"), (Host, "81"), (Text, "/")]), "http://h:81"),
    ] {
        assert_eq!(outcome, Ok(format!("{expected}{behind}")));
    }
    let evil =
        ["evil.h/", "evil.h?", "evil.h#", "me@evil.h", "evil.h\\", "evil.h%2f", "evil.h:1", "a b", "é", "evil\n"];
    for outcome in evil.iter().map(|value| host(value)).chain([
        path(Segment, ".."),
        path(Segment, "."),
        path(Path, "a/../b"),
        url(&[(Scheme, "https://evil.h/"), (Text, "://h")]),
        url(&[(Scheme, "ftp"), (Text, "://h")]),
        url(&[(Text, "https://h:"), (Host, "8a"), (Text, "/v1")]),
        url(&[(Whole, "https://me:word@h"), (Text, "/v1")]),
        url(&[(Whole, "https://h?x="), (Text, "/v1")]),
    ]) {
        let (kind, text) = outcome.unwrap_err();
        assert_eq!(kind, ErrorKind::Build, "{text}");
        assert!(!text.contains("evil") && !text.contains("word"), "{text}");
    }
}

/// Counts how often it is asked, and for what.
#[derive(Default)]
struct Counting {
    count: AtomicUsize,
    asked: Mutex<Vec<&'static [&'static str]>>,
}

/// One source that several clients share.
#[derive(Clone, Default)]
struct Shared(Arc<Counting>);

impl TokenSource for Shared {
    fn token<'a>(&'a self, scopes: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>> {
        self.0.asked.lock().unwrap().push(scopes);
        let count = self.0.count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(format!("secret{count}")) })
    }
}

/// Has no token.
struct Empty;

impl TokenSource for Empty {
    fn token<'a>(&'a self, _: &'static [&'static str]) -> BoxFuture<'a, Result<String, BoxError>> {
        Box::pin(std::future::ready(Err("the word is hush".into())))
    }
}

fn scoped(auth: Auth, credentials: Credentials, answers: Vec<Answer>) -> (Request<Value>, Recorder) {
    let recorder = Recorder::answering(answers);
    let client = Client::builder("https://h").credentials(credentials).transport(recorder.clone());
    let client = client.clock(VirtualClock::new()).build().unwrap();
    let operation: &'static Operation =
        Box::leak(Box::new(Operation { auth, retry: crate::runtime::Retry::Idempotent, ..Operation::DEFAULT }));
    (Request::new(&client, operation, decode::<Value>), recorder)
}

#[test]
fn a_token_source_is_asked_before_each_call_and_once_for_its_attempts() {
    const TOKEN: Auth = Auth::AnyOf(&[&[Scheme::Token("port", &["moor", "leave"])]]);
    let source = Shared::default();
    let credentials = Credentials::token(source.clone()).of_scheme("port").and(Credentials::basic("i", "p"));
    let answers = vec![Answer::status(503), Answer::json(200, "{}"), Answer::json(200, "{}")];
    let (request, recorder) = scoped(TOKEN, credentials, answers);
    // Without a call nobody is asked, and there is no request that could be shown.
    let error = request.parts().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build);
    assert!(now(request.clone().raw()).is_ok() && now(request.clone().raw()).is_ok());
    let sent: Vec<String> =
        recorder.requests().iter().map(|r| r.headers["authorization"].to_str().unwrap().to_owned()).collect();
    assert_eq!(sent, ["Bearer secret0", "Bearer secret0", "Bearer secret1"]);
    assert_eq!(*source.0.asked.lock().unwrap(), [&["moor", "leave"][..]; 2]);
    assert!(!format!("{request:?}").contains("secret"));
}

#[test]
fn a_token_source_is_asked_only_where_its_token_goes() {
    for (auth, expected) in [
        (Auth::Client, 1),
        (Auth::None, 0),
        (Auth::AnyOf(&[&[Scheme::Basic], &[Scheme::Token("port", &[])]]), 0),
        (Auth::AnyOf(&[&[Scheme::Bearer]]), 1),
        (Auth::AnyOf(&[&[Scheme::Token("pier", &[])]]), 0),
        (Auth::AnyOf(&[&[Scheme::Unsupported("seal")], &[]]), 0),
    ] {
        let source = Shared::default();
        let credentials = Credentials::token(source.clone()).of_scheme("port").and(Credentials::basic("i", "p"));
        let (request, _) = scoped(auth, credentials, vec![Answer::json(200, "{}")]);
        assert!(now(request.raw()).is_ok(), "{auth:?}");
        assert_eq!(source.0.count.load(Ordering::Relaxed), expected, "{auth:?}");
    }
    let source = Shared::default();
    let (request, _) = scoped(Auth::Client, Credentials::token(source.clone()), vec![Answer::json(200, "{}")]);
    let mock = request.server(Server::without_credentials("mock", "https://m"));
    assert!(mock.parts().is_ok() && now(mock.raw()).is_ok());
    assert_eq!(source.0.count.load(Ordering::Relaxed), 0);
}

#[test]
fn a_call_without_a_token_is_not_made_and_its_error_says_nothing_secret() {
    let (request, recorder) = scoped(Auth::Client, Credentials::token(Empty), vec![Answer::json(200, "{}")]);
    let error = now(request.raw()).unwrap_err();
    assert_eq!((error.kind(), error.may_have_been_sent(), error.attempts()), (ErrorKind::NotSent, false, 0));
    assert!(error.to_string().contains("the token source gave no token"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the word is hush"));
    assert!(recorder.requests().is_empty());
    let bad = Credentials::token("a\nb");
    let (request, _) = scoped(Auth::Client, bad, vec![Answer::json(200, "{}")]);
    assert_eq!(now(request.raw()).unwrap_err().kind(), ErrorKind::Build);
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_calls_ask_a_source_that_can_hold_the_thread() {
    let (request, _) = scoped(Auth::Client, Credentials::token(Shared::default()), Vec::new());
    let error = request.blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent);
    let recorder = Recorder::answering([Answer::json(200, "{}")]);
    let client =
        Client::builder("https://h").credentials(Credentials::token("held")).blocking_transport(recorder.clone());
    let operation: &'static Operation = Box::leak(Box::new(Operation::DEFAULT));
    let request = Request::new(&client.build().unwrap(), operation, decode::<Value>);
    assert!(request.blocking().is_ok());
    assert_eq!(recorder.requests()[0].headers["authorization"], "Bearer held");
}

#[test]
fn pages_of_a_token_source_ask_for_each_page() {
    let source = Shared::default();
    let recorder = Recorder::answering([
        Answer::json(200, r#"{"results":[{"id":"1"}],"next":"/api/books/?page=2"}"#),
        Answer::json(200, r#"{"results":[{"id":"2"}],"next":null}"#),
    ]);
    let builder =
        Client::builder("https://h").credentials(Credentials::token(source.clone())).transport(recorder.clone());
    let client = builder.build().unwrap();
    let operation: &'static Operation = Box::leak(Box::new(Operation { auth: Auth::Client, ..LIST_BOOKS }));
    let mut pages = crate::runtime::Pages::new(Request::new(&client, operation, read_page));
    assert!(now(pages.try_next()).unwrap().is_some() && now(pages.try_next()).unwrap().is_some());
    assert!(now(pages.try_next()).unwrap().is_none());
    let sent: Vec<String> =
        recorder.requests().iter().map(|r| r.headers["authorization"].to_str().unwrap().to_owned()).collect();
    assert_eq!(sent, ["Bearer secret0", "Bearer secret1"]);
}
