//! `explain`: one place of the document, or a diagnostic's page.

use crate::cli::Explain;
use crate::{Outcome, inputs, print};
use generator::base::Pointer;
use generator::base::codes;

pub(crate) fn run(args: &Explain) -> Outcome {
    if let Some((code, title, page)) = codes::all().find(|(code, ..)| code.eq_ignore_ascii_case(&args.what)) {
        print::out(&format!("{code}: {title}\n\n{page}\n"));
        return Outcome::Done;
    }
    let Some(pointer) = Pointer::parse(&args.what).filter(|_| !args.what.is_empty()) else {
        print::error(&format!("`{}` is neither a pointer (`#/components/schemas/Link`) nor a known code", args.what));
        return Outcome::Refused;
    };
    let resolved = match inputs::resolve_without_output(&args.inputs) {
        Ok(resolved) => resolved,
        Err(message) => {
            print::error(&message);
            return Outcome::Refused;
        }
    };
    match generator::pipeline::explain(&resolved.inputs, &pointer) {
        Ok(text) => {
            print::out(&text);
            Outcome::Done
        }
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}
