//! Where the API is: the settings' environments, or the document's servers.

use crate::ir::Api;
use crate::settings::Settings;

/// A server with a name.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The variant.
    pub ident: String,
    /// What it is called on a command line.
    pub wire: String,
    /// The base URL.
    pub url: String,
    /// Whether credentials may go there.
    pub credentials: bool,
    /// Documentation.
    pub about: String,
}

/// The settings' environments, or the document's servers.
pub fn environments(settings: &Settings, api: &Api) -> Vec<Environment> {
    if !settings.environments.is_empty() {
        let wanted: Vec<Vec<String>> = settings.environments.iter().map(|e| vec![e.name.to_string()]).collect();
        let idents = super::environment_names(&wanted);
        let all = settings.environments.iter().zip(idents);
        return all
            .map(|(e, ident)| Environment {
                ident,
                wire: e.name.to_string(),
                url: e.url.to_string(),
                credentials: e.credentials,
                about: e.about.as_ref().map(|a| a.to_string()).unwrap_or_default(),
            })
            .collect();
    }
    let servers: Vec<_> = api.servers.iter().filter(|s| s.is_whole()).collect();
    let wanted: Vec<Vec<String>> = servers
        .iter()
        .map(|s| {
            let host = s.url.split("//").nth(1).and_then(|h| h.split(['/', ':']).next()).unwrap_or_default();
            let words = s.description.split_whitespace().count();
            let mut all = Vec::new();
            if (1..=3).contains(&words) {
                all.push(s.description.clone());
            } else if servers.len() == 1 {
                all.push("production".to_owned());
            }
            all.push(host.to_owned());
            all.push(s.url.clone());
            all
        })
        .collect();
    let idents = super::environment_names(&wanted);
    servers
        .iter()
        .zip(idents)
        .map(|(s, ident)| Environment {
            wire: super::snake_ident(&ident),
            ident,
            url: s.url.clone(),
            credentials: true,
            about: s.description.clone(),
        })
        .collect()
}
