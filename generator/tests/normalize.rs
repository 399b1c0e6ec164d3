//! The `normalize` stage: tables of ten-line documents for every rule, hostile shapes, depth, and every
//! real document that lies in the shared corpus.

#[path = "normalize/corpus.rs"]
mod corpus;
#[path = "normalize/depth.rs"]
mod depth;
#[path = "normalize/overlays.rs"]
mod overlays;
#[path = "normalize/places.rs"]
mod places;
#[path = "normalize/read.rs"]
mod read;
#[path = "normalize/references.rs"]
mod references;
#[path = "normalize/schemas.rs"]
mod schemas;
#[path = "normalize/swagger2.rs"]
mod swagger2;
#[path = "normalize/texts.rs"]
mod texts;
