//! Where the document comes from: what may be fetched, and the record of what was.
//!
//! `cargo xtask fetch` decides by [`From::read`], [`redirect`] and [`Limits`]; what it brought in is a [`Source`], kept in
//! the file that the settings name (`[document] provenance`) and told by the generated crate's `DOCUMENT`.

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{FileId, Span};
use std::path::PathBuf;

/// What a fetch may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the document. The largest published documents have about 15 MB.
    pub bytes: u64,
    /// Seconds for everything, redirects included.
    pub seconds: u64,
    /// Redirects in a row.
    pub redirects: usize,
}

/// What `fetch` keeps to.
pub const LIMITS: Limits = Limits { bytes: 64 << 20, seconds: 60, redirects: 5 };

/// Where a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// An address that may be fetched.
    Url(String),
    /// A file.
    File(PathBuf),
}

impl From {
    /// Reads what the command line or the settings name.
    ///
    /// # Errors
    /// Why the address is not fetched.
    pub fn read(text: &str) -> Result<Self, String> {
        // `c:\x` and `shop:v1.yaml` are files; an address has a scheme of two letters or more and `//`.
        let Some((scheme, _)) = text.split_once("://").filter(|(scheme, _)| scheme.len() > 1) else {
            return Ok(Self::File(PathBuf::from(text)));
        };
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(format!("`{text}` is not fetched: only https is, since nothing else says who answered"));
        }
        host(text).map(|_| Self::Url(text.to_owned()))
    }
}

/// Host and port of an https address.
fn host(url: &str) -> Result<String, String> {
    let rest = url.get(8..).unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("the address holds credentials: they would end up in logs and in the provenance".to_owned());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    if authority.is_empty() || !authority.chars().all(plain) {
        return Err(format!("`{url}` names no host"));
    }
    let authority = authority.to_ascii_lowercase();
    Ok(authority.strip_suffix(":443").unwrap_or(&authority).to_owned())
}

/// Where an answer of status 3xx leads: only to the same host, only over https.
///
/// # Errors
/// Why it is not followed.
pub fn redirect(from: &str, location: &str) -> Result<String, String> {
    let here = host(from)?;
    let location = location.trim();
    let to = if let Some(rest) = location.strip_prefix("//") {
        format!("https://{rest}")
    } else if location.contains("://") {
        location.to_owned()
    } else if location.starts_with('/') {
        let end = from.get(8..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(from.len(), |n| n + 8);
        format!("{}{location}", from.get(..end).unwrap_or_default())
    } else {
        let path = from.split(['?', '#']).next().unwrap_or_default();
        let folder = path.rfind('/').filter(|n| *n >= 8).and_then(|n| path.get(..=n));
        folder.map_or_else(|| format!("{path}/{location}"), |folder| format!("{folder}{location}"))
    };
    if !to.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) {
        return Err(format!("`{from}` redirects to `{to}`, which is not https"));
    }
    let there = host(&to)?;
    if there != here {
        return Err(format!(
            "`{from}` redirects to another host, `{there}`; if that is where the document is now, fetch it from there"
        ));
    }
    Ok(to)
}

/// The record of a document that was brought in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The address, or the file's name.
    pub source: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// What the document calls its version. Different documents have carried the same one.
    pub version: String,
    /// The hash of its content as it came, by [`hash_content`](crate::document::hash_content): the same for YAML and JSON.
    pub hash: String,
}

const HEAD: &str = "\
# What the document next to this file was made from. `cargo xtask fetch` writes it; `belvo::DOCUMENT` tells the date.
# The hash is of the content as it came, whatever the order of keys and whether YAML or JSON; edits made since do not count.
";

impl Source {
    /// The record as the text of its file.
    pub fn print(&self) -> String {
        let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
        format!(
            "{HEAD}source = {}\ndate = {}\nversion = {}\nhash = {}\n",
            text(&self.source),
            text(&self.date),
            text(&self.version),
            text(&self.hash)
        )
    }

    /// Reads the text of a record; what is wrong goes to `out` (`E0908`).
    pub fn parse(text: &str, file: FileId, out: &mut Diagnostics) -> Self {
        let mut wrong = |message: String, range: Option<std::ops::Range<usize>>| {
            let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let at = range.unwrap_or(0..0);
            let span = Span { file, start: offset(at.start), end: offset(at.end) };
            let help = "it has `source`, `date`, `version` and `hash`, all texts; `cargo xtask fetch` writes it anew";
            out.push(Diagnostic::error("E0908", message).at(span).help(help));
        };
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let line = error.message().lines().next().unwrap_or_default().to_lowercase();
                wrong(format!("the provenance is no valid TOML: {line}"), error.span());
                return Self::default();
            }
        };
        let mut source = Self::default();
        for (key, slot) in [
            ("source", &mut source.source),
            ("date", &mut source.date),
            ("version", &mut source.version),
            ("hash", &mut source.hash),
        ] {
            match table.get(key).and_then(toml::Value::as_str) {
                Some(value) => *slot = value.to_owned(),
                None => wrong(format!("the provenance has no text `{key}`"), None),
            }
        }
        if let Some(key) = table.keys().find(|key| !["source", "date", "version", "hash"].contains(&key.as_str())) {
            wrong(format!("the provenance has an unknown key `{key}`"), None);
        }
        if !source.date.is_empty() && !is_day(&source.date) {
            wrong(format!("`{}` is no day of the form `2026-04-23`", source.date), None);
        }
        source
    }
}

/// Whether a text is a day, `2026-04-23`.
pub fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|p| p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (Some(_), Some(month), Some(day)) = (number(4), number(2), number(2)) else { return false };
    parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// The day that lies `seconds` after the start of 1970, in UTC.
pub fn day(seconds: u64) -> String {
    // Howard Hinnant's civil_from_days, for days after 1970: years begin in March, eras have 400 of them.
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
