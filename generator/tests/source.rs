//! What `fetch` follows and what it refuses, as tables; the record of where a document comes from.

use generator::base::FileId;
use generator::base::diagnostic::Diagnostics;
use generator::history::provenance::{From, Source, day, is_day, redirect};
use std::path::PathBuf;

#[test]
fn only_https_is_fetched() {
    let url = |text: &str| Ok(From::Url(text.to_owned()));
    let file = |text: &str| Ok(From::File(PathBuf::from(text)));
    let refused = |why: &str| Err(why.to_owned());
    for (text, expected) in [
        ("https://example.com/spec.json", url("https://example.com/spec.json")),
        ("HTTPS://example.com:8443/a", url("HTTPS://example.com:8443/a")),
        ("spec.json", file("spec.json")),
        ("../shared/a:b.yaml", file("../shared/a:b.yaml")),
        ("c:\\spec.yaml", file("c:\\spec.yaml")),
        ("c://spec.yaml", file("c://spec.yaml")),
        ("http://example.com/", refused("only https")),
        ("ftp://example.com/", refused("only https")),
        ("file:///etc/passwd", refused("only https")),
        ("https://", refused("names no host")),
        ("https:///x", refused("names no host")),
        ("https://exa mple.com/", refused("names no host")),
        ("https://user:word@example.com/", refused("holds credentials")),
    ] {
        match (From::read(text), expected) {
            (Err(found), Err(why)) => assert!(found.contains(&why), "{text}: {found}"),
            (found, expected) => assert_eq!(found, expected, "{text}"),
        }
    }
}

#[test]
fn redirects_stay_on_the_host() {
    let from = "https://docs.example.com/a/spec.json?x=1";
    for (location, to) in [
        ("https://docs.example.com/b.json", "https://docs.example.com/b.json"),
        ("https://DOCS.example.com:443/b.json", "https://DOCS.example.com:443/b.json"),
        ("//docs.example.com/b.json", "https://docs.example.com/b.json"),
        ("/b.json", "https://docs.example.com/b.json"),
        ("b.json", "https://docs.example.com/a/b.json"),
        (" /b.json ", "https://docs.example.com/b.json"),
    ] {
        assert_eq!(redirect(from, location).as_deref(), Ok(to), "{location}");
    }
    for (location, why) in [
        ("http://docs.example.com/b.json", "which is not https"),
        ("https://example.com/b.json", "another host, `example.com`"),
        ("https://docs.example.com.evil.test/", "another host"),
        ("https://docs.example.com:8443/", "another host"),
        ("//evil.test/x", "another host, `evil.test`"),
        ("https://docs.example.com@evil.test/", "holds credentials"),
        ("javascript://docs.example.com/x", "which is not https"),
    ] {
        let refused = redirect(from, location).expect_err(location);
        assert!(refused.contains(why), "{location}: {refused}");
    }
    assert_eq!(redirect("https://a.test", "b").as_deref(), Ok("https://a.test/b"));
    assert_eq!(redirect("https://a.test", "/b").as_deref(), Ok("https://a.test/b"));
}

#[test]
fn days() {
    for (seconds, text) in [
        (0, "1970-01-01"),
        (951_782_399, "2000-02-28"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_798_761_599, "2026-12-31"),
        (4_107_542_400, "2100-03-01"),
    ] {
        assert_eq!(day(seconds), text);
        assert!(is_day(text));
    }
    for wrong in
        ["", "2026-4-23", "2026-13-01", "2026-00-10", "2026-01-32", "23.04.2026", "2026-04-23T00", "2026-04-23-1"]
    {
        assert!(!is_day(wrong), "{wrong}");
    }
}

#[test]
fn the_record_is_read_back_and_broken_ones_are_told() {
    let source = Source {
        source: "https://example.com/\"spec\".json".into(),
        date: "2026-04-23".into(),
        version: "1.2".into(),
        hash: "ab".into(),
    };
    let told = |text: &str| {
        let mut out = Diagnostics::new();
        let read = Source::parse(text, FileId(0), &mut out);
        (read, out.iter().map(|d| format!("{}: {}", d.code, d.message)).collect::<Vec<_>>())
    };
    assert_eq!(told(&source.print()), (source.clone(), Vec::new()));
    for (from, to, expected) in [
        ("date = ", "day = ", "E0908: the provenance has no text `date`"),
        ("\"2026-04-23\"", "\"23 April\"", "E0908: `23 April` is no day of the form `2026-04-23`"),
        ("\"1.2\"", "1.2", "E0908: the provenance has no text `version`"),
        ("hash =", "mood = \"x\"\nhash =", "E0908: the provenance has an unknown key `mood`"),
        ("hash =", "hash", "E0908: the provenance is no valid TOML"),
    ] {
        let (_, messages) = told(&source.print().replace(from, to));
        assert!(messages.iter().any(|m| m.starts_with(expected)), "{from}: {messages:?}");
    }
}
