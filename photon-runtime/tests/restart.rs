//! One generation of a server hands over to the next, and no request fails.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use photon_runtime::server::Successor;

use common::{PATIENCE, Process, again, ask, connect, folder, read_answer, server, signal_process, until};

/// Requests on 11 kept connections that may cross the end of theirs, over all generations.
const RETRIED_MAX: usize = 10;

/// Where the servers of a test meet it.
const FOLDER: &str = "PHOTON_TEST_FOLDER";

/// Not a test of its own: the server of others in here.
#[test]
fn serves_as_a_process() {
    if std::env::var_os(common::ROLE).is_none() {
        return;
    }
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    if std::env::var_os("LISTEN_FDS").is_some() {
        match fs::read_to_string(folder.join("fault")).as_deref() {
            Ok("fails") => std::process::exit(9),
            Ok("hangs") => thread::sleep(PATIENCE),
            _ => {}
        }
    }
    let ended = server()
        .address("127.0.0.1:0")
        .unix(folder.join("socket"))
        .successor(Successor::again().patience(Duration::from_secs(5)))
        .run();
    std::process::exit(i32::from(ended.is_err()));
}

fn start(folder: &Path) -> (Process, SocketAddr) {
    let mut command = again("serves_as_a_process", "server");
    let (process, said) = Process::start(command.env(FOLDER, folder));
    (process, said.strip_prefix("http://").unwrap().parse().unwrap())
}

/// The process that answers on a new connection.
fn process_of(answer: &str) -> u32 {
    answer.split("process=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
}

/// Whether a process runs; one that has ended and that nobody has looked after does not.
fn runs(process: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

/// Ends whatever generation is the last.
struct Last(SocketAddr);

impl Drop for Last {
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(self.0) {
            signal_process(process_of(&ask(&mut stream, "/")), libc::SIGKILL);
        }
    }
}

#[test]
fn generations_follow_each_other_under_load() {
    const GENERATIONS: usize = 6;
    let folder = folder("generations");
    let (mut first, address) = start(&folder);
    let _last = Last(address);
    let (answered, retried) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..16)
        .map(|client| {
            let (answered, retried, stop) = (Arc::clone(&answered), Arc::clone(&retried), Arc::clone(&stop));
            thread::spawn(move || load(address, [1, 7, 1000][client % 3], &answered, &retried, &stop))
        })
        .collect();
    let path = folder.join("socket");
    let local = thread::spawn({
        let (path, stop) = (path.clone(), Arc::clone(&stop));
        move || {
            while !stop.load(Ordering::SeqCst) {
                assert!(ask(&mut UnixStream::connect(&path).unwrap(), "/local").contains("target=/local"));
            }
        }
    });

    let mut seen = vec![first.0.id()];
    for _ in 1..GENERATIONS {
        thread::sleep(Duration::from_millis(200));
        let before = *seen.last().unwrap();
        signal_process(before, libc::SIGUSR2);
        until("the former generation ends", || {
            let _ = first.0.try_wait();
            !runs(before)
        });
        let now = process_of(&ask(&mut connect(address), "/"));
        assert!(!seen.contains(&now), "{now} of {seen:?}");
        seen.push(now);
    }
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().expect("a request failed");
    }
    local.join().expect("a request over the Unix socket failed");
    let (answered, retried) = (answered.load(Ordering::Relaxed), retried.load(Ordering::Relaxed));
    eprintln!("{answered} answered, {retried} sent again on a new connection");
    assert!(answered > 200);
    // A kept connection tells with its last answer that it ends; only requests that cross that end are sent again.
    assert!(retried <= RETRIED_MAX, "{retried} of {answered}");
    assert_eq!(first.wait(), Some(0));

    // The last generation is the sockets' owner.
    let last = *seen.last().unwrap();
    assert!(path.exists());
    // Two listen, two tell of signals; those of clients that have just left go at once.
    until("no sockets are left of generations before", || {
        let Ok(descriptors) = fs::read_dir(format!("/proc/{last}/fd")) else { return true };
        let links = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        links.filter(|link| link.to_string_lossy().contains("socket:")).count() <= 4
    });
    signal_process(last, libc::SIGTERM);
    until("the last generation ends", || !runs(last));
    assert!(!path.exists() && TcpStream::connect(address).is_err());
}

