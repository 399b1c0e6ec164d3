//! `explain`: one place of the document, a diagnostic's page, or the table of all keywords.

use crate::cli::Explain;
use crate::{Outcome, inputs, print};
use generator::base::Pointer;
use generator::base::codes;

pub(crate) fn run(args: &Explain) -> Outcome {
    if args.keywords {
        print::out(&generator::pipeline::keywords());
        return Outcome::Done;
    }
    let what = args.what.as_deref().unwrap_or_default();
    if let Some((code, title, page)) = codes::all().find(|(code, ..)| code.eq_ignore_ascii_case(what)) {
        print::out(&format!("{code}: {title}\n\n{page}\n"));
        return Outcome::Done;
    }
    let Some(pointer) = Pointer::parse(what).filter(|_| !what.is_empty()) else {
        print::error(&format!("`{what}` is neither a pointer (`#/components/schemas/Link`) nor a known code"));
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
