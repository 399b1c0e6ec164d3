//! What a caller proves who it is with: a function for each security scheme that credentials can be made for.

use super::ident;
use super::scope::Scope;
use crate::base::Ident;
use crate::base::diagnostic::Diagnostics;
use crate::base::reserved;
use crate::ir::{Api, Origin, SecurityKind};
use crate::settings::Settings;

/// The function of a security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialName {
    /// The scheme's name in the document.
    pub scheme: String,
    /// The function of `Credentials`.
    pub ident: Ident,
    /// Whether the runtime has it for every API.
    pub common: bool,
}

/// The functions, in the order of the schemes. A scheme that nobody can have credentials for has none.
pub fn credentials(settings: &Settings, api: &Api) -> Vec<CredentialName> {
    let mut scope = Scope::new(reserved::CREDENTIALS);
    let mut unheard = Diagnostics::new();
    let mut out = Vec::new();
    let mut common = Vec::new();
    for scheme in &api.security_schemes {
        let (word, own) = match &scheme.kind {
            SecurityKind::Basic => ("login", "basic"),
            SecurityKind::Bearer => ("token", "bearer"),
            SecurityKind::Token => ("token", ""),
            SecurityKind::ApiKey { .. } => ("key", ""),
            SecurityKind::Other(_) => continue,
        };
        let chosen = settings.credentials.iter().find(|(name, _)| *name == scheme.wire).map(|(_, name)| name.as_str());
        let wanted = chosen.unwrap_or(&scheme.wire);
        let plain = if wanted.chars().any(char::is_alphanumeric) { ident::snake(wanted) } else { word.to_owned() };
        // Where several schemes work alike, the common function would make credentials for all of them.
        let is_common = plain == own && !api.shares_kind(&scheme.kind) && !common.contains(&own);
        let name = if is_common {
            common.push(own);
            plain
        } else {
            scope.take(&[plain.clone(), format!("{plain}_{word}")], &Origin::default(), &mut unheard)
        };
        out.push(CredentialName { scheme: scheme.wire.clone(), ident: Ident::of(name), common: is_common });
    }
    out
}
