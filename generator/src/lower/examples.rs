//! What the document shows: the examples of schemas, media types and parameters, each with the type of its place.

use super::Lowering;
use crate::base::Pointer;
use crate::document::Node;
use crate::document::keys;
use crate::ir::{Example, Origin, Use};

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// In a schema.
    Schema,
    /// In a parameter.
    Parameter,
    /// In a request's body.
    Request,
    /// In a response's body.
    Response,
}

impl<'d> Lowering<'d> {
    /// The examples of a schema: `example`, or the list that 3.1 allows.
    pub(super) fn show_schema(&mut self, node: &'d Node, pointer: &Pointer, of: &Use) {
        if !self.examples {
            return;
        }
        match node.get(keys::EXAMPLES).and_then(Node::as_array) {
            Some(list) => {
                for (i, one) in list.iter().enumerate() {
                    self.show(one, pointer.join("examples").join(i), of, Shown::Schema);
                }
            }
            None => {
                if let Some(one) = node.get("example") {
                    self.show(one, pointer.join("example"), of, Shown::Schema);
                }
            }
        }
    }

    /// The examples beside a schema, in a parameter or below a media type: one, or several by name.
    pub(super) fn show_media(&mut self, node: &'d Node, pointer: &Pointer, of: &Use, shown: Shown) {
        if !self.examples {
            return;
        }
        if let Some(one) = node.get("example") {
            self.show(one, pointer.join("example"), of, shown);
        }
        for e in node.get("examples").and_then(Node::as_object).into_iter().flat_map(|o| o.iter()) {
            let Some((at, one)) = self.deref(&e.value, &pointer.join("examples").join(&e.key)) else { continue };
            if let Some(value) = one.get("value") {
                self.show(value, at.join("value"), of, shown);
            }
        }
    }

    fn show(&mut self, node: &Node, pointer: Pointer, of: &Use, shown: Shown) {
        let origin = Origin { pointer, span: node.span };
        let (body, request) =
            (matches!(shown, Shown::Request | Shown::Response), matches!(shown, Shown::Request | Shown::Parameter));
        self.api.examples.push(Example { origin, of: of.clone(), body, request, value: node.to_json() });
    }
}
