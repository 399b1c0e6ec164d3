//! What tests read: the operations as data, a sample request of each, and the values that the document shows or that follow from
//! its types.

pub(in crate::render) mod registry;
pub(in crate::render) mod samples;
pub(in crate::render) mod shown;
mod values;
