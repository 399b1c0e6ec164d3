//! One call: attempts, pauses, pages, what an API asks for in between.

pub(crate) mod accepted;
pub(crate) mod events;
pub(crate) mod machine;
pub(crate) mod mfa;
pub(crate) mod page;
pub(crate) mod retry;
pub(crate) mod trace;
