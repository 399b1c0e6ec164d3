//! What the suites share: where things lie, the generator in memory, generated Rust as data, the document's examples, a
//! sandbox of the API, programs from npm.

pub mod bodies;
pub mod examples;
pub mod node;
pub mod place;
pub mod run;
pub mod sandbox;
pub mod schema;
pub mod surface;
