//! A server on loopback over plain HTTP and over TLS, with a certificate authority made for it: what a client of a generated
//! crate, and any other beside it, fetches from.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// The server; it ends with the process.
#[derive(Debug)]
pub struct Loopback {
    /// `http://localhost:PORT`.
    pub http: String,
    /// `https://localhost:PORT`.
    pub https: String,
    /// The same, for clients that prove their identity by a certificate of the same authority.
    pub guarded: String,
    /// The authority's certificate, in PEM: who trusts it trusts the server.
    pub authority: String,
    /// A client's certificate of this authority and its key, in PEM.
    pub identity: (String, String),
}

impl Loopback {
    /// Starts it: every request gets `body`, as JSON.
    pub fn start(body: &'static str) -> Self {
        let named = |name: &str, names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let mut params = CertificateParams::new(names).expect("names");
            params.distinguished_name.push(DnType::CommonName, name);
            params
        };
        let mut authority = named("Authority of a test", &[]);
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let own = authority.self_signed(&key).expect("a certificate");
        let issuer = Issuer::new(authority, key);
        let issued = |name: &str| {
            let key = KeyPair::generate().expect("a key");
            (named(name, &[name]).signed_by(&key, &issuer).expect("a certificate"), key)
        };
        let ((certificate, key), (client, client_key)) = (issued("localhost"), issued("client"));

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(own.der().clone()).expect("an authority");
        let guard = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
        let guard = guard.expect("a verifier");
        let secured = |guard: Option<Arc<dyn ClientCertVerifier>>| {
            let config =
                ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
            let guard = guard.unwrap_or_else(WebPkiClientVerifier::no_client_auth);
            let config = config.expect("versions").with_client_cert_verifier(guard);
            let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
            let config = Arc::new(config.with_single_cert(vec![certificate.der().clone()], private).expect("a pair"));
            let port = listen(move |stream| {
                let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
                answer(StreamOwned::new(connection, stream), body);
            });
            format!("https://localhost:{port}")
        };
        let (https, guarded) = (secured(None), secured(Some(guard)));
        let http = format!("http://localhost:{}", listen(move |stream| answer(stream, body)));
        Self { http, https, guarded, authority: own.pem(), identity: (client.pem(), client_key.serialize_pem()) }
    }
}

/// Takes connections, each in a thread of its own; the port.
fn listen(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    port
}

/// One request, one answer. Who breaks off has seen what there was to see.
fn answer(mut stream: impl Read + Write, body: &str) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.extend_from_slice(&byte),
            _ => return,
        }
    }
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = stream.write_all((head + body).as_bytes()).and_then(|()| stream.flush());
}
