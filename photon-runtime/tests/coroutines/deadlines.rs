//! Every wait ends when the time of its operation is over, with an error that the handler passes on.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::app::{App, service};
use crate::{answer, connect, get, serve};

#[test]
fn waits_end_in_time_and_are_answered_503() {
    let running = serve(service(App::default()));
    for path in ["/sleeps-long", "/sleeps-offloaded"] {
        let begun = Instant::now();
        let (status, body) = get(running.address(), path);
        assert_eq!(status, 503, "{path}: {body}");
        assert!(body.contains("could not be made in time"), "{path}: {body}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{path}: {:?}", begun.elapsed());
    }
    // Who is in time is not disturbed, and who does not look at the time gets its answer through.
    assert_eq!(get(running.address(), "/in-time"), (200, "true".to_owned()));
    assert_eq!(get(running.address(), "/late"), (200, "true".to_owned()));
    running.stop();
}

#[test]
fn a_lock_is_waited_for_in_time() {
    let service = service(App::default());
    let guard = service.api().lock.lock();
    let begun = Instant::now();
    let answer = service.get("/waits-for-lock").send();
    assert_eq!(answer.status, 503);
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(guard);
    assert_eq!(service.get("/waits-for-lock").send().text(), "had the lock");
}

#[test]
fn values_are_dropped_in_order() {
    let service = service(App::default());
    assert_eq!(service.get("/sleeps-long").send().status, 503);
    assert_eq!(*service.api().dropped.lock(), ["second", "first"]);
}

#[test]
fn the_time_of_one_request_is_not_that_of_the_next() {
    let running = serve(service(App::default()));
    let mut stream = connect(running.address());
    stream.write_all(b"GET /sleeps-long HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    stream.write_all(crate::request("/identity").as_bytes()).unwrap();
    let (status, rest) = answer(&mut stream);
    assert_eq!(status, 503);
    assert!(rest.contains("HTTP/1.1 200 OK") && rest.contains("true "), "{rest}");
    running.stop();
}

/// Nobody made the client wait: it is the client that did not send.
#[test]
fn a_body_is_waited_for_in_time() {
    let running = serve(service(App::default()));
    let mut stream = connect(running.address());
    stream.write_all(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").unwrap();
    let begun = Instant::now();
    let (status, body) = answer(&mut stream);
    assert_eq!(status, 408, "{body}");
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "sooner than bodies may stand still: {:?}",
        begun.elapsed()
    );
    running.stop();
}
