//! The commands and their flags: the contract that scripts rely on.

use clap::{Args, Parser, Subcommand, ValueEnum};
use generator::base::diagnostic::Deny;
use std::path::PathBuf;

/// Makes a Rust SDK from an OpenAPI document, and keeps it what the document says.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the crate. Without arguments: from `spec/` to `generated/`.
    Generate(Generate),
    /// Say whether the crate on disk is what would be generated, how it differs and why. Writes nothing.
    Check(Check),
    /// Say what changed for a Rust consumer between two documents, and which semver step that is.
    Diff(Diff),
    /// Say what such a change means for one consumer: which lines of its crate break, and what it reads differently.
    Impact(Impact),
    /// Bring in a new document: validate it, note where it came from, show the diff.
    Fetch(Fetch),
    /// Show the Rust names that are locked, or give one: the old name stays as a deprecated alias.
    Names(Names),
    /// Move the version by the step that a changed document asks for, and tell it in the changelog.
    Release(Release),
    /// Tell all about one place of the document, about a diagnostic's code, or what becomes of every keyword.
    Explain(Explain),
    /// Say what bodies, or deviations that a client has logged, show the document to be wrong about, and propose corrections.
    Learn(Learn),
    /// Write the responses as tables, for who looks things up and writes no Rust.
    Dictionary(Dictionary),
    /// Serve a document from its examples, to try a client without an account.
    Mock(Mock),
    /// Generate from every document below a folder, each in a process of its own.
    Corpus(Corpus),
    /// Measure: the tables of BENCHMARKS.md.
    Bench(Bench),
    /// Run what CI runs: format, clippy, check, tests, documentation. Says how many seconds each step took.
    Ci(Ci),
}

/// What to generate from, and where to. `--spec` with another document than the repository's own implies no settings,
/// overlay or lock unless they are named.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct InputArgs {
    /// The OpenAPI document (3.0, 3.1, 3.2 or Swagger 2.0; JSON or YAML)
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay with corrections; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The locked names; written when names are added
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The crate's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The crate's name
    #[arg(long, value_name = "CRATE")]
    pub(crate) name: Option<String>,
    /// Only this tag or operation; may be repeated
    #[arg(long, value_name = "TAG|ID")]
    pub(crate) only: Vec<String>,
    /// Give the crate a test that reads every example of the document and writes it back (`[tests] examples`)
    #[arg(long)]
    pub(crate) tests: bool,
}

/// The suites run side by side, those that share a folder of build products one after another.
#[derive(Debug, Args)]
pub(crate) struct Ci {
    /// Also what takes long: every pair of TLS features, every body, planted secrets in large documents, the instructions of each
    /// stage against their budget, and every document of the folder `shared` compiled
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Generate although overlay actions do nothing any more, as after `fetch`; `check` does not forgive them
    #[arg(long)]
    pub(crate) stale: bool,
    /// Let nothing of this kind pass but what `[accept]` of the settings lists: exit with 1, and write nothing
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Option<DenyArg>,
    /// How to tell the outcome
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Let nothing of this kind pass but what `[accept]` of the settings lists: exit with 1, and write nothing
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Option<DenyArg>,
    /// How to tell the findings: for a person, a script, GitHub's annotations, code scanning
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CheckFormat,
}

/// What `--deny` does not let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DenyArg {
    /// What the document says and the output does not, in whole or in part.
    Gaps,
    /// Gaps, and all warnings.
    Warnings,
}

impl From<DenyArg> for Deny {
    fn from(deny: DenyArg) -> Self {
        match deny {
            DenyArg::Gaps => Deny::Gaps,
            DenyArg::Warnings => Deny::Warnings,
        }
    }
}

/// Settings, overlay and lock apply to both documents. When one of the two is the repository's own and none is named, the
/// repository's do. The lock is taken to have been written for OLD: NEW gets the names it would get in OLD's place.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The document before
    pub(crate) old: PathBuf,
    /// The document after
    pub(crate) new: PathBuf,
    /// How to tell the changes: for a terminal, a script, a pull request, a browser
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: DiffFormat,
    /// Exit with 1 when a change breaks compiling or breaks at run time
    #[arg(long, value_name = "CLASS")]
    pub(crate) fail_on: Option<FailOn>,
    /// The settings of both
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay on both; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The locked names
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The settings of OLD, where they are other ones
    #[arg(long, value_name = "FILE")]
    pub(crate) old_config: Option<PathBuf>,
    /// The overlays of OLD, where they are other ones
    #[arg(long, value_name = "FILE")]
    pub(crate) old_overlay: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Impact {
    /// The document before
    pub(crate) old: PathBuf,
    /// The document after
    pub(crate) new: PathBuf,
    /// The consumer's crate; nothing in it is changed
    #[arg(long = "crate", value_name = "DIR")]
    pub(crate) krate: PathBuf,
    /// How to tell the outcome
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
    /// The settings of both
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay on both; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The locked names
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The name of the SDK's crate
    #[arg(long, value_name = "CRATE")]
    pub(crate) name: Option<String>,
}

