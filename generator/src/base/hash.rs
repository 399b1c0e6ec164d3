//! SHA-256 of bytes and of texts, as hexadecimal digits; and a short hash where no adversary chooses the input.

use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The SHA-256 of `bytes`, in hexadecimal digits.
pub fn hash_bytes(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

/// The SHA-256 of what comes in pieces.
#[derive(Default)]
pub(crate) struct Hash {
    /// What was added last: a piece is a few bytes, and the function wants many.
    waiting: Vec<u8>,
    hash: Sha256,
}

impl Hash {
    const MUCH: usize = 1 << 14;

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > Self::MUCH {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }

    /// In hexadecimal digits.
    pub(crate) fn finish(mut self) -> String {
        self.hash.update(&self.waiting);
        hex(self.hash.finalize().as_slice())
    }
}

/// The SHA-256 of a text whose line ends do not count: a CRLF checkout of an input is the same input.
pub fn hash_text(bytes: &[u8]) -> String {
    hash_bytes(&without_crlf(bytes))
}

/// `bytes` with every `\r\n` as `\n`.
pub(crate) fn without_crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (i, &byte) in bytes.iter().enumerate() {
        if byte == b'\r' && bytes.get(i + 1) == Some(&b'\n') {
            continue;
        }
        out.push(byte);
    }
    Cow::Owned(out)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// FNV-1a: stable for ever, and no adversary chooses the input.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}
