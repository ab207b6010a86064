//! TLS: versions, certificates of both sides, files that change, idle connections, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::exchange::{ClientCertificate, Exchange, Handler, Head};
use photon_runtime::server::Tls;
use photon_runtime::{Limits, Running, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use common::{PATIENCE, Teller, ask, folder, has, read_answer, until};

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// An authority that signs for servers and clients, with its files in a folder.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, format!("authority {name}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = folder(name);
        fs::write(folder.join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// Writes `name.pem` and `name.key`, and returns the certificate.
    fn sign(&self, name: &str) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(self.path(&format!("{name}.pem")), certificate.pem()).unwrap();
        fs::write(self.path(&format!("{name}.key")), key.serialize_pem()).unwrap();
        certificate.der().to_vec()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn tls(&self) -> Tls {
        Tls::files(self.path("server.pem"), self.path("server.key"))
    }

    /// A client that trusts this authority, with a certificate or without.
    fn client(&self, own: Option<(&Path, &str)>) -> Arc<ClientConfig> {
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

fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> Stream {
    let name = ServerName::try_from("localhost").unwrap();
    let stream = common::connect(address);
    StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), stream)
}

fn start(handler: impl Handler, tls: Tls, limits: Limits) -> Running {
    Server::new(handler).workers(2).address("127.0.0.1:0").limits(limits).tls(tls).start().unwrap()
}

/// Tells what the client has shown, and sends its body back.
struct Shown;

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

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(7, |sum, byte| (sum * 31 + u64::from(*byte)) % 1_000_003)
}

fn curl(authority: &Authority, address: SocketAddr, arguments: &[&str]) -> Output {
    Command::new("curl")
        .args(["-sS", "-v", "--max-time", "10", "--cacert"])
        .arg(authority.path("ca.pem"))
        .args(arguments)
        .arg(format!("https://localhost:{}/a", address.port()))
        .arg(format!("https://localhost:{}/b", address.port()))
        .output()
        .unwrap()
}

#[test]
fn curl_speaks_both_versions() {
    if !has("curl", "--version") {
        return;
    }
    let authority = Authority::new("versions");
    authority.sign("server");
    let running = start(Teller, authority.tls(), Limits::default());
    for (arguments, version) in
        [(&["--tlsv1.2", "--tls-max", "1.2"][..], "TLSv1.2"), (&["--tlsv1.3"][..], "TLSv1.3")]
    {
        let output = curl(&authority, running.address(), arguments);
        let (said, text) = (
            String::from_utf8_lossy(&output.stderr).into_owned(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        );
        assert!(output.status.success(), "{said}");
        assert!(text.contains("target=/a") && text.contains("target=/b"), "{text}");
        assert!(said.contains(&format!("SSL connection using {version}")), "{said}");
        assert!(said.contains("server accepted http/1.1"), "{said}");
        assert!(said.contains("Re-using existing connection"), "{said}");
    }
    let output = curl(&authority, running.address(), &["--tls-max", "1.1"]);
    assert!(!output.status.success());
    assert_eq!(running.stop(), 0);
}

#[test]
fn curl_shows_its_certificate() {
    if !has("curl", "--version") {
        return;
    }
    let authority = Authority::new("curl-client");
    authority.sign("server");
    let der = authority.sign("client");
    let tls = authority.tls().client_certificates(authority.path("ca.pem"));
    let running = start(Shown, tls, Limits::default());
    let (certificate, key) = (authority.path("client.pem"), authority.path("client.key"));
    let own = ["--cert", certificate.to_str().unwrap(), "--key", key.to_str().unwrap()];
    let output = curl(&authority, running.address(), &own);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(&format!("verified {} bytes {}", der.len(), sum(&der))), "{output:?}");
    let output = curl(&authority, running.address(), &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("certificate required"), "{said}");
    running.stop();
}

#[test]
fn clients_show_certificates_where_they_are_asked() {
    let (authority, other) = (Authority::new("clients"), Authority::new("others"));
    authority.sign("server");
    let der = authority.sign("client");
    other.sign("client");
    let verified = format!("verified {} bytes {}", der.len(), sum(&der));
    let ca = authority.path("ca.pem");
    for (tls, without, with) in [
        (authority.tls(), Some("unknown"), Some("unknown")),
        (authority.tls().optional_client_certificates(&ca), Some("missing"), Some(verified.as_str())),
        (authority.tls().client_certificates(&ca), None, Some(verified.as_str())),
    ] {
        let asks = with != Some("unknown");
        let running = start(Shown, tls, Limits::default());
        let tell = |config: &Arc<ClientConfig>| {
            let mut stream = connect(running.address(), config);
            write!(stream, "GET / HTTP/1.1\r\nHost: a\r\nClient-Cert: :AAAA:\r\n\r\n").ok()?;
            Some(read_answer(&mut stream).ok()?.split("\r\n\r\n").nth(1)?.to_owned())
        };
        assert_eq!(tell(&authority.client(None)).as_deref(), without);
        let client = authority.client(Some((&authority.folder, "client")));
        // The second time the session is resumed.
        for _ in 0..2 {
            assert_eq!(tell(&client).as_deref(), with);
        }
        if asks {
            assert_eq!(
                tell(&authority.client(Some((&other.folder, "client")))),
                None,
                "another's certificate"
            );
        }
        running.stop();
    }
}

