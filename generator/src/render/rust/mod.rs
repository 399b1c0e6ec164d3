//! IR + names → Rust items. `model` makes models, `choice` enums and unions, `page` the generic page, `operation` handles and builders with the
//! setters of `setter`, `shared_setters` those that stand once, `args` the structs of what functions take, `alias` earlier names, `docs` doc
//! comments; `surface` says what a consumer sees of it.

pub(in crate::render) mod alias;
mod args;
pub(in crate::render) mod choice;
pub mod docs;
mod doctests;
pub(in crate::render) mod error_codes;
pub(in crate::render) mod extension;
pub(in crate::render) mod features;
mod headers;
pub(in crate::render) mod model;
pub(in crate::render) mod operation;
pub(in crate::render) mod operation_docs;
mod operation_example;
pub(in crate::render) mod page;
pub(in crate::render) mod setter;
pub(in crate::render) mod shared_setters;
pub mod surface;
pub(in crate::render) mod types;
pub(in crate::render) mod webhooks;
