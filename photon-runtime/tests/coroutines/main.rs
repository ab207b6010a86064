//! The rules that handlers on stackful coroutines need, by number: each is a hazard that was met, and what keeps it away.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.
#![cfg(target_os = "linux")]

mod app;
mod deadlines;
mod listener;
mod rule_01_threads;
mod rule_02_timers;
mod rule_03_wakers;
mod rule_04_guards;
mod rule_05_blocking;
mod rule_06_unwinding;
mod rule_07_overflow;
mod rule_08_c_libraries;
mod rule_09_sockets;
mod rule_10_caps;
mod rule_11_cancel;
mod rule_12_ports;
mod rule_13_pinning;
mod rule_14_stack_size;
mod rule_15_turns;
mod rule_16_generator;
mod source;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Output};
use std::time::Duration;

use photon_runtime::exchange::Handler;
use photon_runtime::{Limits, Running, Server};

/// Serves on two workers, for the first server of a process decides how many there are.
pub(crate) fn serve(handler: impl Handler) -> Running {
    serve_with(Limits::default(), handler)
}

pub(crate) fn serve_with(limits: Limits, handler: impl Handler) -> Running {
    Server::new(handler).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap()
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Status and body of the answer to a GET.
pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = connect(address);
    stream.write_all(request(path).as_bytes()).unwrap();
    answer(&mut stream)
}

/// A request after which the connection closes.
pub(crate) fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

/// Reads to the end of the connection.
pub(crate) fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

/// Runs one test of this binary in a process of its own, with this variable set.
pub(crate) fn in_own_process(test: &str, variable: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(variable, "1")
        .output()
        .unwrap()
}
