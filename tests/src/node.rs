//! Programs from npm that the suites run: Prism, which plays an API from its document, Redocly's linter, and a peer's test server.
//!
//! `package-lock.json` in `tests/node` and `tests/node-live` pins every package with its hash. They are installed once, without running any script of
//! theirs, into a folder of the build directory that is named after the lock.

use crate::place::root;
use crate::skips::skip;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The folder `node_modules` with what most suites need, below `cache`; it is filled when it is not there.
///
/// `None` where it cannot be had, which is said on the terminal. CI has everything, so there it is a failure.
pub fn modules(cache: &Path) -> Option<PathBuf> {
    modules_of("node", cache)
}

/// The same for what a folder of `tests` asks for.
pub fn modules_of(folder: &str, cache: &Path) -> Option<PathBuf> {
    match install(folder, cache) {
        Ok(modules) => Some(modules),
        Err(reason) => {
            let strict = env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false");
            assert!(!strict, "{reason}");
            skip(&reason);
            None
        }
    }
}

/// A script of an installed package, to be run by Node.
pub fn script(modules: &Path, file: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(modules.join(file)).stdin(Stdio::null());
    // They look for news and send figures home otherwise.
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").env("NO_COLOR", "1");
    command
}

fn install(wanted: &str, cache: &Path) -> Result<PathBuf, String> {
    let read = |name: &str| {
        fs::read(root().join("tests").join(wanted).join(name)).map_err(|e| format!("tests/{wanted}/{name}: {e}"))
    };
    let (package, lock) = (read("package.json")?, read("package-lock.json")?);
    let mut hasher = DefaultHasher::new();
    (&package, &lock).hash(&mut hasher);
    let folder = cache.join(format!("node-{:016x}", hasher.finish()));
    let modules = folder.join("node_modules");
    if modules.is_dir() {
        return Ok(modules);
    }
    // Several suites may come here at once: each installs aside, and the first to be done gives its folder the name.
    let aside = cache.join(format!("node-{}-{:?}", std::process::id(), std::thread::current().id()));
    let written = fs::create_dir_all(&aside)
        .and_then(|()| fs::write(aside.join("package.json"), package))
        .and_then(|()| fs::write(aside.join("package-lock.json"), lock));
    written.map_err(|e| format!("{}: {e}", aside.display()))?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
    let run = Command::new(npm).args(arguments).current_dir(&aside).stdin(Stdio::null()).output();
    let outcome = match run {
        Err(e) => Err(format!("npm cannot be started, which this suite needs (install Node 20 or later): {e}")),
        Ok(run) if !run.status.success() => {
            Err(format!("npm could not install tests/{wanted}: {}", String::from_utf8_lossy(&run.stderr).trim()))
        }
        Ok(_) if fs::rename(&aside, &folder).is_ok() || modules.is_dir() => Ok(modules),
        Ok(_) => Err(format!("{} cannot be moved to {}", aside.display(), folder.display())),
    };
    // What is left of a failure, or of an installation that came second.
    let _ = fs::remove_dir_all(&aside);
    outcome
}

/// A program that listens on loopback; it ends with the test.
pub struct Listener {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Listener {
    /// Runs what `command` makes of a free port, and waits until it listens there.
    pub fn of(command: impl Fn(u16) -> Command) -> Self {
        // Another program may take the free port before this one does; then the next one is tried.
        let started = (0..3).find_map(|_| {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
            let port = free.expect("a free port").port();
            let process = command(port).stdout(Stdio::null()).spawn().expect("node starts");
            let mut listener = Self { process, port };
            listener.is_ready().then_some(listener)
        });
        started.expect("the program starts")
    }

    /// Waits until it listens. A large document takes Prism seconds, on a busy machine a minute.
    fn is_ready(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(300) {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return false;
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return true;
            }
            thread::sleep(Duration::from_millis(100));
        }
        false
    }
}

/// Prism on a document.
pub fn prism(modules: &Path, document: &Path) -> Listener {
    Listener::of(|port| {
        let mut command = script(modules, "@stoplight/prism-cli/dist/index.js");
        command.args(["mock", "--host", "127.0.0.1", "--verboseLevel", "fatal", "--port", &port.to_string()]);
        command.arg(document);
        command
    })
}
