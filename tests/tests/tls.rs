//! The TLS features of a generated crate beside other users of reqwest: features of one crate add up over a whole program, so what ours
//! turn on is turned on for everybody. A program with a reqwest of its own is built with every choice of both, makes a plain client
//! and fetches from loopback, over TLS where it has chosen any.
//!
//! Two builds, of the pairs that had faults, unless `TLS=all` (or `cargo xtask ci --deep`) asks for every pair, or `TLS=rustls/none,both/none` for some: each takes as long
//! as reqwest and rustls take to compile.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::place::{root, text};
use tests::run::generated;
use tests::skips::{is_deep, skip};
use tests::tls::Loopback;

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /order:
    get:
      operationId: getOrder
      tags: [Orders]
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
components: {schemas: {Order: {type: object, required: [id], properties: {id: {type: string}}}}}
";

/// What the generated crate has, what the program's own reqwest has, and whether every run tries the two together.
const PAIRS: &[(&str, &str, bool)] = &[
    ("rustls", "none", false),
    ("rustls", "default", false),
    ("rustls", "native-tls", false),
    ("rustls", "no-provider", true),
    ("native-tls", "none", false),
    ("native-tls", "default", true),
    ("native-tls", "native-tls", false),
    ("native-tls", "no-provider", false),
    ("none", "none", false),
    ("none", "default", false),
    ("none", "native-tls", false),
    ("none", "no-provider", false),
    ("both", "none", false),
    ("both", "native-tls", false),
    ("default", "default", false),
];

/// The program with the generated crate beside it, below the build directory.
fn program() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tls-beside");
    let spec = dir.join("shop.yaml");
    fs::create_dir_all(dir.join("src")).expect("mkdir");
    fs::write(&spec, DOCUMENT).expect("write");
    let run = generated(&generator::Inputs { spec, name: Some("shop".into()), ..Default::default() });
    let manifest = generator::emit::Manifest::new(run.provenance.clone(), &run.files);
    generator::emit::write(&dir.join("shop"), &run.files, &manifest).unwrap_or_else(|d| panic!("{}", d.message));
    let fixture = root().join("tests/fixtures/tls");
    for (from, to) in [("Cargo.toml", "Cargo.toml"), ("main.rs", "src/main.rs")] {
        fs::write(dir.join(to), text(&fixture.join(from))).expect("write");
    }
    // The versions that the workspace has; cargo takes out what is not needed.
    fs::copy(root().join("Cargo.lock"), dir.join("Cargo.lock")).expect("copy");
    dir
}

#[test]
fn a_plain_client_of_others_works_beside_every_choice_of_ours() {
    // Only there do the certificates of the machine follow an environment variable.
    if !cfg!(target_os = "linux") {
        skip("on this system no program can be told which certificates the machine has");
        return;
    }
    let server = Loopback::start("{\"id\": \"o-1\"}");
    let dir = program();
    let authority = dir.join("authority.pem");
    fs::write(&authority, &server.authority).expect("write");
    let mut asked = env::var("TLS").unwrap_or_default();
    if asked.is_empty() && is_deep("most pairs of TLS features") {
        asked = "all".to_owned();
    }
    let native = Command::new("pkg-config").args(["--exists", "openssl"]).status().is_ok_and(|status| status.success());
    for (ours, own, always) in PAIRS {
        let pair = format!("{ours}/{own}");
        let wanted = if asked.is_empty() { *always } else { asked == "all" || asked.split(',').any(|one| one == pair) };
        if !wanted {
            continue;
        }
        if !native && (*own == "native-tls" || ["native-tls", "both"].contains(ours)) {
            skip(&format!("{ours} beside {own}, which needs the system's TLS library (Debian: libssl-dev)"));
            continue;
        }
        // Dependencies that the workspace has already built with the same features, aws-lc above all, are not built again.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the build directory");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&dir).args(["build", "--quiet", "--features", &format!("ours-{ours},own-{own}")]);
        cargo.env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
        cargo.env_remove("CARGO_MANIFEST_DIR").env("CARGO_TERM_COLOR", "never");
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{ours} beside {own}: {}", String::from_utf8_lossy(&output.stderr));

        let mut program = Command::new(target.join("debug/tls-beside"));
        program.args([&server.http, &server.https]).env("RUST_BACKTRACE", "0");
        program.env("SSL_CERT_FILE", &authority).env_remove("SSL_CERT_DIR");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            program.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        let output = program.output().expect("it runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{ours} beside {own}: {out}{err}");
        let body = "{\"id\": \"o-1\"}";
        let expected = format!("own: {body}\nours: o-1\nours, blocking: o-1\nown, again: {body}\n");
        assert_eq!(out, expected, "{ours} beside {own}");
    }
}
