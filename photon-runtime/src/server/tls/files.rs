//! From the files of certificates to a configuration of `rustls`.
//!
//! The cryptography is `ring`'s: of the providers that are well kept it is the smallest, and needs no more of a machine
//! than the C compiler that Rust links with.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, server::danger::ClientCertVerifier};

use super::names::ByName;
use super::{Clients, Identity, Tls};
use crate::error::{Error, Result};

/// What is negotiated over the handshake.
const PROTOCOL: &[u8] = b"http/1.1";

/// What changes with a file's content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

/// How the files look now; `None` for one that is not there.
pub(super) fn stamps(tls: &Tls) -> Vec<Option<Stamp>> {
    let identities = std::iter::once(&tls.first).chain(&tls.others);
    let paths = identities.flat_map(|Identity { certificates, key }| [certificates, key]);
    let paths = paths.chain(tls.clients.as_ref().map(|clients| &clients.authorities));
    let stamp = |path: &PathBuf| {
        let metadata = fs::metadata(path).ok()?;
        Some(Stamp { modified: metadata.modified().ok(), length: metadata.len(), inode: metadata.ino() })
    };
    paths.map(stamp).collect()
}

/// The configuration that the files make. Everything that belongs to sessions before it is void: tickets of clients
/// whose authority is not trusted any more, above all.
pub(super) fn load(tls: &Tls) -> Result<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let first = identity(&tls.first, &provider)?;
    let others = tls.others.iter().map(|other| identity(other, &provider)).collect::<Result<_>>()?;
    let verifier = match &tls.clients {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(clients) => verifier(clients, &provider)?,
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(ByName::new(first, others)));
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config.ticketer = ring::Ticketer::new()?;
    Ok(config)
}

/// A certificate with the key that belongs to it.
fn identity(identity: &Identity, provider: &CryptoProvider) -> Result<CertifiedKey> {
    let chain = certificates(&identity.certificates)?;
    let key = PrivateKeyDer::from_pem_file(&identity.key).map_err(|error| wrong(&identity.key, error))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| wrong(&identity.certificates, error))
}

fn verifier(clients: &Clients, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>> {
    let mut authorities = RootCertStore::empty();
    for certificate in certificates(&clients.authorities)? {
        authorities.add(certificate).map_err(|error| wrong(&clients.authorities, error))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), Arc::clone(provider));
    let builder = if clients.are_required { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|error| wrong(&clients.authorities, error))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|error| wrong(path, error))?;
    if certificates.is_empty() {
        return Err(wrong(path, "it holds no certificate"));
    }
    Ok(certificates)
}

fn wrong(path: &Path, reason: impl fmt::Display) -> Error {
    Error::new(format!("cannot use {}: {reason}", path.display()))
}
