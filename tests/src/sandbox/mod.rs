//! A sandbox of Belvo: a stateful mock that plays the flows of the API, for the double (no sockets, no real time) and behind
//! a plain loopback server. Bodies come from the document's examples; what the document does not say (sessions, pages,
//! idempotency keys, notifications) is played here. What goes wrong is planned by the test.
//!
//! `Asked` → `Sandbox::outcome` → `Outcome`; `double` and `server` carry the outcome to a client.

mod act;
mod asked;
mod dice;
mod double;
mod errors;
mod links;
mod payments;
mod records;
mod server;
mod world;

pub use act::{Act, Breakage, Outcome, Reply};
pub use asked::Asked;
pub use dice::Dice;
pub use double::Double;
pub use errors::{error, error_of};
pub use server::{Server, post};
pub use world::{AUTHORIZATION, ID, LINK, Mfa, Notification, PASSWORD, V2, World};

use belvo::testing::VirtualClock;
use belvo::{Client, Credentials, Environment};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// What the test decides for every request.
type Decide = Arc<dyn Fn(&Asked) -> Act + Send + Sync>;

/// The sandbox. Clones are the same one.
#[derive(Clone, Default)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    world: Mutex<World>,
    plans: Mutex<BTreeMap<String, VecDeque<Act>>>,
    decide: Mutex<Option<Decide>>,
    seen: Mutex<Vec<Asked>>,
}

/// A test that failed while it held a lock has said so itself.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Sandbox {
    /// A sandbox with one link, in which nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// What happens to the next requests of a route (`POST /api/accounts/`), one after the other; then all is as usual.
    pub fn plan(&self, route: &str, acts: impl IntoIterator<Item = Act>) {
        lock(&self.inner.plans).entry(route.to_owned()).or_default().extend(acts);
    }

    /// Decides about every request that no plan is left for.
    pub fn decide(&self, decide: impl Fn(&Asked) -> Act + Send + Sync + 'static) {
        *lock(&self.inner.decide) = Some(Arc::new(decide));
    }

    /// Changes what the sandbox holds or how it behaves.
    pub fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut lock(&self.inner.world))
    }

    /// The requests that arrived, in their order.
    pub fn seen(&self) -> Vec<Asked> {
        lock(&self.inner.seen).clone()
    }

    /// The requests that arrived, as `GET /api/links/?page=2`.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.inner.seen).iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect()
    }

    /// How many requests arrived.
    pub fn count(&self) -> usize {
        lock(&self.inner.seen).len()
    }

    /// What comes of a request.
    pub fn outcome(&self, asked: &Asked) -> Outcome {
        let planned = lock(&self.inner.plans).get_mut(&asked.route()).and_then(VecDeque::pop_front);
        let act = planned.unwrap_or_else(|| {
            let decide = lock(&self.inner.decide).clone();
            decide.map_or(Act::Usual, |decide| decide(asked))
        });
        if !matches!(act, Act::Break(Breakage::Refused)) {
            lock(&self.inner.seen).push(asked.clone());
        }
        self.carry_out(asked, act)
    }

    fn carry_out(&self, asked: &Asked, act: Act) -> Outcome {
        match act {
            Act::Usual => Outcome::Reply(lock(&self.inner.world).answer(asked)),
            Act::Answer(reply) => Outcome::Reply(reply),
            Act::Break(breakage) => Outcome::Broken(breakage),
            Act::DoneThen(act) => {
                lock(&self.inner.world).answer(asked);
                self.carry_out(asked, *act)
            }
        }
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
