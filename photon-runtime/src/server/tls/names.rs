//! Which of several certificates a client gets: the first that holds the name it asks for (RFC 6066, section 3) and that
//! it can check. Knows no files.

use std::sync::Arc;

use rustls::client::verify_server_name;
use rustls::pki_types::ServerName;
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// Certificates in the order in which they are asked.
#[derive(Debug)]
pub(super) struct ByName {
    first: Arc<CertifiedKey>,
    others: Vec<Arc<CertifiedKey>>,
}

impl ByName {
    pub(super) fn new(first: CertifiedKey, others: Vec<CertifiedKey>) -> Self {
        Self { first: Arc::new(first), others: others.into_iter().map(Arc::new).collect() }
    }
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let named = || {
            let name = ServerName::try_from(hello.server_name()?).ok()?;
            let schemes = hello.signature_schemes();
            let fits =
                |key: &&Arc<CertifiedKey>| holds(key, &name) && key.key.choose_scheme(schemes).is_some();
            std::iter::once(&self.first).chain(&self.others).find(fits)
        };
        // Who asks for none of our names learns it from the certificate.
        let chosen = if self.others.is_empty() { None } else { named() };
        Some(Arc::clone(chosen.unwrap_or(&self.first)))
    }
}

/// Whether a certificate is for this name.
fn holds(key: &CertifiedKey, name: &ServerName<'_>) -> bool {
    let parsed = key.end_entity_cert().and_then(ParsedCertificate::try_from);
    parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok())
}
