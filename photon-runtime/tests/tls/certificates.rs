//! Certificates of both sides: whose is shown, when files change, what cannot be used.

use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use photon_runtime::server::Tls;
use photon_runtime::{Limits, Server};
use rustls::ClientConfig;

use crate::authority::{Authority, Shown, connect, connect_to, curl, start, sum};
use crate::common::{Teller, ask, has, read_answer, until};

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
fn the_certificate_is_that_of_the_name() {
    let authority = Authority::new("names");
    let first = authority.sign("server");
    let net = authority.sign_for("net", &["example.net", "www.example.net"]);
    let any = authority.sign_for("any", &["*.example.org"]);
    let files = |name: &str| (authority.path(&format!("{name}.pem")), authority.path(&format!("{name}.key")));
    let ((net_pem, net_key), (any_pem, any_key)) = (files("net"), files("any"));
    let tls = authority.tls().reload_every(Duration::from_millis(100));
    let tls = tls.and_files(&net_pem, &net_key).and_files(&any_pem, &any_key);
    let running = start(Teller, tls, Limits::default());
    let config = authority.client(None);
    let shown = |host: &str| {
        let mut stream = connect_to(host, running.address(), &config);
        ask(&mut stream, "/a");
        stream.conn.peer_certificates().unwrap()[0].to_vec()
    };
    for (host, certificate) in [
        ("localhost", &first),
        ("example.net", &net),
        ("WWW.example.NET", &net),
        ("a.example.org", &any),
        // No name is asked for: an address is none.
        ("127.0.0.1", &first),
    ] {
        assert!(shown(host) == *certificate, "{host}");
    }
    // Whoever asks for another name gets the first, and sees that it is not meant.
    for host in ["a.b.example.org", "example.com"] {
        let mut stream = connect_to(host, running.address(), &config);
        let error = stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap_err();
        assert!(error.to_string().contains("not valid for name"), "{host}: {error}");
    }
    // Each of them is read again when it changes.
    let second = authority.sign_for("net", &["example.net"]);
    until("the new certificate is shown", || shown("example.net") == second);
    assert!(shown("a.example.org") == any);
    running.stop();
}
