//! What is measured side by side: this compiler and the rivals that are at hand, each with the crate it makes.

use super::measure::{self, Cost};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A generator.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// As it stands in the tables.
    pub(crate) name: String,
    /// What runs it.
    pub(crate) program: PathBuf,
    kind: Kind,
    /// A folder of its own: the crate it makes, the services over it.
    pub(crate) dir: PathBuf,
    /// The features of the crate that the service asks for; none are the default ones.
    pub(crate) features: Vec<&'static str>,
}

/// The tags of the three operations, which are features where the crate has one for each tag.
const TAGS: [&str; 3] = ["accounts", "links", "transactions"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    ByCargo,
    Ploidy,
    OpenapiToRust,
    Oas3Gen,
}

/// How a generation is run; by default into an empty place.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// What is put in front of the program, with its arguments.
    pub(crate) behind: Vec<String>,
    /// Over what it wrote before.
    pub(crate) again: bool,
}

/// The inputs that only this compiler knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    pub(crate) config: Option<PathBuf>,
    pub(crate) overlays: Vec<PathBuf>,
    /// The names that generating the repository's own document locks.
    pub(crate) lock: Option<PathBuf>,
}

impl Subject {
    /// This program.
    ///
    /// # Errors
    ///
    /// When the system does not say where it is.
    pub(crate) fn ours(work: &Path) -> Result<Self, String> {
        let program = env::current_exe().map_err(|e| format!("cannot find this program: {e}"))?;
        Ok(Self {
            name: "this compiler".to_owned(),
            program,
            kind: Kind::Ours,
            dir: work.join("ours"),
            features: Vec::new(),
        })
    }

    /// The same, built for release.
    pub(crate) fn released(&self, program: PathBuf) -> Self {
        Self { name: format!("{}, release", self.name), program, ..self.clone() }
    }

    /// The same, as a maintainer runs it: by cargo, in the repository.
    pub(crate) fn by_cargo(&self) -> Self {
        let name = format!("{}, `cargo xtask generate`", self.name);
        Self { name, program: cargo(), kind: Kind::ByCargo, ..self.clone() }
    }

    /// The rivals that are at hand, and what to say of the others.
    pub(crate) fn rivals(work: &Path, named: [&Option<PathBuf>; 3]) -> (Vec<Self>, Vec<String>) {
        let mut found = Vec::new();
        let mut missing = Vec::new();
        let known = [("ploidy", Kind::Ploidy), ("openapi-to-rust", Kind::OpenapiToRust), ("oas3-gen", Kind::Oas3Gen)];
        for ((name, kind), named) in known.into_iter().zip(named) {
            match named.clone().or_else(|| on_path(name)) {
                Some(program) => {
                    let version = version(&program).unwrap_or_default();
                    let name = format!("{name} {version}").trim_end().to_owned();
                    found.push(Self { dir: work.join(file_name(&program)), name, program, kind, features: Vec::new() });
                }
                None => {
                    missing.push(format!("{name} is left out: `cargo install --locked {name}`, or `--{name} FILE`"))
                }
            }
        }
        (found, missing)
    }

    /// The folder of the crate it makes.
    pub(crate) fn krate(&self) -> PathBuf {
        self.dir.join("subject")
    }

    /// Generates the crate and says what that took.
    ///
    /// # Errors
    ///
    /// When it cannot.
    pub(crate) fn generate(&self, spec: &Path, own: &Own, how: &How) -> Result<Cost, String> {
        let out = self.krate();
        if !how.again && out.exists() {
            fs::remove_dir_all(&out).map_err(|e| format!("cannot remove `{}`: {e}", out.display()))?;
        }
        make_dir(&self.dir)?;
        let mut command = Command::new(&self.program);
        if let [front, arguments @ ..] = &how.behind[..] {
            command = Command::new(front);
            command.args(arguments).arg(&self.program);
        }
        match self.kind {
            Kind::Ours => ours(&mut command, spec, own, &out),
            Kind::ByCargo => {
                command.args(["run", "--quiet", "--package", "xtask", "--"]);
                command.env_remove("CARGO_MANIFEST_DIR");
                ours(&mut command, spec, own, &out);
            }
            Kind::Ploidy => {
                command.args(["generate", "rust"]).arg(spec).args(["--name", "subject", "-o"]).arg(&out);
            }
            Kind::OpenapiToRust => {
                make_dir(&out)?;
                command.arg("generate").arg(absolute(spec)).current_dir(&out);
            }
            Kind::Oas3Gen => {
                command.args(["generate", "client-mod", "--workspace", "-i"]).arg(spec).arg("-o").arg(&out);
            }
        }
        let cost = measure::run(&mut command, &self.dir.join("generate.log"))?;
        if self.kind == Kind::OpenapiToRust {
            // It makes modules, not a crate, and names what they need.
            let needs = read(&out.join("src/generated/REQUIRED_DEPS.toml"))?;
            let head = "[package]\nname = \"subject\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n";
            write(&out.join("Cargo.toml"), &format!("{head}{needs}"))?;
            write(&out.join("src/lib.rs"), "pub mod generated;\n")?;
        }
        Ok(cost)
    }

