//! What goes wrong on demand: the header `Prefer` (RFC 7240), with Prism's `code` and `example` and some preferences of our own.
//!
//! | preference | what happens |
//! |---|---|
//! | `code=503` | this status, with the body that the document has for it |
//! | `example=NAME` | the example of this name |
//! | `delay=1.5` | the answer comes so many seconds later |
//! | `fault=reset`, `cut`, `hang`, `rate-limit` | the connection is reset, the body ends too early, nothing comes, a 429 with `Retry-After: 1` |
//! | `times=2` | only the first two requests with this header and address; then all is as usual |

use super::act::{Act, Breakage, Reply};
use super::document::Found;
use super::{Asked, Document, World, belvo, check};
use std::time::Duration;

/// What a header asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wish {
    code: Option<u16>,
    example: Option<String>,
    fault: Option<Fault>,
    pub(super) delay: Duration,
    pub(super) times: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Reset,
    Cut,
    Hang,
    RateLimit,
}

/// The longest delay.
const LONGEST: f64 = 600.0;

/// Reads a header; what it does not know it leaves, as RFC 7240 wants.
pub(super) fn read(header: &str) -> Wish {
    let mut wish = Wish::default();
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in header.chars() {
        quoted ^= c == '"';
        match parts.last_mut() {
            Some(part) if quoted || !matches!(c, ',' | ';') => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    for part in &parts {
        let (name, value) = part.split_once('=').unwrap_or((part.as_str(), ""));
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "code" => wish.code = value.parse().ok().filter(|code| (200..600).contains(code)),
            "example" => wish.example = Some(value.to_owned()),
            "times" => wish.times = value.parse().ok(),
            "delay" => {
                let seconds = value.parse::<f64>().unwrap_or_default();
                wish.delay =
                    Duration::from_secs_f64(if seconds.is_finite() { seconds.clamp(0.0, LONGEST) } else { 0.0 });
            }
            "fault" => {
                wish.fault = match value {
                    "reset" => Some(Fault::Reset),
                    "cut" => Some(Fault::Cut),
                    "hang" => Some(Fault::Hang),
                    "rate-limit" => Some(Fault::RateLimit),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    wish
}

impl Wish {
    /// What it means for a request.
    pub(super) fn act(&self, document: &Document, asked: &Asked, world: &World) -> Act {
        match self.fault {
            Some(Fault::Reset) => return Act::Break(Breakage::Reset),
            Some(Fault::Cut) => return Act::Break(Breakage::CutOff),
            Some(Fault::Hang) => return Act::Break(Breakage::Silence),
            Some(Fault::RateLimit) => {
                return Act::Answer(answer(document, asked, world, 429, None).only_header("retry-after", "1"));
            }
            None => {}
        }
        match (self.code, &self.example) {
            (Some(code), example) => Act::Answer(answer(document, asked, world, code, example.as_deref())),
            (None, Some(example)) => {
                let usual = document.find(asked).ok().and_then(|found| found.usual()?.status.parse().ok());
                Act::Answer(answer(document, asked, world, usual.unwrap_or(200), Some(example)))
            }
            (None, None) => Act::Usual,
        }
    }
}

/// An answer of a status as the document has it.
fn answer(document: &Document, asked: &Asked, world: &World, status: u16, example: Option<&str>) -> Reply {
    let found = document.find(asked).ok();
    let declared = found.as_ref().and_then(|found: &Found<'_>| Some((found, found.response(status)?)));
    match declared {
        Some((found, response)) => found.reply(status, response, example, &mut world.dice_of(found)),
        None if document.plays_belvo() && status >= 400 => belvo::error(status, "unexpected_error"),
        None if status >= 400 => check::problem(status, "asked for by `Prefer`", &[]),
        None => Reply::empty(status),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Wish, read};
    use std::time::Duration;

    #[test]
    fn headers_and_what_they_ask_for() {
        let none = Wish::default;
        for (header, wish) in [
            ("code=503", Wish { code: Some(503), ..none() }),
            ("code=404, example=\"gone\"", Wish { code: Some(404), example: Some("gone".into()), ..none() }),
            ("delay=1.5; times=2", Wish { delay: Duration::from_millis(1500), times: Some(2), ..none() }),
            ("example=\"a, b\"", Wish { example: Some("a, b".into()), ..none() }),
            ("fault=cut", Wish { fault: Some(Fault::Cut), ..none() }),
            ("return=minimal, code=7, delay=-1, fault=flood, delay=NaN", none()),
        ] {
            assert_eq!(read(header), wish, "{header}");
        }
    }
}
