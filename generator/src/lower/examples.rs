//! What the document shows: the examples of schemas, media types and parameters, each with the type of its place.

use super::Lowering;
use crate::ir::{Example, Origin, Use};
use crate::load::Node;
use crate::normalize::keys;
use crate::pointer::Pointer;

impl<'d> Lowering<'d> {
    /// The examples of a schema: `example`, or the list that 3.1 allows.
    pub(super) fn show_schema(&mut self, node: &'d Node, pointer: &Pointer, of: &Use) {
        if !self.examples {
            return;
        }
        match node.get(keys::EXAMPLES).and_then(Node::as_array) {
            Some(list) => {
                for (i, one) in list.iter().enumerate() {
                    self.show(one, pointer.join("examples").join(i), of, false);
                }
            }
            None => {
                if let Some(one) = node.get("example") {
                    self.show(one, pointer.join("example"), of, false);
                }
            }
        }
    }

    /// The examples beside a schema, in a parameter or below a media type: one, or several by name.
    pub(super) fn show_media(&mut self, node: &'d Node, pointer: &Pointer, of: &Use, body: bool) {
        if !self.examples {
            return;
        }
        if let Some(one) = node.get("example") {
            self.show(one, pointer.join("example"), of, body);
        }
        for e in node.get("examples").and_then(Node::as_object).into_iter().flat_map(|o| o.iter()) {
            let Some((at, one)) = self.deref(&e.value, &pointer.join("examples").join(&e.key)) else { continue };
            if let Some(value) = one.get("value") {
                self.show(value, at.join("value"), of, body);
            }
        }
    }

    fn show(&mut self, node: &Node, pointer: Pointer, of: &Use, body: bool) {
        let origin = Origin { pointer, span: node.span };
        self.api.examples.push(Example { origin, of: of.clone(), body, value: node.to_json() });
    }
}