#[test]
fn files_are_read_again_when_they_change() {
    let authority = Authority::new("reload");
    let first = authority.sign("server");
    let tls = authority.tls().reload_every(Duration::from_millis(100));
    let running = start(Teller, tls, Limits::default());
    let config = authority.client(None);
    let shown = || {
        let mut stream = connect(running.address(), &config);
        ask(&mut stream, "/a");
        stream.conn.peer_certificates().unwrap()[0].to_vec()
    };
    let mut kept = connect(running.address(), &config);
    ask(&mut kept, "/a");
    assert_eq!(shown(), first);

    for broken in ["server.key", "server.pem"] {
        fs::write(authority.path(broken), "no certificate").unwrap();
        thread::sleep(Duration::from_millis(500));
        assert_eq!(shown(), first, "files that cannot be used change nothing");
    }
    // The certificate before the key: for a while they do not fit.
    let second = authority.sign("other");
    fs::rename(authority.path("other.pem"), authority.path("server.pem")).unwrap();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(shown(), first);
    fs::rename(authority.path("other.key"), authority.path("server.key")).unwrap();
    until("the new certificate is shown", || shown() == second);
    assert!(ask(&mut kept, "/b").contains("200 OK"), "connections that exist go on");
    running.stop();
}

#[test]
fn what_cannot_be_used_at_the_start_is_told_with_its_file() {
    let authority = Authority::new("wrong");
    authority.sign("server");
    authority.sign("other");
    fs::write(authority.path("empty.pem"), "").unwrap();
    let (good, key) = (authority.path("server.pem"), authority.path("server.key"));
    for (tls, told) in [
        (Tls::files("/no/such/file", &key), "/no/such/file"),
        (Tls::files(authority.path("empty.pem"), &key), "empty.pem: it holds no certificate"),
        (Tls::files(&good, &good), "server.pem"),
        (Tls::files(&good, authority.path("other.key")), "server.pem"),
        (Tls::files(&good, &key).client_certificates(authority.path("empty.pem")), "empty.pem"),
    ] {
        let error = Server::new(Teller).address("127.0.0.1:0").tls(tls).start().unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn idle_connections_are_parked_and_come_back() {
    let authority = Authority::new("parked");
    authority.sign("server");
    let limits = Limits { park_after: Duration::from_millis(50), ..Limits::default() };
    let running = start(Teller, authority.tls(), limits);
    let config = authority.client(None);
    let mut streams: Vec<_> = (0..20).map(|_| connect(running.address(), &config)).collect();
    for round in 0..3 {
        for stream in &mut streams {
            let answer = ask(stream, &format!("/{round}"));
            assert!(answer.contains(&format!("target=/{round}")), "{answer}");
        }
        thread::sleep(Duration::from_millis(400));
    }
    // Those that have asked are answered; all hear that it is over.
    let (asking, idle) = streams.split_at_mut(10);
    for stream in asking.iter_mut() {
        stream.write_all(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(running.stop(), 0);
    assert!(begun.elapsed() < Duration::from_secs(2));
    for stream in asking {
        assert!(read_answer(stream).unwrap().contains("target=/last"));
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the end is told, not cut");
    }
    for stream in idle {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the end is told, not cut");
    }
}

#[test]
fn bodies_of_any_length_pass() {
    let authority = Authority::new("bodies");
    authority.sign("server");
    let limits = Limits { body_bytes_max: 64 << 20, ..Limits::default() };
    let running = start(Shown, authority.tls(), limits);
    let config = authority.client(None);
    let mut stream = connect(running.address(), &config);
    for length in [1, 1000, 16 << 10, (16 << 10) + 1, 100_000, 8 << 20] {
        let body: Vec<u8> =
            (0..length).map(|at: usize| at.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        let mut sent = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").into_bytes();
        sent.extend_from_slice(&body);
        stream.write_all(&sent).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        if length > 1 << 20 {
            // A client that does not read for a while holds nobody up.
            thread::sleep(Duration::from_millis(300));
            assert!(ask(&mut connect(running.address(), &config), "/").contains("200 OK"));
        }
        let mut back = vec![0; length];
        stream.read_exact(&mut back).unwrap();
        assert!(back == body, "{length}");
    }
    // In pieces of a few bytes.
    let mut pieces = connect(running.address(), &config);
    for piece in
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".chunks(5)
    {
        pieces.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(5));
    }
    assert!(read_answer(&mut pieces).unwrap().ends_with("\r\n\r\nabc"));
    running.stop();
}

#[test]
fn who_speaks_no_tls_is_not_let_in() {
    let authority = Authority::new("strangers");
    authority.sign("server");
    let limits = Limits { handshake_timeout: Duration::from_millis(500), ..Limits::default() };
    let running = start(Teller, authority.tls(), limits);

    let mut plain = common::connect(running.address());
    plain.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"), "{said:?}");

    for silent in [&b""[..], &[22, 3, 1, 2]] {
        let mut stream = common::connect(running.address());
        stream.write_all(silent).unwrap();
        let begun = Instant::now();
        assert!(matches!(stream.read(&mut [0]), Ok(0)) || !silent.is_empty());
        assert!(begun.elapsed() < PATIENCE / 2, "the time is limited");
    }

    let mut config = (*authority.client(None)).clone();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let mut stream = connect(running.address(), &Arc::new(config));
    let error =
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").and_then(|()| stream.flush()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData, "no protocol in common: {error}");
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_server_that_stops_under_load_answers_whoever_it_let_in() {
    let authority = Authority::new("load");
    authority.sign("server");
    let running = start(Teller, authority.tls(), Limits::default());
    let (address, config) = (running.address(), authority.client(None));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let config = Arc::clone(&config);
            thread::spawn(move || load(address, &config, if client % 2 == 0 { 1 } else { 20 }))
        })
        .collect();
    thread::sleep(Duration::from_millis(400));
    assert_eq!(running.stop(), 0);
    let answered: usize = clients.into_iter().map(|client| client.join().expect("a request was lost")).sum();
    assert!(answered > 20, "{answered}");
}

/// Asks until nobody listens any more; panics if a request is lost.
fn load(address: SocketAddr, config: &Arc<ClientConfig>, requests_per_connection: usize) -> usize {
    let mut answered = 0;
    loop {
        let Ok(socket) = TcpStream::connect(address) else { return answered };
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = StreamOwned::new(ClientConnection::new(Arc::clone(config), name).unwrap(), socket);
        for request in 0..requests_per_connection {
            let sent = write!(stream, "GET /{request} HTTP/1.1\r\nHost: a\r\n\r\n");
            match sent.and_then(|()| read_answer(&mut stream)) {
                Ok(answer) => {
                    assert!(answer.ends_with(&format!("target=/{request}")), "{answer}");
                    answered += 1;
                    if answer.to_ascii_lowercase().contains("connection: close") {
                        break;
                    }
                }
                // A kept connection may be closed while a request is on its way (RFC 9112, section 9.3.1).
                Err(error) => {
                    assert!(request > 0, "a new connection was not answered: {error}");
                    assert_ne!(error.kind(), ErrorKind::InvalidData, "an answer was cut: {error}");
                    break;
                }
            }
        }
    }
}

#[cfg(feature = "websocket")]
mod websocket {
    use photon_runtime::Service;

    use super::*;

    fn echo() -> Service<()> {
        Service::new((), "{}").websocket("/echo", |_cx, mut socket| {
            while let Some(message) = socket.receive()? {
                socket.send(message)?;
            }
            Ok(())
        })
    }

    #[test]
    fn frames_pass_and_the_end_is_told() {
        let authority = Authority::new("wss");
        authority.sign("server");
        let running = start(echo(), authority.tls(), Limits::default());
        let mut stream = connect(running.address(), &authority.client(None));
        write!(
            stream,
            "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        .unwrap();
        assert!(read_answer(&mut stream).unwrap().contains("101 Switching"));
        for _ in 0..3 {
            stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).unwrap();
            let mut frame = [0; 4];
            stream.read_exact(&mut frame).unwrap();
            assert_eq!(frame, [0x81, 2, b'h', b'i']);
            thread::sleep(Duration::from_millis(50));
        }
        let stopping = thread::spawn(move || running.stop());
        let mut close = [0; 4];
        stream.read_exact(&mut close).unwrap();
        assert_eq!((close[0], u16::from_be_bytes([close[2], close[3]])), (0x88, 1001));
        stream.write_all(&[0x88, 0x82, 0, 0, 0, 0, 3, 0xe9]).unwrap();
        assert_eq!(stopping.join().unwrap(), 0);
    }

    #[test]
    fn python_speaks_through_tls() {
        if !has("python3", "-cimport websockets") {
            return;
        }
        let authority = Authority::new("python");
        authority.sign("server");
        let running = start(echo(), authority.tls(), Limits::default());
        let script = "import ssl, sys\nfrom websockets.sync.client import connect\n\
                      context = ssl.create_default_context(cafile=sys.argv[1])\n\
                      with connect(sys.argv[2], ssl=context) as socket:\n\
                      \x20   for text in ['a', 'b' * 100000]:\n\
                      \x20       socket.send(text)\n\
                      \x20       assert socket.recv() == text\n";
        let output = Command::new("python3")
            .args(["-c", script])
            .arg(authority.path("ca.pem"))
            .arg(format!("wss://localhost:{}/echo", running.address().port()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        running.stop();
    }
}
