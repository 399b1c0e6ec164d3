//! The client of this API.

use std::fmt;
use std::ops::Deref;

use super::SETTINGS;
use crate::runtime::{Credentials, EnvironmentNames, Error, HttpClient, Server};

/// A client of the API. Cloning it is cheap; all clones share connections, credentials and rules.
#[derive(Clone)]
pub struct Client(HttpClient);

/// Puts a client together.
pub type ClientBuilder = crate::runtime::ClientBuilder<Client>;

impl Client {
    /// A client of this server with these credentials and the API's usual rules. A base URL that is none is reported by every call.
    pub fn new(server: impl Into<Server>, credentials: Credentials) -> Self {
        Self::builder(server).credentials(credentials).build_unchecked()
    }

    /// A client to be configured.
    pub fn builder(server: impl Into<Server>) -> ClientBuilder {
        ClientBuilder::new(&SETTINGS, server)
    }

    /// A client of the server and with the credentials the environment names.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    #[inline]
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// The same, to be configured further: with a transport, a timeout, other rules.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    #[inline]
    pub fn builder_from_env() -> Result<ClientBuilder, Error> {
        ClientBuilder::from_variables(&SETTINGS, &SETTINGS.environment, &|name| std::env::var(name).ok())
    }

    /// The same with variables from elsewhere.
    ///
    /// # Errors
    /// When a variable is missing or names no known server.
    #[inline]
    pub fn from_variables(names: &EnvironmentNames, get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        ClientBuilder::from_variables(&SETTINGS, names, &get)?.build()
    }
}

impl From<HttpClient> for Client {
    fn from(client: HttpClient) -> Self {
        Self(client)
    }
}

/// What carries its calls out, whatever the API.
impl Deref for Client {
    type Target = HttpClient;

    #[inline]
    fn deref(&self) -> &HttpClient {
        &self.0
    }
}

impl fmt::Debug for Client {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
