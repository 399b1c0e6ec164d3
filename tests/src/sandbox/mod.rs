//! A sandbox of Belvo: the mock of `cargo xtask mock` with Belvo's document and settings, for the double (no sockets, no real
//! time) and behind the mock's own server.

mod double;

pub use double::Double;
pub use xtask::mock::{
    AUTHORIZATION, Act, Asked, Breakage, Dice, ID, LINK, Mfa, Mock, Notification, Outcome, PASSWORD, Reply, Server, V2,
    World, error, error_of, post,
};

use crate::run::{deep, own};
use belvo::api::requests::RetrieveTransactionsArgs;
use belvo::testing::VirtualClock;
use belvo::{Client, Credentials, Environment};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use xtask::mock::Document;

/// The sandbox. Clones are the same one.
#[derive(Clone)]
pub struct Sandbox {
    mock: Mock,
}

impl Deref for Sandbox {
    type Target = Mock;

    fn deref(&self) -> &Mock {
        &self.mock
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// A sandbox with one link, in which nothing goes wrong.
    pub fn new() -> Self {
        Self { mock: Mock::new(document(), 0) }
    }

    /// A client of this sandbox through the double, and the clock on which its time passes.
    pub fn client(&self) -> (Client, VirtualClock) {
        let clock = VirtualClock::new();
        let client = Client::builder(Environment::Sandbox)
            .credentials(Credentials::basic(ID, PASSWORD))
            .transport(Double::new(self))
            .blocking_transport(Double::new(self))
            .clock(clock.clone())
            .build()
            .expect("a client");
        (client, clock)
    }
}

/// What asks for the link's transactions of one month.
pub fn january() -> RetrieveTransactionsArgs {
    RetrieveTransactionsArgs { link: LINK.into(), date_from: "2026-01-01".into(), date_to: "2026-01-31".into() }
}

/// Belvo's document, read once.
fn document() -> &'static Arc<Document> {
    static DOCUMENT: OnceLock<Arc<Document>> = OnceLock::new();
    DOCUMENT.get_or_init(|| Arc::new(deep(|| Document::read(&own())).expect("our document")))
}
