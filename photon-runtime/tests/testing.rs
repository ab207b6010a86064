//! The client of WebSockets in memory.

#![allow(clippy::unwrap_used)] // A broken expectation fails the test.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use photon_runtime::testing::Client;
use photon_runtime::websocket::{CloseCode, Message, Received, Route, WebSocket};
use photon_runtime::{Context, Error, Problem, Service, StatusCode};

fn service() -> Service<()> {
    let guarded = Route::new(|_: &Context, mut socket: WebSocket| {
        let protocol = socket.protocol().unwrap_or_default();
        socket.send(protocol)
    });
    let guarded = guarded.protocols(&["b", "a"]).admit(|cx| match cx.header("authorization") {
        Some("Bearer me") => Ok(()),
        _ => Err(Problem::of(StatusCode::UNAUTHORIZED)),
    });
    Service::new((), "{}")
        .websocket("/echo", |_, mut socket| {
            while let Some(message) = socket.receive()? {
                socket.send(message)?;
            }
            Ok(())
        })
        .websocket("/ticks", |_, mut socket| {
            let sender = socket.sender();
            std::thread::spawn(move || sender.send("from elsewhere"));
            loop {
                match socket.receive_within(Duration::from_millis(20))? {
                    Received::Message(message) => socket.send(message)?,
                    Received::Nothing => socket.send("tick")?,
                    Received::Closed => return Ok(()),
                }
            }
        })
        .websocket("/fail", |_, _| Err(Error::new("a secret")))
        .websocket("/bye", |_, mut socket| socket.close(CloseCode::own(4001).unwrap(), "enough"))
        .websocket_route("/guarded", guarded)
}

#[test]
fn messages_of_any_size_come_back() {
    let service = service();
    let opened = service.get("/echo").websocket(|socket| {
        for message in [Message::from("hällo"), Message::from(vec![0xff; 200_000]), Message::from("")] {
            socket.send(message.clone());
            assert_eq!(socket.receive(), Some(message));
        }
        socket.send_json(&[1, 2]);
        assert_eq!(socket.receive_json::<Vec<u8>>(), [1, 2]);
        socket.close(CloseCode::own(3000).unwrap(), "done");
        assert_eq!(socket.closed().unwrap().code.unwrap().get(), 3000);
        socket.send("late");
        assert_eq!(socket.receive(), None);
        assert!(!socket.headers().contains_key("sec-websocket-protocol"));
        socket.headers()["sec-websocket-accept"].clone()
    });
    assert_eq!(opened.unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn whoever_sends_is_heard() {
    let heard = service().get("/ticks").websocket(|socket| {
        socket.send("mine");
        let mut wanted = vec!["mine", "tick", "from elsewhere"];
        while !wanted.is_empty() {
            let message = socket.receive().unwrap();
            wanted.retain(|text| message.as_text() != Some(text));
        }
    });
    heard.unwrap();
}

#[test]
fn how_it_ends_is_told() {
    let service = service();
    let closed = |path: &str| {
        let opened = service.get(path).websocket(|socket| {
            while socket.receive().is_some() {}
            socket.closed().cloned()
        });
        let close = opened.unwrap().unwrap();
        (close.code.unwrap().get(), close.reason)
    };
    assert_eq!(closed("/fail"), (1011, String::new()));
    assert_eq!(closed("/bye"), (4001, "enough".to_owned()));
}

#[test]
fn who_is_not_let_in_gets_an_answer() {
    let service = service();
    let asked = |token: &str| {
        let request = service.get("/guarded").bearer(token).header("sec-websocket-protocol", "a, b");
        request.websocket(Client::receive)
    };
    assert_eq!(asked("me").unwrap(), Some(Message::from("a")));
    assert_eq!(asked("you").unwrap_err().status, 401);
    let other = service.get("/echo").header("sec-websocket-version", "8").websocket(|_| ()).unwrap_err();
    assert_eq!(
        (other.status.as_u16(), &other.headers["sec-websocket-version"]),
        (426, &"13".parse().unwrap())
    );
    assert_eq!(service.get("/nowhere").websocket(|_| ()).unwrap_err().status, 404);
}

#[test]
fn a_test_that_fails_while_it_talks_fails() {
    let service = service();
    let talked = catch_unwind(AssertUnwindSafe(|| {
        let _ = service.get("/echo").websocket(|_| panic!("as asked"));
    }));
    assert_eq!(talked.unwrap_err().downcast_ref::<&str>(), Some(&"as asked"));
}
