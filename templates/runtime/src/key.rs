//! Fresh idempotency keys: random UUIDs (version 4) without a dependency.

/// A key nobody has used before, or none where the standard library has no random numbers (a browser): there a call without a key of the
/// caller's counts as not repeatable.
pub(crate) fn generate() -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        None
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::hash::{BuildHasher, Hasher, RandomState};
        // Every `RandomState` is keyed by the operating system's random numbers; SipHash makes them into numbers nobody can foresee.
        let word = || RandomState::new().build_hasher().finish();
        // A process that was forked off draws the same numbers, but neither at the same time nor under the same id.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let high = word() ^ now.map_or(0, |now| now.as_nanos() as u64);
        let low = word() ^ u64::from(std::process::id());
        Some(format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            ((low >> 48) & 0x3fff) | 0x8000,
            low & 0xffff_ffff_ffff
        ))
    }
}
