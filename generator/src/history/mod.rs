//! What earlier runs and releases left behind: the locked names, the changelog, the record of where the document came from;
//! and by what a node of an earlier document is known again.

pub mod changelog;
pub mod correspondence;
pub mod likeness;
pub mod lock;
pub mod provenance;
