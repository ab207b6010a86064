//! From the files of certificates to a configuration of `rustls`.
//!
//! The cryptography is `ring`'s: of the providers that are well kept it is the smallest, and needs no more of a machine
//! than the C compiler that Rust links with.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, server::danger::ClientCertVerifier};

use super::{Clients, Tls};
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
    let authorities = tls.clients.as_ref().map(|clients| clients.authorities.as_path());
    let paths = [Some(tls.certificates.as_path()), Some(tls.key.as_path()), authorities];
    let stamp = |path: &Path| {
        let metadata = fs::metadata(path).ok()?;
        Some(Stamp { modified: metadata.modified().ok(), length: metadata.len(), inode: metadata.ino() })
    };
    paths.into_iter().flatten().map(stamp).collect()
}

/// The configuration that the files make. Everything that belongs to sessions before it is void: tickets of clients
/// whose authority is not trusted any more, above all.
pub(super) fn load(tls: &Tls) -> Result<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let chain = certificates(&tls.certificates)?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| wrong(&tls.key, error))?;
    let verifier = match &tls.clients {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(clients) => verifier(clients, &provider)?,
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&tls.certificates, error))?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    config.ticketer = ring::Ticketer::new()?;
    Ok(config)
}

fn verifier(
    clients: &Clients,
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>> {
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
