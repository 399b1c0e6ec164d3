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
        #[inline(never)]
        fn word(salt: u128) -> u64 {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let nanos = now.map_or(0, |now| now.as_nanos());
            let mut hasher = RandomState::new().build_hasher();
            // The time leaves the highest bits free for billions of years.
            hasher.write_u128(nanos ^ u128::from(std::process::id()) << 96 ^ salt << 88);
            hasher.finish()
        }
        let (high, low) = (word(1), word(2));
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
