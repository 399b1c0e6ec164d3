//! What can happen to a request: an answer, or something that breaks on the way.

use serde_json::Value;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers but the length, which is known.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the server closes the connection behind the answer without saying that it will.
    pub hangs_up: bool,
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), hangs_up: false }
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// An answer of any content type.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self { body: body.as_bytes().to_vec(), ..Self::empty(status) }.header("content-type", content_type)
    }

    /// What a proxy says when nothing is behind it.
    pub fn html(status: u16) -> Self {
        Self::text(status, "text/html", "<html><body><h1>Bad Gateway</h1></body></html>")
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a header in the place of all of its name.
    #[must_use]
    pub fn only_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(held, _)| !held.eq_ignore_ascii_case(name));
        self.header(name, value)
    }

    /// With other bytes for a body.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// After which the connection is closed without a word.
    #[must_use]
    pub fn hanging_up(mut self) -> Self {
        self.hangs_up = true;
        self
    }
}

/// What breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakage {
    /// No connection: nothing arrives. Only the double can play it; for a server, take a closed port.
    Refused,
    /// The connection is reset before an answer.
    Reset,
    /// The answer's body ends before its announced length; the connection is closed.
    CutOff,
    /// The same, reset.
    ResetMidBody,
    /// Nothing comes.
    Silence,
    /// A head and half a body come, then nothing.
    Trickle,
    /// A body of so many bytes comes, unannounced.
    Flood(u64),
    /// The same, announced.
    AnnouncedFlood(u64),
}

/// What the test wants to happen to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// What the sandbox does by itself.
    Usual,
    /// This answer; the sandbox does nothing.
    Answer(Reply),
    /// This breaks; the sandbox does nothing.
    Break(Breakage),
    /// The sandbox does what it does, then this happens in place of its answer.
    DoneThen(Box<Act>),
}

impl Act {
    /// An answer without a body.
    pub fn status(status: u16) -> Self {
        Self::Answer(Reply::empty(status))
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Answer(Reply::json(status, body))
    }

    /// The sandbox does what it does, then this happens in place of its answer.
    #[must_use]
    pub fn after_it_was_done(self) -> Self {
        Self::DoneThen(Box::new(self))
    }
}

/// What comes of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer.
    Reply(Reply),
    /// No answer, or not a whole one.
    Broken(Breakage),
}
