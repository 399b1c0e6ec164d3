//! Tokens of HTTP.

/// Whether `name` is a token of RFC 9110, as names of headers and methods are.
pub fn is_token(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(fits)
}
