//! Rule 10: each coroutine takes two memory maps, and the kernel has only so many: connections are capped before, and
//! those that are idle do not count.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::Duration;

use photon_runtime::exchange::{Exchange, Head};
use photon_runtime::{Limits, sleep};

use crate::app::plain;
use crate::{answer, connect, request, serve_with};

#[test]
fn more_connections_than_fit_wait() {
    let limits =
        Limits { active_connections_max: 2, park_after: Duration::from_millis(100), ..Limits::default() };
    let running = serve_with(
        limits,
        plain(|request: &Head<'_>, _: &mut dyn Exchange| {
            if request.target == "/slow" {
                sleep(Duration::from_millis(900)).unwrap();
            }
            String::new()
        }),
    );
    let mut busy: Vec<_> = (0..2).map(|_| connect(running.address())).collect();
    for stream in &mut busy {
        stream.write_all(request("/slow").as_bytes()).unwrap();
    }
    std::thread::sleep(Duration::from_millis(100));
    let mut third = connect(running.address());
    third.write_all(request("/").as_bytes()).unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let early = third.read(&mut [0]).map_err(|error| error.kind());
    assert!(matches!(early, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{early:?}");
    third.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert_eq!(answer(&mut third).0, 200);
    assert!(busy.iter_mut().all(|stream| answer(stream).0 == 200));

    // Connections that are parked are as many as there are descriptors.
    let mut idle: Vec<_> = (0..12).map(|_| connect(running.address())).collect();
    for stream in &mut idle {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 512]).unwrap() > 0);
    }
    assert_eq!(running.connections(), 12);
    running.stop();
}

#[test]
fn the_default_leaves_maps_to_others() {
    let maps: usize = std::fs::read_to_string("/proc/sys/vm/max_map_count").unwrap().trim().parse().unwrap();
    let most = Limits::default().active_connections_max;
    assert!(most <= 20_000 && (most == 1 || 2 * most + 8192 <= maps), "{most} of {maps}");
}