    /// How many operations and types this compiler found when it generated last.
    pub(crate) fn counted(&self) -> Option<(f64, f64)> {
        let log = read(&self.dir.join("generate.log")).ok()?;
        let line = log.lines().find(|line| line.starts_with('{'))?;
        let object: serde_json::Value = serde_json::from_str(line).ok()?;
        Some((object.get("operations")?.as_f64()?, object.get("schemas")?.as_f64()?))
    }

    /// Whether it is of this compiler.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.kind, Kind::Ours | Kind::ByCargo)
    }

    /// The same crate with only what the service uses, if the crate that was generated has a feature for each of its tags.
    pub(crate) fn tags_only(&self) -> Option<Self> {
        let manifest = read(&self.krate().join("Cargo.toml")).ok()?;
        let has = |tag: &&str| manifest.lines().any(|line| line.starts_with(&format!("{tag} = [")));
        TAGS.iter().all(has).then(|| Self {
            name: format!("{}, only the tags it uses", self.name),
            features: ["reqwest", "rustls"].into_iter().chain(TAGS).collect(),
            ..self.clone()
        })
    }

    /// A service's code: a call of three operations, awaited; where there is one.
    pub(crate) fn service(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Ours | Kind::ByCargo => Some(include_str!("../../../templates/bench/consumer_ours.rs")),
            Kind::Ploidy => Some(include_str!("../../../templates/bench/consumer_ploidy.rs")),
            Kind::OpenapiToRust => Some(include_str!("../../../templates/bench/consumer_openapi_to_rust.rs")),
            Kind::Oas3Gen => None,
        }
    }

    /// A library, not a program: linking costs the same whatever is linked.
    pub(crate) fn service_manifest(&self) -> String {
        let mut out = "[package]\nname = \"service\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nsubject = { path = \"../subject\"".to_owned();
        if !self.features.is_empty() {
            out.push_str(&format!(", default-features = false, features = {:?}", self.features));
        }
        out.push_str(" }\n\n[workspace]\n");
        out
    }

    /// How much Rust is in the crate: files, lines, bytes.
    pub(crate) fn size(&self) -> [usize; 3] {
        rust_below(&self.krate().join("src"))
    }
}

fn ours(command: &mut Command, spec: &Path, own: &Own, out: &Path) {
    command.args(["generate", "--format", "json", "--name", "subject", "--spec"]).arg(spec);
    command.arg("--out").arg(out);
    if let Some(config) = &own.config {
        command.arg("--config").arg(config);
    }
    for overlay in &own.overlays {
        command.arg("--overlay").arg(overlay);
    }
}

pub(crate) fn cargo() -> PathBuf {
    PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path).map(|dir| dir.join(&file)).find(|file| file.is_file())
}

fn file_name(path: &Path) -> OsString {
    path.file_stem().map_or_else(|| OsString::from("rival"), OsString::from)
}

/// The last word of what `--version` prints.
fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next()?.split_whitespace().next_back().map(str::to_owned)
}

fn rust_below(dir: &Path) -> [usize; 3] {
    let mut sum = [0; 3];
    for path in fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let more = match path.extension() {
            Some(ext) if ext == "rs" => {
                fs::read_to_string(&path).map_or([0; 3], |text| [1, text.lines().count(), text.len()])
            }
            _ if path.is_dir() => rust_below(&path),
            _ => continue,
        };
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
    sum
}

pub(crate) fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// # Errors
///
/// When the folder cannot be created.
pub(crate) fn make_dir(dir: &Path) -> Result<(), String> {
    fs::create_dir_all(dir).map_err(|e| format!("cannot create `{}`: {e}", dir.display()))
}

/// # Errors
///
/// When the file cannot be read.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("cannot read `{}`: {e}", path.display()))
}

/// Writes a file and the folders above it, unless it says so already: cargo would compile it again.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    fs::write(path, text).map_err(|e| format!("cannot write `{}`: {e}", path.display()))
}
