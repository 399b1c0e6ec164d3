//! How the default transports connect: through which proxy, in which time, with which certificates. The inputs are plain, so that no type of
//! reqwest or ureq is part of the API, and both transports take the same.

use std::time::Duration;

use crate::runtime::http::client::{ClientBuilder, Inner};

/// What the caller asked for.
#[derive(Default, Clone)]
pub(crate) struct Connect {
    pub(crate) proxy: Option<String>,
    timeout: Option<Duration>,
    /// In PEM, as they came.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) roots: Vec<Vec<u8>>,
    /// The certificates and the key, in PEM.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) identity: Option<(Vec<u8>, Vec<u8>)>,
}

/// What is wrong with a setting. It names the setting and shows nothing of its value, which may be secret.
pub(crate) const PROXY: &str = "`proxy`: this is no http or https url of a host";
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(crate) const ROOT: &str = "`root_certificate`: this is no certificate of an authority in pem";
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(crate) const IDENTITY: &str = "`identity`: these are no certificate and its private key in pem";

impl Connect {
    /// How long a connection may take to come about.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(30))
    }

    /// What both transports would find out too late, or not alike.
    fn check(&self) -> Result<(), &'static str> {
        if let Some(url) = &self.proxy {
            let url: http::Uri = url.parse().map_err(|_| PROXY)?;
            let empty = matches!(url.path_and_query().map_or("", |path| path.as_str()), "" | "/");
            if !matches!(url.scheme_str(), Some("http" | "https"))
                || url.host().unwrap_or_default().is_empty()
                || !empty
            {
                return Err(PROXY);
            }
        }
        #[cfg(feature = "rustls")]
        for pem in &self.roots {
            use rustls::pki_types::{CertificateDer, pem::PemObject as _};
            let mut store = rustls::RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                store.add(certificate.map_err(|_| ROOT)?).map_err(|_| ROOT)?;
            }
            if store.is_empty() {
                return Err(ROOT);
            }
        }
        Ok(())
    }

    /// That a transport of the caller's own connects as it likes, said of the first setting that would have no effect.
    fn in_vain(&self) -> &'static str {
        if self.proxy.is_some() {
            return "`proxy`: the client has a transport of its own, which takes no settings";
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        if !self.roots.is_empty() {
            return "`root_certificate`: the client has a transport of its own, which takes no settings";
        } else if self.identity.is_some() {
            return "`identity`: the client has a transport of its own, which takes no settings";
        }
        "`connect_timeout`: the client has a transport of its own, which takes no settings"
    }
}

impl Inner {
    /// Makes the transports that were asked for.
    pub(crate) fn connect(&mut self) -> Result<(), &'static str> {
        let Some(connect) = self.connect.take() else { return Ok(()) };
        if self.own_transport {
            return Err(connect.in_vain());
        }
        connect.check()?;
        #[cfg(feature = "blocking")]
        {
            let transport = crate::runtime::http::transport::blocking::Ureq::connecting(&connect)?;
            self.blocking = std::sync::Arc::new(transport);
        }
        #[cfg(feature = "reqwest")]
        {
            let transport = crate::runtime::http::transport::reqwest::Reqwest::connecting(connect)?;
            self.transport = std::sync::Arc::new(transport);
        }
        Ok(())
    }
}

/// How the default transports connect, whether a call is awaited or holds the thread. With a transport of the caller's own (`transport` and its
/// like) these settings are an error of `build`, which names them, and so is a value that cannot be used.
impl<C> ClientBuilder<C> {
    /// Goes through this proxy, whatever the environment says: `http://host:port`, with name and password as `http://name:password@host:port`,
    /// percent-encoded. Without it, the variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.inner.connect.get_or_insert_default().proxy = Some(url.into());
        self
    }

    /// How long a connection may take to come about; 30 seconds by default. `timeout` is for the whole attempt.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.inner.connect.get_or_insert_default().timeout = Some(timeout);
        self
    }

    /// Trusts servers by this certificate of an authority, in PEM, in place of those that the machine trusts. Called again, or with several in
    /// one text, all of them count.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.inner.connect.get_or_insert_default().roots.push(pem.into());
        self
    }

    /// Proves the client's identity to servers that ask for it in TLS: by a certificate, with those that vouch for it behind it, and its private
    /// key, both in PEM. With `native-tls` the key is in PKCS #8.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn identity(mut self, certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.inner.connect.get_or_insert_default().identity = Some((certificates.into(), key.into()));
        self
    }
}
