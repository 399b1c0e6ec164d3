//! The runtime of every generated SDK: an ordinary crate here, copied as `src/runtime/` there.