/// Asks over and over; panics if a request is lost.
fn load(
    address: SocketAddr,
    requests_per_connection: usize,
    answered: &AtomicUsize,
    retried: &AtomicUsize,
    stop: &AtomicBool,
) {
    while !stop.load(Ordering::SeqCst) {
        let mut stream = connect(address);
        for request in 0..requests_per_connection {
            let sent = write!(stream, "GET /{request} HTTP/1.1\r\nHost: a\r\n\r\n");
            match sent.and_then(|()| read_answer(&mut stream)) {
                Ok(answer) => {
                    assert!(answer.ends_with(&format!("target=/{request}")), "{answer}");
                    answered.fetch_add(1, Ordering::Relaxed);
                    if answer.to_ascii_lowercase().contains("connection: close") {
                        break;
                    }
                }
                // A kept connection may be closed while a request is on its way (RFC 9112, section 9.3.1).
                Err(error) => {
                    assert!(request > 0, "a new connection was not answered: {error}");
                    assert_ne!(error.kind(), ErrorKind::InvalidData, "an answer was cut: {error}");
                    retried.fetch_add(1, Ordering::Relaxed);
                    break;
                }
            }
            if stop.load(Ordering::SeqCst) {
                return;
            }
        }
    }
}

#[test]
fn a_successor_that_fails_changes_nothing() {
    let folder = folder("fault");
    let (mut first, address) = start(&folder);
    let _last = Last(address);
    let id = first.0.id();
    let mut kept = connect(address);
    ask(&mut kept, "/");
    for fault in ["fails", "hangs"] {
        fs::write(folder.join("fault"), fault).unwrap();
        first.signal(libc::SIGUSR2);
        for _ in 0..30 {
            thread::sleep(Duration::from_millis(if fault == "fails" { 10 } else { 200 }));
            assert_eq!(process_of(&ask(&mut connect(address), "/")), id);
        }
    }
    assert_eq!(process_of(&ask(&mut kept, "/")), id, "not even the connections have noticed");
    fs::remove_file(folder.join("fault")).unwrap();
    first.signal(libc::SIGUSR2);
    assert_eq!(first.wait(), Some(0));
    assert_ne!(process_of(&ask(&mut connect(address), "/")), id);
}

#[test]
fn a_server_that_is_to_end_gives_its_successor_up() {
    let folder = folder("end");
    let (mut first, address) = start(&folder);
    fs::write(folder.join("fault"), "hangs").unwrap();
    first.signal(libc::SIGUSR2);
    thread::sleep(Duration::from_millis(300));
    first.signal(libc::SIGTERM);
    assert_eq!(first.wait(), Some(0));
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_program_that_is_no_server_takes_nothing() {
    let running = server().address("127.0.0.1:0").start().unwrap();
    for program in ["/bin/true", "/no/such/program"] {
        assert!(running.hand_over(&Successor::program(program)).is_err());
        assert!(ask(&mut connect(running.address()), "/").contains("200 OK"));
    }
    assert_eq!(running.stop(), 0);
}

#[test]
fn the_service_manager_is_told() {
    let folder = folder("manager");
    let manager = UnixDatagram::bind(folder.join("notify")).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let read = || {
        let mut bytes = [0; 100];
        let count = manager.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..count]).into_owned()
    };
    let mut command = again("serves_as_a_process", "server");
    command.env(FOLDER, &folder).env("NOTIFY_SOCKET", folder.join("notify"));
    let (mut first, said) = Process::start(&mut command);
    let _last = Last(said.strip_prefix("http://").unwrap().parse().unwrap());
    assert_eq!(read(), "READY=1");
    first.signal(libc::SIGUSR2);
    let mut told = [read(), read()];
    told.sort();
    let [process, ready] = told;
    assert_eq!(ready, "READY=1");
    let process = process.strip_prefix("MAINPID=").unwrap().parse().unwrap();
    assert_eq!(first.wait(), Some(0));
    signal_process(process, libc::SIGTERM);
    assert_eq!(read(), "STOPPING=1");
}
