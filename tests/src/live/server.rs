//! The server as a process of its own on loopback, and plain requests to it.

use super::scenarios::exact;
use crate::node::{self, Listener};
use belvo::client::{BlockingTransport, Bytes, Limits, Ureq};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where the package lies below `node_modules`.
const PACKAGE: &str = "@microsoft.azure/autorest.testserver";

/// It would listen on every address of the machine.
const LOOPBACK: &str = "const { Server } = require('net'); const { listen } = Server.prototype;
Server.prototype.listen = function (port, then) { return listen.call(this, port, '127.0.0.1', then); };";

/// The server at work; it ends with the test.
pub struct Server {
    listener: Listener,
    package: PathBuf,
}

impl Server {
    /// Installs it below `cache` when it is not there, and starts it. `None` where it cannot be had, which is said.
    pub fn start(cache: &Path) -> Option<Self> {
        let package = node::modules_of("node-live", cache)?.join(PACKAGE);
        let folder = cache.join("live");
        fs::create_dir_all(&folder).expect("a folder");
        let loopback = folder.join("loopback.js");
        fs::write(&loopback, LOOPBACK).expect("write");
        let listener = Listener::of(|port| {
            let mut command = Command::new("node");
            command.arg("--require").arg(&loopback).arg(package.join("dist/cli/cli.js"));
            command.args(["--port", &port.to_string(), "--coverageDirectory"]).arg(folder.join("coverage"));
            command.current_dir(&folder).stdin(Stdio::null()).stderr(Stdio::null());
            command
        });
        Some(Self { listener, package })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.listener.port)
    }

    /// Its documents by name, without the file's ending.
    pub fn documents(&self) -> BTreeMap<String, PathBuf> {
        let folder = fs::read_dir(self.package.join("swagger")).expect("its documents");
        let paths =
            folder.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json"));
        paths.map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path)).collect()
    }

    /// What it answers to a plain GET: status and JSON, or a text where it says that it is something else.
    pub fn get(&self, path: &str) -> Option<(u16, Value)> {
        let request = http::Request::get(format!("{}{path}", self.address())).body(Bytes::new()).ok()?;
        let limits = Limits::new(Duration::from_secs(30), 16 << 20);
        let response = Ureq::default().send_blocking(request, limits).ok()?;
        let text = String::from_utf8_lossy(response.body()).into_owned();
        let media_type = response.headers().get("content-type").map(|value| String::from_utf8_lossy(value.as_bytes()));
        let json = media_type.is_none_or(|media_type| media_type.contains("json"));
        let body = if json { exact(&text).unwrap_or(Value::Null) } else { Value::String(text) };
        Some((response.status().as_u16(), body))
    }

    /// How often each scenario was played right so far, by its name.
    pub fn coverage(&self) -> BTreeMap<String, u64> {
        let mut out = BTreeMap::new();
        for category in ["vanilla", "azure", "optional", "dpg"] {
            let (_, report) = self.get(&format!("/report/{category}")).expect("a report");
            for (name, count) in report.as_object().into_iter().flatten() {
                out.insert(format!("{category} {name}"), count.as_u64().unwrap_or_default());
            }
        }
        out
    }
}
