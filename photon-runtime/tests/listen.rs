//! Where a server listens: several addresses, IPv6, Unix sockets, shared ports, inherited sockets.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use photon_runtime::server::Address;

use common::{Process, again, ask, connect, folder, has, server, test_arguments};

#[test]
fn several_addresses_at_once() {
    let path = folder("several").join("socket");
    let running =
        server().address("127.0.0.1:0").address("[::1]:0").unix(&path).unix_mode(0o600).start().unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let addresses = running.addresses().to_vec();
    assert_eq!(addresses.len(), 3);
    assert_eq!(Address::Tcp(running.address()), addresses[0]);
    for (address, peer) in addresses[..2].iter().zip(["peer=127.0.0.1 ", "peer=::1 "]) {
        let Address::Tcp(address) = address else { panic!("{address}") };
        let answer = ask(&mut connect(*address), "/a");
        assert!(answer.contains(peer), "{answer}");
    }
    let mut stream = UnixStream::connect(&path).unwrap();
    let answer = ask(&mut stream, "/a");
    assert!(answer.contains("peer=nobody "), "{answer}");
    assert!(ask(&mut stream, "/b").contains("target=/b"), "the connection is kept");
    drop(stream);
    assert_eq!(running.stop(), 0);
    assert!(!path.exists());
}

#[test]
fn parked_unix_connections_come_back() {
    let path = folder("parked").join("socket");
    let limits =
        photon_runtime::Limits { park_after: std::time::Duration::from_millis(50), ..Default::default() };
    let running = server().unix(&path).limits(limits).start().unwrap();
    assert_eq!(running.address(), "0.0.0.0:0".parse::<SocketAddr>().unwrap());
    let mut stream = UnixStream::connect(&path).unwrap();
    for _ in 0..3 {
        assert!(ask(&mut stream, "/a").contains("200 OK"));
        std::thread::sleep(std::time::Duration::from_millis(400));
    }
    assert_eq!(running.stop(), 0);
}

#[test]
fn all_hosts_take_ipv4_too_unless_it_has_a_socket_of_its_own() {
    let running = server().address("[::]:0").start().unwrap();
    let port = running.address().port();
    let answer = ask(&mut connect(SocketAddr::from(([127, 0, 0, 1], port))), "/a");
    assert!(answer.contains("peer=127.0.0.1 "), "{answer}");
    running.stop();
    let both = server().address(format!("[::]:{port}")).address(format!("0.0.0.0:{port}")).start().unwrap();
    assert_eq!(both.addresses().len(), 2);
    both.stop();
}

#[test]
fn what_is_taken_is_an_error_that_names_it() {
    let first = server().address("127.0.0.1:0").start().unwrap();
    let taken = first.address().to_string();
    for shares in [false, true] {
        let error = server().address(&taken).reuse_port(shares).start().unwrap_err().to_string();
        assert!(error.contains(&format!("cannot listen on {taken}")), "{error}");
    }
    first.stop();

    let one = server().address("127.0.0.1:0").reuse_port(true).start().unwrap();
    let other = server().address(one.address().to_string()).reuse_port(true).start().unwrap();
    assert_eq!(one.address(), other.address());
    assert!(ask(&mut connect(one.address()), "/a").contains("200 OK"));
    one.stop();
    assert!(ask(&mut connect(other.address()), "/a").contains("200 OK"));
    other.stop();

    let path = folder("taken").join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let error = server().unix(&path).start().unwrap_err().to_string();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
    drop(listener);
    server().unix(&path).start().unwrap().stop();
}

#[test]
fn unresolvable_addresses_are_told() {
    for address in ["127.0.0.1", "127.0.0.1:x", "::1:80:", "nowhere.invalid:80"] {
        let error = server().address(address).start().unwrap_err().to_string();
        assert!(error.contains("cannot listen on"), "{error}");
    }
}

