//! An authority, servers with its certificates, and clients that trust it.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use photon_runtime::exchange::{ClientCertificate, Exchange, Handler, Head};
use photon_runtime::server::Tls;
use photon_runtime::{Limits, Running, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::common::{self, folder};

pub(crate) type Stream = StreamOwned<ClientConnection, TcpStream>;

/// An authority that signs for servers and clients, with its files in a folder.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) folder: PathBuf,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, format!("authority {name}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = folder(name);
        fs::write(folder.join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// Writes `name.pem` and `name.key`, and returns the certificate.
    pub(crate) fn sign(&self, name: &str) -> Vec<u8> {
        self.sign_for(name, &["localhost", "127.0.0.1"])
    }

    /// The same for these hosts.
    pub(crate) fn sign_for(&self, name: &str, hosts: &[&str]) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(self.path(&format!("{name}.pem")), certificate.pem()).unwrap();
        fs::write(self.path(&format!("{name}.key")), key.serialize_pem()).unwrap();
        certificate.der().to_vec()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn tls(&self) -> Tls {
        Tls::files(self.path("server.pem"), self.path("server.key"))
    }

    /// A client that trusts this authority, with a certificate or without.
    pub(crate) fn client(&self, own: Option<(&Path, &str)>) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path("ca.pem")).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match own {
            None => builder.with_no_client_auth(),
            Some((folder, name)) => {
                let chain = CertificateDer::from_pem_file(folder.join(format!("{name}.pem"))).unwrap();
                let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}.key"))).unwrap();
                builder.with_client_auth_cert(vec![chain], key).unwrap()
            }
        };
        Arc::new(config)
    }
}

pub(crate) fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> Stream {
    connect_to("localhost", address, config)
}

/// Asks for the certificate of this host, or of none where that is an address.
pub(crate) fn connect_to(host: &str, address: SocketAddr, config: &Arc<ClientConfig>) -> Stream {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let stream = common::connect(address);
    StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), stream)
}

pub(crate) fn start(handler: impl Handler, tls: Tls, limits: Limits) -> Running {
    Server::new(handler).workers(2).address("127.0.0.1:0").limits(limits).tls(tls).start().unwrap()
}

/// Tells what the client has shown, and sends its body back.
pub(crate) struct Shown;

impl Handler for Shown {
    fn handle(&self, _request: &Head<'_>, exchange: &mut dyn Exchange) {
        let body = exchange.read_all().unwrap().into_owned();
        let text = match exchange.client_certificate() {
            ClientCertificate::Unknown => "unknown".to_owned(),
            ClientCertificate::Missing => "missing".to_owned(),
            ClientCertificate::Verified(der) => format!("verified {} bytes {}", der.len(), sum(der)),
        };
        exchange.send(200, &[], if body.is_empty() { text.as_bytes() } else { &body });
    }
}

pub(crate) fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(7, |sum, byte| (sum * 31 + u64::from(*byte)) % 1_000_003)
}

pub(crate) fn curl(authority: &Authority, address: SocketAddr, arguments: &[&str]) -> Output {
    Command::new("curl")
        .args(["-sS", "-v", "--max-time", "10", "--cacert"])
        .arg(authority.path("ca.pem"))
        .args(arguments)
        .arg(format!("https://localhost:{}/a", address.port()))
        .arg(format!("https://localhost:{}/b", address.port()))
        .output()
        .unwrap()
}
