//! The maintainer's command line: thin, every decision lives in `generator`.
fn main() {}
