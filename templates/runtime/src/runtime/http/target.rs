//! Where one call goes, and what it proves there: the client's server, the operation's own, or the one that the caller names for the call.

use std::borrow::Cow;

use crate::runtime::error::Error;
use crate::runtime::http::auth::{Asked, Credentials};
use crate::runtime::http::operation::Auth;
use crate::runtime::http::request::Draft;
use crate::runtime::http::server::{Base, Server};

impl Draft {
    /// The server of this call.
    pub(crate) fn at_server(&self) -> &Server {
        self.server.as_ref().unwrap_or(&self.client.inner().server)
    }

    /// Where this call goes, how it authenticates there, and whether that is another host than the client's.
    pub(crate) fn target(&self) -> Result<(Base, Auth, bool), (&'static str, &'static str)> {
        let inner = self.client.inner();
        let auth = self.operation.auth;
        if let Some(server) = &self.server {
            return match Base::of(server) {
                Ok(base) => Ok((base, auth, false)),
                Err(note) => Err((note, "")),
            };
        }
        let base = match &inner.base {
            Ok(base) => base,
            Err(note) => return Err((note, "")),
        };
        let target = base.for_operation(self.operation.servers, &inner.server, inner.own_servers, inner.settings)?;
        let elsewhere = !target.is_at(base);
        let auth = if elsewhere && auth == Auth::Client { Auth::None } else { auth };
        Ok((target, auth, elsewhere))
    }

    /// The client's credentials, with the tokens of this call.
    pub(crate) fn credentials(&self) -> &Credentials {
        self.tokens.as_ref().unwrap_or(&self.client.inner().credentials)
    }

    /// The token sources that this call has to ask.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        match self.target() {
            Ok((_, auth, _)) if self.at_server().send_credentials => self.client.inner().credentials.asked(auth),
            _ => Vec::new(),
        }
    }

    /// Keeps the token that a source gave.
    pub(crate) fn answer(&mut self, asked: &Asked, token: String) {
        let mut tokens = self.credentials().clone();
        tokens.answer(asked, token);
        self.tokens = Some(tokens);
    }

    /// The URL, which no token is in.
    pub(crate) fn address(&self) -> Result<String, Error> {
        let mut draft = Cow::Borrowed(self);
        for asked in self.asked() {
            draft.to_mut().answer(&asked, String::new());
        }
        Ok(draft.parts()?.url)
    }
}
