//! A mock of any API: it serves a document from its examples and from values made of its schemas, remembers what is created,
//! and says what is wrong with a request. With Belvo's settings it also plays Belvo's flows (second factor, notifications,
//! idempotency keys).
//!
//! `Asked` → [`Mock::outcome`] → [`Outcome`]: no sockets here. [`Server`] carries it over HTTP; a test's transport calls it.
//!
//! | step | where |
//! |---|---|
//! | which operation is it? | [`document`] |
//! | what goes wrong on purpose: a test's plan, or the header `Prefer` | [`act`], `prefer` |
//! | who is calling? | `access` |
//! | is the request what the document says? | `check`, `spelled`, [`schemas`] |
//! | what comes of it | `belvo`, `store`, else an example |

mod access;
pub mod act;
mod asked;
mod belvo;
mod check;
pub mod document;
mod hook;
mod identity;
mod log;
mod page;
mod pages;
mod pattern;
mod prefer;
pub mod schemas;
mod server;
mod spelled;
mod store;
pub mod values;
mod welcome;
mod world;

pub use crate::dice::Dice;
pub use access::Keys;
pub use act::{Act, Breakage, Outcome, Reply};
pub use asked::Asked;
pub use belvo::{AUTHORIZATION, ID, LINK, LINK_ASKING, Mfa, Notification, PASSWORD, V2, error, error_of};
pub use check::Finding;
pub use document::{Document, Missing};
pub use hook::Hook;
pub use server::{Options, Server, post};
pub use world::World;

use check::Checked;
use document::Found;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// What the test decides for every request.
type Decide = Arc<dyn Fn(&Asked) -> Act + Send + Sync>;

/// The mock. Clones are the same one.
#[derive(Clone)]
pub struct Mock {
    inner: Arc<Inner>,
}

struct Inner {
    document: Arc<Document>,
    keys: Keys,
    world: Mutex<World>,
    plans: Mutex<BTreeMap<String, VecDeque<Act>>>,
    decide: Mutex<Option<Decide>>,
    seen: Mutex<Vec<Asked>>,
    /// Whether `seen` is kept: not where a mock runs for days and nobody asks.
    remembers: bool,
    /// Where notifications go.
    hook: Option<Hook>,
    /// How often each `Prefer` header was obeyed.
    preferred: Mutex<BTreeMap<String, usize>>,
}

/// A test that failed while it held a lock has said so itself.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What became of a request: its operation, as far as it was found, and the outcome.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The operation's id.
    pub operation: Option<String>,
    /// How long to wait before the outcome.
    pub delay: std::time::Duration,
    /// What comes of it.
    pub outcome: Outcome,
}

impl Mock {
    /// A mock of a document, in which nothing goes wrong. `seed`: ids and made values follow from it.
    pub fn new(document: &Arc<Document>, seed: u64) -> Self {
        let keys = if document.plays_belvo() { belvo::keys() } else { Keys::default() };
        Self {
            inner: Arc::new(Inner {
                document: Arc::clone(document),
                keys,
                world: Mutex::new(World::new(document, seed)),
                plans: Mutex::default(),
                decide: Mutex::default(),
                seen: Mutex::default(),
                remembers: true,
                hook: None,
                preferred: Mutex::default(),
            }),
        }
    }

