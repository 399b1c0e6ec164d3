//! `fetch URL`, with the feature `fetch`: the bytes behind an https address, within the limits.
//!
//! What may be followed is decided in `generator::history::provenance`; nothing else of the program knows a network.

use generator::history::provenance::{LIMITS, redirect};
use std::io::Read as _;
use std::time::Duration;
use ureq::http::header::{CONTENT_LENGTH, LOCATION};

/// Fetches a document.
///
/// # Errors
///
/// Why there is none, in a sentence.
pub(crate) fn download(url: &str) -> Result<Vec<u8>, String> {
    let agent = ureq::Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(LIMITS.seconds)))
        .user_agent(concat!("cargo-xtask-fetch/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let mut at = url.to_owned();
    for _ in 0..=LIMITS.redirects {
        let mut response = agent
            .get(&at)
            .header("accept", "application/json, application/yaml, */*;q=0.5")
            .call()
            .map_err(|e| words(&at, &e))?;
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        match status {
            200 => {
                if header(CONTENT_LENGTH).and_then(|n| n.parse::<u64>().ok()).is_some_and(|n| n > LIMITS.bytes) {
                    return Err(too_large(&at));
                }
                let mut bytes = Vec::new();
                // One byte more than allowed tells a document of just that size from a longer one.
                let body = response.body_mut().with_config().limit(LIMITS.bytes + 1).reader();
                body.take(LIMITS.bytes + 1)
                    .read_to_end(&mut bytes)
                    .map_err(|e| format!("the answer of `{at}` ended early: {}", e.to_string().to_lowercase()))?;
                if u64::try_from(bytes.len()).is_ok_and(|n| n > LIMITS.bytes) {
                    return Err(too_large(&at));
                }
                return Ok(bytes);
            }
            301 | 302 | 303 | 307 | 308 => {
                let location = header(LOCATION).ok_or_else(|| format!("`{at}` redirects without saying where to"))?;
                at = redirect(&at, &location)?;
            }
            _ => return Err(format!("`{at}` answers with status {status}")),
        }
    }
    Err(format!("`{url}` redirects more than {} times", LIMITS.redirects))
}

fn too_large(url: &str) -> String {
    format!("`{url}` sends more than {} MB", LIMITS.bytes >> 20)
}

fn words(url: &str, error: &ureq::Error) -> String {
    let host = url.get(8..).and_then(|rest| rest.split('/').next()).unwrap_or(url);
    match error {
        ureq::Error::HostNotFound => format!("there is no network, or no host `{host}`"),
        ureq::Error::Timeout(_) => format!("`{host}` did not answer within {} s", LIMITS.seconds),
        ureq::Error::ConnectionFailed => format!("`{host}` cannot be reached: no connection"),
        ureq::Error::Io(e) => {
            let reason = e.to_string();
            format!(
                "`{host}` cannot be reached: {}",
                reason.split(" (os error").next().unwrap_or_default().to_lowercase()
            )
        }
        other => format!("`{host}` cannot be reached: {}", other.to_string().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::download;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// Whatever prevents it, the message is a sentence that names the host and no Rust.
    #[test]
    fn what_cannot_be_reached_is_reported() {
        let closed = {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            listener.local_addr().expect("an address")
        };
        let message = download(&format!("https://{closed}/spec.json")).expect_err("nobody listens");
        assert_eq!(message, format!("`{closed}` cannot be reached: connection refused"));
        // Reserved for names that never are (RFC 6761); without a network no name is found at all.
        let message = download("https://nobody.invalid/spec.json").expect_err("no host");
        assert!(
            message.contains("no network, or no host `nobody.invalid`")
                || message.contains("`nobody.invalid` cannot be reached"),
            "{message}"
        );
    }

    #[test]
    fn who_speaks_no_tls_is_no_source() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        });
        let message = download(&format!("https://{at}/spec.json")).expect_err("no TLS");
        server.join().expect("the server ends");
        assert!(message.starts_with(&format!("`{at}` cannot be reached: ")), "{message}");
    }
}
