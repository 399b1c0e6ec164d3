//! `mock`: serves a document.

use crate::Outcome;
use crate::cli::Mock;
#[cfg(feature = "mock")]
use crate::print;

#[cfg(not(feature = "mock"))]
pub(crate) fn run(_: &Mock) -> Outcome {
    crate::rerun::with("mock", "install it with that feature")
}

#[cfg(feature = "mock")]
pub(crate) fn run(args: &Mock) -> Outcome {
    match served(args) {
        Ok(()) => Outcome::Done,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

#[cfg(feature = "mock")]
fn served(args: &Mock) -> Result<(), String> {
    use crate::cli::InputArgs;
    use std::io::Write;
    use std::net::SocketAddr;
    use std::sync::Arc;
    use xtask::mock::{Document, Hook, Options, Server};

    let named = InputArgs {
        spec: args.spec.clone(),
        config: args.config.clone(),
        overlay: args.overlay.clone(),
        ..InputArgs::default()
    };
    let resolved = crate::inputs::resolve_without_output(&named)?;
    let document = Arc::new(Document::read(&resolved.inputs)?);
    let mut mock = xtask::mock::Mock::new(&document, args.seed).forgetting();
    if let Some(url) = &args.webhook {
        mock = mock.with_hook(Hook::new(url, &args.webhook_authorization)?);
    }
    let address = SocketAddr::new(args.host, args.port);
    // A reader that went away is no reason to end.
    let log = |line: &str| drop(writeln!(std::io::stdout(), "{line}"));
    let server = Server::start_with(&mock, Options { address, log: Some(Box::new(log)) })
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    print::out(&mock.welcome(&server.base(), &document.understood().crate_name(&resolved.inputs)));
    let _ = std::io::stdout().flush();
    server.wait();
    Ok(())
}