    /// The same, which forgets requests. A mock that has clones already stays as it is.
    #[must_use]
    pub fn forgetting(mut self) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.remembers = false;
        }
        self
    }

    /// The same, which posts its notifications.
    ///
    /// A mock that has clones already stays as it is.
    #[must_use]
    pub fn with_hook(mut self, hook: Hook) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.hook = Some(hook);
        }
        self
    }

    /// The document it serves.
    pub fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The credentials it takes.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// What happens to the next requests of a route (`POST /api/accounts/`), one after the other; then all is as usual.
    pub fn plan(&self, route: &str, acts: impl IntoIterator<Item = Act>) {
        lock(&self.inner.plans).entry(route.to_owned()).or_default().extend(acts);
    }

    /// Decides about every request that no plan is left for.
    pub fn decide(&self, decide: impl Fn(&Asked) -> Act + Send + Sync + 'static) {
        *lock(&self.inner.decide) = Some(Arc::new(decide));
    }

    /// Changes what the mock holds or how it behaves.
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
        self.answered(asked).outcome
    }

    /// What comes of a request, and which operation it was for.
    pub fn answered(&self, asked: &Asked) -> Answered {
        let planned = lock(&self.inner.plans).get_mut(&asked.route()).and_then(VecDeque::pop_front);
        let act = planned.unwrap_or_else(|| {
            let decide = lock(&self.inner.decide).clone();
            decide.map_or(Act::Usual, |decide| decide(asked))
        });
        if !matches!(act, Act::Break(Breakage::Refused)) && self.inner.remembers {
            lock(&self.inner.seen).push(asked.clone());
        }
        let operation = self.inner.document.find(asked).ok().map(|found| found.operation().id.clone());
        let (act, delay) = match act {
            Act::Usual => self.preferred(asked),
            act => (act, std::time::Duration::ZERO),
        };
        Answered { operation, delay, outcome: self.carry_out(asked, act) }
    }

    /// What the request itself asks for by `Prefer`.
    fn preferred(&self, asked: &Asked) -> (Act, std::time::Duration) {
        let Some(header) = asked.header_list("prefer") else { return (Act::Usual, std::time::Duration::ZERO) };
        let wish = prefer::read(&header);
        if let Some(times) = wish.times {
            let mut obeyed = lock(&self.inner.preferred);
            let count = obeyed.entry(format!("{} {} {header}", asked.method, asked.target)).or_default();
            *count += 1;
            if *count > times {
                return (Act::Usual, std::time::Duration::ZERO);
            }
        }
        (wish.act(&self.inner.document, asked, &lock(&self.inner.world)), wish.delay)
    }

    fn carry_out(&self, asked: &Asked, act: Act) -> Outcome {
        match act {
            Act::Usual => Outcome::Reply(self.usual(asked)),
            Act::Answer(reply) => Outcome::Reply(reply),
            Act::Break(breakage) => Outcome::Broken(breakage),
            Act::DoneThen(act) => {
                self.usual(asked);
                self.carry_out(asked, *act)
            }
        }
    }

    /// What the API does by itself.
    fn usual(&self, asked: &Asked) -> Reply {
        let world = &mut *lock(&self.inner.world);
        let before = world.notifications.len();
        let reply = self.reply(world, asked);
        if let Some(hook) = &self.inner.hook {
            world.notifications.iter().skip(before).for_each(|notification| hook.send(&notification.body));
        }
        reply
    }

    /// What is wrong with a request, before anything comes of it: with its credentials, else with everything else.
    ///
    /// # Errors
    /// When no operation has its path, or not with its method.
    pub fn findings(&self, asked: &Asked) -> Result<Vec<Finding>, Missing> {
        let judged = self.judged(asked)?;
        Ok(if judged.access.is_empty() { judged.checked.findings } else { judged.access })
    }

    fn judged(&self, asked: &Asked) -> Result<Judged<'_>, Missing> {
        let document = &*self.inner.document;
        let found = document.find(asked)?;
        let access = access::check(document, &self.inner.keys, &found, asked);
        let mut checked = if access.is_empty() { check::check(document, &found, asked) } else { Checked::default() };
        if document.plays_belvo() {
            belvo::spare(&found, &mut checked.findings);
        }
        Ok(Judged { found, access, checked })
    }

    fn reply(&self, world: &mut World, asked: &Asked) -> Reply {
        let belvo = self.inner.document.plays_belvo();
        if let Some(reply) = belvo.then(|| belvo::outside(&self.inner.keys, asked)).flatten() {
            return reply;
        }
        let Judged { found, access, checked } = match self.judged(asked) {
            Ok(judged) => judged,
            Err(missing) => return missing.reply(belvo),
        };
        if !access.is_empty() {
            return if belvo {
                belvo::error(401, "authentication_failed").header("www-authenticate", "Basic realm=\"mock\"")
            } else {
                check::refused(&found, 401, &access)
            };
        }
        if world.checks && !checked.findings.is_empty() {
            let (status, all) = (checked.status, &checked.findings);
            return if belvo { belvo::refused(all) } else { check::refused(&found, status, all) };
        }
        if belvo { belvo::answer(world, &found, asked) } else { store::answer(world, &found, asked, &checked) }
    }
}

/// A request that was held against the document.
struct Judged<'d> {
    found: Found<'d>,
    /// What is wrong with its credentials.
    access: Vec<Finding>,
    checked: Checked,
}
