//! What the settings say about the API as a whole. A client carries them, so that two SDKs in one program keep their own.

use std::time::Duration;

use crate::runtime::call::retry::RetryRules;
use crate::runtime::http::operation::KeyPlace;
use crate::runtime::http::server::Server;

/// What holds for every call of one API.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The default `User-Agent`.
    pub user_agent: &'static str,
    /// When and how long to wait before another attempt.
    pub retry: RetryRules,
    /// Headers of a response that may hold the request id, the first one present counts.
    pub request_id_headers: &'static [&'static str],
    /// The members of an error item.
    pub errors: ErrorNames,
    /// The member of an accepted answer that identifies the request.
    pub accepted: &'static str,
    /// The status of an accepted answer.
    pub accepted_status: u16,
    /// The member of a page of a list that holds its records; empty where the API has no pages.
    pub records: &'static str,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How many bytes of a response body are read before the call fails.
    pub max_body: usize,
    /// How the API asks for a second factor; `None` where it never does.
    pub mfa: Option<MfaNames>,
    /// Who wants the request id when something failed.
    pub support: &'static str,
    /// Environment variables `Client::from_env` reads.
    pub environment: EnvironmentNames,
    /// Where the document names a path and leaves the host to the caller: the path behind the caller's URL, and others that may
    /// take its place.
    pub base_paths: &'static [&'static str],
}

/// The names of the members of an error item; others that are often used are looked for too. Empty: only those.
#[derive(Debug, Clone, Copy)]
pub struct ErrorNames {
    /// The code for programs.
    pub code: &'static str,
    /// The text for people.
    pub message: &'static str,
    /// The member of the request at fault.
    pub field: &'static str,
    /// The id for support.
    pub request_id: &'static str,
    /// How many items one error keeps; all are counted.
    pub max_items: usize,
    /// The codes by which a 404 or 410 says that what was asked for does not exist; empty: whatever it says.
    pub not_found: &'static [&'static str],
}

/// The environment variables that name a server and its credentials.
#[derive(Debug, Clone, Copy)]
pub struct EnvironmentNames {
    /// The user name of Basic credentials.
    pub id: &'static str,
    /// The password of Basic credentials, or the bearer token or the key where `id` is empty.
    pub secret: &'static str,
    /// Where a key goes, and its name there; `None` where callers have none.
    pub key: Option<(KeyPlace, &'static str)>,
    /// The name of one of `servers`.
    pub server: &'static str,
    /// A base URL; it wins over the server's name.
    pub base_url: &'static str,
    /// The servers `server` may name, in any case; the first is the default.
    pub servers: &'static [Server],
}

impl Settings {
    /// Neutral values.
    pub const DEFAULT: Self = Self {
        user_agent: concat!(env!("CARGO_PKG_NAME"), "-rust (", env!("CARGO_PKG_VERSION"), ")"),
        retry: RetryRules::DEFAULT,
        request_id_headers: &["x-request-id", "request-id", "x-correlation-id"],
        errors: ErrorNames { code: "", message: "", field: "", request_id: "", max_items: 1_000, not_found: &[] },
        accepted: "request_id",
        accepted_status: 202,
        records: "results",
        // Retrievals that scrape an institution take minutes; the server has its own limit (408).
        timeout: Duration::from_secs(300),
        max_body: 64 << 20,
        mfa: Some(MfaNames::DEFAULT),
        support: "support",
        environment: EnvironmentNames {
            id: "API_ID",
            secret: "API_SECRET",
            key: None,
            server: "API_ENV",
            base_url: "API_URL",
            servers: &[],
        },
        base_paths: &[],
    };
}

/// The names of the members that hold a second factor.
#[derive(Debug, Clone, Copy)]
pub struct MfaNames {
    /// The status of an interrupted call.
    pub status: u16,
    /// The code of the error item that says the same.
    pub code: &'static str,
    /// The code of the error item that says that the session is over.
    pub expired: &'static str,
    /// The session.
    pub session: &'static str,
    /// What the session belongs to.
    pub link: &'static str,
    /// The seconds the session lives.
    pub expiry: &'static str,
    /// The object with what is asked.
    pub challenge: &'static str,
    /// In it: what kind of challenge it is.
    pub kind: &'static str,
    /// In it: the challenge.
    pub value: &'static str,
    /// In it: what to tell the end user.
    pub instructions: &'static str,
    /// In it: whether input is expected, under any of these names.
    pub input: &'static [&'static str],
    /// The member of the resuming request that carries the token.
    pub token: &'static str,
}

impl MfaNames {
    /// Names as they are often chosen.
    pub const DEFAULT: Self = Self {
        status: 428,
        code: "token_required",
        expired: "session_expired",
        session: "session",
        link: "link",
        expiry: "expiry",
        challenge: "challenge",
        kind: "type",
        value: "value",
        instructions: "instructions",
        input: &["expects_user_input"],
        token: "token",
    };
}
