//! What the suites share: where things lie, the generator in memory, generated Rust as data, the document's examples, a
//! sandbox of the API, a server with TLS, programs from npm.
//! Also pairs of documents, and consumers of generated crates.

pub mod adoption;
pub mod alone;
pub mod answers;
pub mod asking;
pub mod beside;
pub mod bodies;
pub mod consumer;
pub mod drift;
pub mod examples;
pub mod live;
pub mod node;
pub mod pairs;
pub mod place;
pub mod published;
pub mod raw;
pub mod run;
pub mod sandbox;
pub mod schema;
pub mod semver;
pub mod skips;
pub mod surface;
pub mod tls;
