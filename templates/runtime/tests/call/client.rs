//! The client as an SDK has it.

#[path = "../../../face/builder.rs"]
mod builder;
#[path = "../../../face/face.rs"]
pub(crate) mod face;
#[path = "../../../face/handle.rs"]
mod handle;
#[path = "../../../face/settings.rs"]
mod settings;

pub(crate) use builder::builder;
pub use builder::{Builder, PagedOperation};
pub use settings::SETTINGS;