/// Not a test of its own: the server of others in here.
#[test]
fn serves_as_a_process() {
    if std::env::var_os(common::ROLE).is_some() {
        server().address("127.0.0.1:1").run().unwrap();
        assert!(std::env::var_os("LISTEN_FDS").is_none(), "programs that are started see no more of it");
    }
}

#[test]
fn sockets_are_inherited() {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let path = folder("inherited").join("socket");
    let unix = UnixListener::bind(&path).unwrap();
    let address = tcp.local_addr().unwrap();
    let sources = [tcp.as_raw_fd(), unix.as_raw_fd()];

    // The shell knows the process's number before it becomes the server.
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "LISTEN_PID=$$ exec \"$@\"", "sh"]).arg(std::env::current_exe().unwrap());
    command.args(test_arguments("serves_as_a_process"));
    command.env(common::ROLE, "server").env("LISTEN_FDS", "2");
    // SAFETY: both calls may be used between fork and exec.
    unsafe {
        command.pre_exec(move || {
            for (at, source) in (100..).zip(sources) {
                libc::dup2(source, at);
            }
            for (at, source) in (3..).zip([100, 101]) {
                libc::dup2(source, at);
            }
            Ok(())
        });
    }
    let (mut process, said) = Process::start(&mut command);
    assert_eq!(said, format!("http://{address}"));
    drop((tcp, unix));
    let id = process.0.id();
    for answer in [ask(&mut connect(address), "/a"), ask(&mut UnixStream::connect(&path).unwrap(), "/a")] {
        assert!(answer.contains(&format!("process={id} ")), "{answer}");
    }
    process.signal(libc::SIGTERM);
    assert_eq!(process.wait(), Some(0));
    assert!(path.exists(), "the file is the business of whoever made it");
}

#[test]
fn systemd_activates_the_server() {
    if !has("systemd-socket-activate", "--version") {
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut command = Command::new("systemd-socket-activate");
    command.arg("-l").arg(address.to_string()).arg("-E").arg(common::ROLE);
    command.arg(std::env::current_exe().unwrap()).args(test_arguments("serves_as_a_process"));
    let _process = Process(command.env(common::ROLE, "server").spawn().unwrap());
    common::until("systemd listens", || std::net::TcpStream::connect(address).is_ok());
    let answer = ask(&mut connect(address), "/a");
    assert!(answer.contains("200 OK"), "{answer}");
}

#[test]
fn descriptors_that_are_no_listeners_are_refused() {
    for count in ["1", "90"] {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "LISTEN_PID=$$ exec \"$@\" 3</dev/null", "sh"]);
        command.arg(std::env::current_exe().unwrap()).args(test_arguments("serves_as_a_process"));
        let output = command.env(common::ROLE, "server").env("LISTEN_FDS", count).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("LISTEN_FDS"), "{said}");
    }
}

#[test]
fn curl_speaks_through_a_unix_socket() {
    if !has("curl", "--version") {
        return;
    }
    let path = folder("curl").join("socket");
    let running = server().unix(&path).start().unwrap();
    let output = Command::new("curl")
        .args(["-sS", "--max-time", "10", "--unix-socket"])
        .arg(&path)
        .args(["http://localhost/a", "http://localhost/b"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && text.contains("target=/a") && text.contains("target=/b"),
        "{output:?}"
    );
    running.stop();
}

#[test]
fn a_server_that_is_meant_for_another_process_inherits_nothing() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = again("serves_where_it_is_told", "server");
    command.env("LISTEN_PID", "1").env("LISTEN_FDS", "3").env("PORT", port.to_string());
    let (mut process, said) = Process::start(&mut command);
    assert_eq!(said, format!("http://127.0.0.1:{port}"));
    process.signal(libc::SIGINT);
    assert_eq!(process.wait(), Some(0));
}

/// Not a test of its own: the server of others in here.
#[test]
fn serves_where_it_is_told() {
    if std::env::var_os(common::ROLE).is_some() {
        server().run().unwrap();
    }
}
