//! Rule 3: a waker used by another thread lets a coroutine go on anywhere, so that a busy one is woken by its socket.

use std::io::Write as _;
use std::time::Duration;

use photon_runtime::Limits;
use photon_runtime::exchange::{BodyError, Exchange};

use crate::app::{here, plain};
use crate::{answer, connect, serve_with};

#[test]
fn who_is_woken_at_its_deadline_is_where_it_was() {
    let limits = Limits { body_stall_timeout: Duration::from_millis(100), ..Limits::default() };
    let running = serve_with(
        limits,
        plain(|_: &_, exchange: &mut dyn Exchange| {
            let before = here();
            let outcome = exchange.read_all().map(|_| ());
            format!("{} {}", outcome == Err(BodyError::Timeout), before == here())
        }),
    );
    let mut streams: Vec<_> = (0..16).map(|_| connect(running.address())).collect();
    for stream in &mut streams {
        stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").unwrap();
    }
    for stream in &mut streams {
        assert_eq!(answer(stream), (200, "true true".to_owned()));
    }
    running.stop();
}
