//! What is left to chance: fresh idempotency keys, which are random UUIDs (version 4), and the jitter of pauses.

/// A key nobody has used before, or none where the system gives no random numbers: on WebAssembly, where only JavaScript has them. There a
/// call without a key of the caller's counts as not repeatable.
pub(crate) fn generate() -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        None
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let (high, low) = (getrandom::u64().ok()?, getrandom::u64().ok()?);
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

/// A random number for the jitter of a pause; where the system gives none, the one that leaves the pause as it is.
pub(crate) fn chance() -> u32 {
    #[cfg(not(target_arch = "wasm32"))]
    {
        getrandom::u32().unwrap_or(u32::MAX)
    }
    #[cfg(all(target_arch = "wasm32", feature = "reqwest"))]
    {
        // In range, so the cast keeps the whole part.
        (js_sys::Math::random() * f64::from(u32::MAX)) as u32
    }
    #[cfg(all(target_arch = "wasm32", not(feature = "reqwest")))]
    u32::MAX
}
