//! Bodies: truncated, compressed, compressed beyond all measure, larger than allowed.

use super::{End, both, harmless, held_back, unseen};
use belvo::ErrorKind;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write;
use tests::sandbox::{Act, Breakage, Reply};

const HUNDRED: u64 = 100 << 20;

#[test]
fn truncated_json_is_an_error_with_its_place_and_not_asked_for_again() {
    for body in ["{\"results\": [{\"id\": ", "", "{", "{\"results\": []}}"] {
        let act = Act::Answer(Reply::text(200, "application/json", body));
        let end = both(&[act], harmless, |outcome, _, _| {
            let error = outcome.as_ref().expect_err("no page");
            assert_eq!(error.fault().map(|f| f.path.as_str()), Some("$"), "{body}: {error}");
            assert_eq!(error.body().as_ref(), body.as_bytes());
        });
        assert_eq!(end, End::failed(ErrorKind::Decode, Some(200), false), "{body}");
    }
}

/// A body as gzip would send it.
fn gzip(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for part in parts {
        encoder.write_all(part.as_ref()).expect("memory");
    }
    encoder.finish().expect("memory")
}

fn compressed(body: Vec<u8>, how: &str) -> Act {
    let reply = Reply::text(200, "application/json", "").header("content-encoding", how);
    Act::Answer(reply.bytes(body))
}

#[test]
fn a_compressed_answer_is_read() {
    let page = json!({"count": 0, "next": null, "previous": null, "results": []}).to_string();
    let end = both(&[compressed(gzip([&page]), "gzip")], harmless, |outcome, sandbox, _| {
        assert_eq!(outcome.as_ref().expect("a page").count, Some(0));
        let accepted = sandbox.seen()[0].header("accept-encoding").map(str::to_owned);
        assert_eq!(accepted.as_deref(), Some("gzip"), "what is asked for is what can be read");
    });
    assert_eq!(end, End::succeeded(200, &[]));
}

#[test]
fn a_compression_nobody_asked_for_is_named() {
    let end = both(&[compressed(vec![0x1b, 0x0e, 0x00], "br")], harmless, |outcome, _, _| {
        let error = outcome.as_ref().expect_err("unreadable");
        assert!(error.to_string().contains("compressed"), "{error}");
    });
    assert_eq!(end, End::failed(ErrorKind::Decode, Some(200), false));
}

#[test]
fn a_broken_compression_is_a_broken_answer() {
    let page = json!({"results": [], "x": "y".repeat(5000)}).to_string();
    let mut half = gzip([&page]);
    half.truncate(half.len() / 2);
    assert_eq!(both(&[compressed(half.clone(), "gzip")], harmless, unseen), End::succeeded(200, &[3]));
    let end = both(&[compressed(half, "gzip")], held_back, unseen);
    assert_eq!(end, End::failed(ErrorKind::MaybeSent, None, true));
}

#[test]
fn a_hundred_megabytes_are_not_read() {
    // Unannounced, announced, and inside a hundred kilobytes of gzip: the limit is one megabyte.
    for breakage in [Breakage::Flood(HUNDRED), Breakage::AnnouncedFlood(HUNDRED)] {
        let end = both(&[Act::Break(breakage)], harmless, |_, _, server| {
            // What was written is what fits into the limit and into the buffers of two sockets.
            assert!(server.flooded() < 24 << 20, "{} bytes of {breakage:?} were taken", server.flooded());
        });
        assert_eq!(end, End::failed(ErrorKind::TooLarge, None, false), "{breakage:?}");
    }
    let chunk = vec![b' '; 1 << 20];
    let bomb = gzip(std::iter::repeat_n(&chunk, 100));
    assert!(bomb.len() < 1 << 19, "{} bytes", bomb.len());
    let end = both(&[compressed(bomb, "gzip")], harmless, unseen);
    assert_eq!(end, End::failed(ErrorKind::TooLarge, None, false));
}

#[test]
fn a_body_at_the_limit_is_read_and_one_byte_more_is_not() {
    let around = "{\"results\": [], \"x\": \"\"}";
    let page = |bytes: usize| around.replace("\"\"", &format!("\"{}\"", "y".repeat(bytes - around.len())));
    for (bytes, kind) in [(1 << 20, None), ((1 << 20) + 1, Some(ErrorKind::TooLarge))] {
        let body = page(bytes);
        assert_eq!(body.len(), bytes);
        let end = both(&[Act::Answer(Reply::text(200, "application/json", &body))], harmless, unseen);
        assert_eq!(end.kind, kind, "{bytes}");
    }
    // An error's body is kept in part, and counts as what it is.
    let reply = Reply::text(400, "application/json", &"[".repeat(600 << 10));
    let end = both(&[Act::Answer(reply)], harmless, |outcome, _, _| {
        assert_eq!(outcome.as_ref().expect_err("refused").body().len(), 256 << 10);
    });
    assert_eq!(end, End::failed(ErrorKind::Status, Some(400), false));
}
