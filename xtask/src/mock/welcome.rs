//! What is printed when the mock listens: where it is, and what to paste into another terminal.

use super::{LINK, LINK_ASKING, Mfa, Mock};
use generator::base::visible::visible;
use generator::name::variables;
use std::fmt::Write;

impl Mock {
    /// A few lines for who started it. `name`: the crate that is generated from the document.
    pub fn welcome(&self, base: &str, name: &str) -> String {
        let api = &self.document().understood().api;
        let keys = self.keys();
        let names = variables(name, api);
        let mut out = String::new();
        let (title, version) = (visible(&api.title), visible(&api.version));
        let _ = writeln!(out, "{title} {version}: {} operations at {base}/\n", api.operations.len());
        let _ = writeln!(out, "export {}={base}", names.base_url);
        if names.id.is_empty() {
            let key = if names.is_key { &keys.key } else { &keys.token };
            let _ = writeln!(out, "export {}={key}", names.secret);
        } else {
            let _ = writeln!(out, "export {}={}\nexport {}={}", names.id, keys.id, names.secret, keys.password);
        }
        if self.document().plays_belvo() {
            let token = Mfa::default().token.unwrap_or_default();
            let _ = writeln!(
                out,
                "\nthen, in another terminal: cargo run -p {name} --example first_call\n\
                 link {LINK}: answers at once\n\
                 link {LINK_ASKING}: asks for a second factor; the token is {token}"
            );
        }
        out.push('\n');
        out
    }
}