/// https only; redirects on the same host only; at most 64 MB and 60 s. Nothing is replaced unless a crate can be generated
/// from the new document. With a file it does all the same without a network.
#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// Where the document is; by default the `source` of the settings
    #[arg(value_name = "URL|FILE")]
    pub(crate) from: Option<String>,
    /// Take the document also when it lacks most operations of the one that is there
    #[arg(long)]
    pub(crate) yes: bool,
    /// Whose descriptions and examples the document has afterwards; by default what `[document] words` of the settings says
    #[arg(long, value_name = "WHOSE")]
    pub(crate) words: Option<WordsArg>,
    /// Also write what changes, and what is left to do, into this file, as Markdown
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Tell later steps of a GitHub workflow: `step`, and a `title` for a pull request
    #[arg(long)]
    pub(crate) github_output: bool,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

/// Whose words a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WordsArg {
    /// Ours: the facts are brought into our document, at the places where they differ.
    Ours,
    /// The publisher's: the file is kept as it is.
    Theirs,
}

#[derive(Debug, Args)]
pub(crate) struct Names {
    #[command(subcommand)]
    pub(crate) command: Option<NamesCommand>,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NamesCommand {
    /// Show the names, their places in the document, and earlier names with their lives (the default)
    List {
        /// Only names and places that hold this text
        text: Option<String>,
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Fix the name of a place in the settings, so that it stays whatever the document calls it
    Pin {
        /// The place: `#/components/schemas/Link`, `#/paths/~1api~1links~1/get`
        pointer: String,
        /// The name; by default the one it has
        name: Option<String>,
    },
    /// Give a type (`Link`) or a method (`Links::list`) another name, in the settings
    Rename {
        /// The name it has
        old: String,
        /// The name it shall have
        new: String,
    },
}

/// Version, changelog and the lives of aliases stand in `spec/`; `generate` renders them.
#[derive(Debug, Args)]
pub(crate) struct Release {
    /// The document of the last release
    pub(crate) old: Option<PathBuf>,
    /// The settings of OLD, where they are other ones
    #[arg(long, value_name = "FILE", requires = "old")]
    pub(crate) old_config: Option<PathBuf>,
    /// The overlays of OLD, where they are other ones
    #[arg(long, value_name = "FILE", requires = "old")]
    pub(crate) old_overlay: Vec<PathBuf>,
    /// Write the version, the changelog's entry and the lock; without it, only show them
    #[arg(long)]
    pub(crate) apply: bool,
    /// The day in the changelog, by default today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<String>,
    /// Move at least so far, for what the documents do not show
    #[arg(long, value_name = "STEP")]
    pub(crate) at_least: Option<StepArg>,
    /// Instead: whether a tag (`v1.2.3`) is the version, and the changelog tells of it
    #[arg(long, value_name = "TAG", conflicts_with_all = ["old", "apply"])]
    pub(crate) check: Option<String>,
    /// Also write the entry to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Also tell the step to GitHub's runner, as the output `step`
    #[arg(long)]
    pub(crate) github_output: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StepArg {
    Patch,
    Minor,
    Major,
}

/// Without arguments Belvo's document, with its second factor, webhooks and idempotency keys. Loopback only, unless `--host` says
/// otherwise. The header `Prefer` of a request asks for what goes wrong; the page at `/` says how, and lists the operations.
#[derive(Debug, Args)]
pub(crate) struct Mock {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    pub(crate) port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: std::net::IpAddr,
    /// Made values, and ids that are texts, follow from it
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Where notifications are posted (Belvo's webhooks): an address of yours, `http://127.0.0.1:8080/belvo`
    #[arg(long, value_name = "URL")]
    pub(crate) webhook: Option<String>,
    /// What those carry in `Authorization`
    #[arg(long, value_name = "TEXT", default_value = "Bearer mock-token", requires = "webhook")]
    pub(crate) webhook_authorization: String,
    /// The OpenAPI document (3.0, 3.1, 3.2 or Swagger 2.0; JSON or YAML)
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay with corrections; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A JSON pointer (`#/components/schemas/Link`) or a code (`E0601`)
    #[arg(value_name = "POINTER|CODE", required_unless_present = "keywords")]
    pub(crate) what: Option<String>,
    /// Instead: what becomes of every keyword of every object, as Markdown
    #[arg(long, conflicts_with = "what")]
    pub(crate) keywords: bool,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
}

/// Each correction is an action for the overlay, with its place in the document, how many bodies show it, the reason, and what changes
/// in Rust. No value of a body is shown but such as an enum lists. Exit 0: nothing to propose, or applied; 1: proposals.
#[derive(Debug, Args)]
pub(crate) struct Learn {
    /// Bodies as JSON lines (`op`, `status`, `body`), logs of deviations (`OPERATION STATUS $.path: expected .., found ..`), or one
    /// body in a file `*.json`
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The operation of what names none
    #[arg(long, value_name = "ID")]
    pub(crate) operation: Option<String>,
    /// Write the actions to the overlay, the last one where there are several; one that is missing is made. Where none is named, it is
    /// `overlay.learned.yaml` next to the document
    #[arg(long)]
    pub(crate) apply: bool,
    /// How to tell the outcome
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
    /// The OpenAPI document (3.0, 3.1, 3.2 or Swagger 2.0; JSON or YAML)
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay with corrections; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// The locked names
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Dictionary {
    /// What to write: `csv` and `md` give a file a tag, `html` and `xlsx` one file
    #[arg(long, value_enum, default_value = "html")]
    pub(crate) format: DictionaryFormat,
    /// The language: that of the document (`en`), or one that has a file `LANG.toml` in the folder of `--i18n`
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: String,
    /// Only the tables of this tag; can be given more than once
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// The folder with the languages; `i18n` next to the document if not given
    #[arg(long, value_name = "DIR")]
    pub(crate) i18n: Option<PathBuf>,
    /// Begin CSV files with the mark by which spreadsheets know UTF-8
    #[arg(long)]
    pub(crate) bom: bool,
    /// Print the language's file with all texts of the tables in it, those without a translation as the document has them
    #[arg(long)]
    pub(crate) template: bool,
    /// The OpenAPI document (3.0, 3.1, 3.2 or Swagger 2.0; JSON or YAML)
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay; can be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// Where the files go; made if it is missing
    #[arg(long, value_name = "DIR", default_value = "dictionary")]
    pub(crate) out: PathBuf,
}

/// What a dictionary is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DictionaryFormat {
    Csv,
    Xlsx,
    Html,
    Md,
}

#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// The folder with the documents
    pub(crate) dir: PathBuf,
    /// Also run `cargo check` on every crate
    #[arg(long)]
    pub(crate) compile: bool,
    /// A table as it goes, or a JSON array at the end
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
    /// Seconds for one document
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) timeout: u64,
    /// Documents at once; more than one disturbs the times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) jobs: usize,
}

/// Prints Markdown, measures what is at hand, says what is missing, never fails for a slow figure but with `--guard`. Hours for
/// everything with all rivals; `--only` and `--mode` take a part of it.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Only this table; may be repeated
    #[arg(long, value_name = "TABLE")]
    pub(crate) only: Vec<Table>,
    /// Only this way of compiling; may be repeated
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Vec<Mode>,
    /// Runs of each; the middle one counts
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) runs: usize,
    /// The document; by default the repository's own, with its settings and overlay
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// The settings of that document
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// An overlay on it; may be repeated, applied in this order
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Vec<PathBuf>,
    /// One more document for the tables of generation and output; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) document: Vec<PathBuf>,
    /// Bodies to read: JSON lines with `op`, `status` and `body`
    #[arg(long, value_name = "FILE")]
    pub(crate) bodies: Option<PathBuf>,
    /// What the bodies' readers are measured against
    #[arg(long, value_name = "BASELINE", default_value = "same")]
    pub(crate) baseline: Baseline,
    /// Instead: whether this compiler takes the instructions that `xtask/budget.tsv` says, within 3 %; exit with 1 when it does not
    #[arg(long, conflicts_with_all = ["only", "spec", "config", "overlay"])]
    pub(crate) guard: bool,
    /// Write what was counted as the new budget
    #[arg(long, requires = "guard")]
    pub(crate) accept: bool,
    /// Where the plot of the growth goes (SVG); by default `target/bench/growth.svg`
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<PathBuf>,
    /// The rival `ploidy`, if it is not on the path
    #[arg(long, value_name = "FILE")]
    pub(crate) ploidy: Option<PathBuf>,
    /// The rival `openapi-to-rust`, if it is not on the path
    #[arg(long, value_name = "FILE")]
    pub(crate) openapi_to_rust: Option<PathBuf>,
    /// The rival `oas3-gen`, if it is not on the path
    #[arg(long, value_name = "FILE")]
    pub(crate) oas3_gen: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// From the document on disk to the crate on disk
    Generation,
    /// Files, lines and bytes of the crates
    Output,
    /// A synthetic document, half to eight times GitHub's size
    Growth,
    /// Instructions of the stages of a generation, and of the `rustc` of the crates, counted by valgrind
    Instructions,
    /// The crate alone, and under a service that calls three operations
    Compile,
    /// Bodies into models, against serde's derives
    Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Baseline {
    /// serde's derives with all that the crate keeps but unknown members
    Same,
    /// The fastest that serde's derives get: unlisted enum values are lost, text is checked once and read as `&str`
    Lean,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Check,
    Debug,
    Release,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    Human,
    Json,
    Github,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Markdown,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Breaking,
}
