//! Swagger 2.0, OpenAPI 3.1 and the overlay → the shape of OpenAPI 3.0, places kept.
//!
//! The second stage: it takes the tree of `load` and leaves one for `lower` that has OpenAPI 3.0's shape,
//! whatever version the document was written in. What 3.0 has no word for travels in reserved
//! [`keys`]. Every node that is made here carries the place of the node it was made from.
//!
//! The order: overlays (they speak of the document as published), a report of what nothing is made of, Swagger 2.0, references where 3.0 allows
//! none, then one walk from the leaves up that brings every schema into shape.

mod gaps;
mod identity;
mod inline;
mod links;
mod moves;
mod object;
mod overlay;
mod rewrite;
mod swagger2;
mod tally;
mod texts;
mod types;
mod unions;
mod v30;
mod v31;
mod version;

pub use overlay::{ActionKind, ActionReport, Overlay, apply_overlays};
pub(crate) use types::concerns;
pub use version::{Version, version_of};

use super::keys;
use crate::base::codes::normalize as codes;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::targets::Targets;
use crate::document::{Kind, Node};
use tally::Tally;

/// A document in the shape of OpenAPI 3.0.
#[derive(Debug, Clone)]
pub struct Normalized {
    /// The tree.
    pub root: Node,
    /// The version it was written in.
    pub version: Version,
    /// What every action of the overlays did, in order.
    pub overlays: Vec<ActionReport>,
}

/// Brings a document into the shape of OpenAPI 3.0, after applying `overlays` to it as published. Relative links in descriptions
/// become absolute ones by `link_base`.
///
/// It always returns a tree; whether it can be used is in `diagnostics`. Stale overlay actions are not
/// findings here: see [`ActionReport::is_stale`].
pub fn normalize(
    mut root: Node,
    overlays: &[Overlay],
    link_base: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Normalized {
    let overlays = apply_overlays(&mut root, overlays, diagnostics);
    let mut tally = Tally::default();
    let version = version::detect(&root, &mut tally);
    if let Kind::Object(_) = root.kind {
        shape(&mut root, version, &mut tally);
    } else {
        let message = format!("the document is {}, not an object", root.type_name());
        diagnostics.push(Diagnostic::error(codes::ROOT, message).at(root.span));
    }
    tally.finish(diagnostics);
    if let Some(base) = link_base {
        links::absolute(&mut root, base);
    }
    Normalized { root, version, overlays }
}

fn shape(root: &mut Node, version: Version, tally: &mut Tally) {
    let mut targets = Targets::of(root);
    gaps::report(root, version, &targets, tally);
    if version == Version::Swagger2 {
        swagger2::upgrade(root, &targets, tally);
        targets = Targets::of(root);
    }
    if identity::resolve(root, &targets) {
        targets = Targets::of(root);
    }
    if targets.inline {
        inline::inline(root, &targets, tally);
    }
    rewrite::rewrite(root, version, &targets, tally);
    version::stamp(root);
}
