//! The maintainer's command line: thin, every decision lives in `generator`.
//!
//! Exit codes: 0 done; 1 findings (drift, a breaking change under `--fail-on`, a panic in the corpus); 2 the input or the command line is wrong; 101 a fault of
//! this program.

mod adopt;
mod bench;
mod check;
mod ci;
mod ci_suites;
mod cli;
mod compile;
mod corpus;
mod dictionary;
mod diff;
#[cfg(feature = "fetch")]
mod download;
mod explain;
mod fetch;
mod generate;
mod impact;
mod inputs;
mod learn;
mod names;
mod print;
mod release;
mod rerun;
mod serve;
mod shadow;
mod unchanged;

use clap::Parser;
use cli::{Cli, Command};

/// Generating is millions of small allocations: with the system's allocator it takes a third longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a command comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, nothing to complain about.
    Done,
    /// Done, and there is something to look at.
    Findings,
    /// The input or the command line is wrong.
    Refused,
}

impl Outcome {
    fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Refused => 2,
        }
    }
}

/// Room for documents that nest deeply: every stage walks them by recursion. Memory that is not used costs nothing.
const STACK: usize = 256 << 20;

fn main() {
    if let Some(code) = bench::as_wrapper() {
        std::process::exit(code);
    }
    let cli = Cli::parse();
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("no message").replace('\n', " ");
        print::error(&format!("internal error: {text}{at}; please report this, with the document"));
    }));
    let run = std::thread::Builder::new().stack_size(STACK).spawn(move || run(cli.command));
    let code = match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome.code(),
        Ok(Err(_)) => 101,
        Err(error) => {
            print::error(&format!("cannot start: {error}"));
            101
        }
    };
    std::process::exit(code);
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Generate(args) => generate::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Dictionary(args) => dictionary::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Ci(args) => ci::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Impact(args) => impact::run(&args),
        Command::Fetch(args) => fetch::run(&args),
        Command::Mock(args) => serve::run(&args),
        Command::Names(args) => names::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}
