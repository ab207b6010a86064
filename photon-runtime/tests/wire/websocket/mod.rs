//! WebSocket over real sockets: frames in, frames out.

mod app;
mod client;

use std::io::Write as _;
use std::net::Shutdown;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use photon_runtime::websocket::Room;
use photon_runtime::{Limits, Running, WebSocketLimits};

use app::{Meeting, limits};
use client::{BINARY, CLOSE, Client, PING, PONG, TEXT, close, frame, handshake, text};

fn serve() -> Running {
    app::serve(&Meeting::default(), limits())
}

/// Waits until a room has so many members.
fn until_members(room: &Room, count: usize) {
    let begun = Instant::now();
    while room.len() != count {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} members", room.len());
        thread::yield_now();
    }
}

#[test]
fn messages_come_back() {
    let running = serve();
    let mut client = Client::open(running.address(), "/echo");
    client.send(TEXT, "hällo".as_bytes());
    assert_eq!(client.receive(), text("hällo"));
    client.send(BINARY, b"\xff\0");
    assert_eq!(client.receive(), (BINARY, b"\xff\0".to_vec()));
    // In fragments, cut within a character, with a ping in between.
    client.send(0x01, b"h\xc3");
    client.send(PING, b"alive?");
    assert_eq!(client.receive(), (PONG, b"alive?".to_vec()));
    client.send(0x00, b"\xa4l");
    client.send(0x80, b"lo");
    assert_eq!(client.receive(), text("hällo"));
    // Byte by byte; pongs that nobody asked for are ignored.
    client.send(PONG, b"");
    for byte in frame(TEXT, b"slow") {
        client.raw(&[byte]);
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(client.receive(), text("slow"));
    // Long ones are not copied, and small ones follow them as before.
    for length in [125, 126, 20_000, 70_000, 100_000, 3] {
        let payload = vec![b'x'; length];
        client.raw(&[frame(BINARY, &payload), frame(TEXT, b"next")].concat());
        assert_eq!(client.receive(), (BINARY, payload), "{length}");
        assert_eq!(client.receive(), text("next"));
    }
    client.send(CLOSE, &[&4999_u16.to_be_bytes()[..], b"bye"].concat());
    assert_eq!(client.receive(), close(4999, "bye"));
    client.end();
    assert_eq!(running.stop(), 0);
}

#[test]
fn a_frame_may_come_with_the_handshake() {
    let running = serve();
    let bytes = [handshake("/echo", "").into_bytes(), frame(TEXT, b"early")].concat();
    let (mut client, head) = Client::ask(running.address(), &bytes);
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert_eq!(client.receive(), text("early"));
    client.end_in_order();
    running.stop();
}

#[test]
fn a_handler_knows_its_request() {
    let running = serve();
    let mut client = Client::open(running.address(), "/who/J%C3%BCrgen?a=1&b");
    assert_eq!(client.receive(), text("Jürgen a=1&b true /who/{name}"));
    assert_eq!(client.receive(), close(1000, ""));
    client.end();
    running.stop();
}

#[test]
fn faults_of_the_client_are_named() {
    let running = serve();
    let long = vec![b'x'; 60_000];
    let cases: [(&str, Vec<u8>, u16); 12] = [
        ("/echo", vec![TEXT, 2, b'h', b'i'], 1002),
        ("/echo", frame(0xc1, b"reserved bit"), 1002),
        ("/echo", frame(0x83, b"reserved opcode"), 1002),
        ("/echo", frame(0x80, b"continues nothing"), 1002),
        ("/echo", frame(CLOSE, b"\x03"), 1002),
        ("/echo", [&[TEXT, 0xfe, 0, 2][..], &[0; 6]].concat(), 1002),
        ("/echo", frame(0x01, b"\xff"), 1007),
        ("/echo", frame(BINARY, &vec![0; 100_001])[..14].to_vec(), 1009),
        ("/echo", [frame(0x02, &long), frame(0x80, &long)].concat(), 1009),
        ("/sum", frame(BINARY, b"[1]"), 1003),
        ("/sum", frame(TEXT, b"[1"), 1007),
        ("/sum", frame(TEXT, b"[1,true]"), 1008),
    ];
    for (path, bytes, code) in cases {
        let mut client = Client::open(running.address(), path);
        client.raw(&bytes);
        let (first, payload) = client.receive();
        assert_eq!((first, &payload[..2]), (CLOSE, &code.to_be_bytes()[..]), "{bytes:?}");
        assert!(payload.len() > 2, "it says what is wrong");
        client.end();
    }
    assert_eq!(running.stop(), 0);
}

#[test]
fn json_is_typed() {
    let running = serve();
    let mut client = Client::open(running.address(), "/sum");
    client.send(TEXT, b" [1, 2, 39] ");
    assert_eq!(client.receive(), text("42"));
    client.send(TEXT, b"[true]");
    assert_eq!(client.receive(), close(1008, "/0: must be an integer, not a boolean"));
    client.end();
    running.stop();
}

#[test]
fn faults_of_the_handler_are_not_told() {
    let running = serve();
    for path in ["/fail", "/panic"] {
        let mut client = Client::open(running.address(), path);
        assert_eq!(client.receive(), close(1011, ""), "{path}");
        client.end();
    }
    let mut client = Client::open(running.address(), "/echo");
    client.send(TEXT, b"still here");
    assert_eq!(client.receive(), text("still here"));
    drop(client);
    running.stop();
}

#[test]
fn a_handler_may_close() {
    let running = serve();
    let mut client = Client::open(running.address(), "/close");
    // What crosses the closing frame is lost.
    client.send(TEXT, b"meanwhile");
    assert_eq!(client.receive(), close(4001, "enough"));
    client.end();
    assert_eq!(running.stop(), 0);
}

#[test]
fn what_is_no_handshake_is_told_what_to_ask() {
    let running = serve();
    let good = handshake("/chosen", "");
    let upgrade = "upgrade: websocket\r\nsec-websocket-version: 13\r\n";
    for (request, status, says) in [
        (good.replace("Upgrade: websocket\r\n", ""), "426 Upgrade Required", upgrade),
        (good.replace("Version: 13", "Version: 7"), "426 Upgrade Required", upgrade),
        (good.replace("HTTP/1.1", "HTTP/1.0"), "426 Upgrade Required", upgrade),
        (good.replace("dGhl", "dGh"), "400 Bad Request", "application/problem+json"),
        (good.replace("GET", "POST"), "405 Method Not Allowed", "allow: "),
        (handshake("/chosen", "Origin: https://there.example\r\n"), "403 Forbidden", "problem+json"),
        (handshake("/chosen", "X-Key: wrong\r\n"), "401 Unauthorized", "x-seen: 200\r\n"),
        (handshake("/chosen", "Content-Length: 1\r\n"), "400 Bad Request", "problem+json"),
        (handshake("/nowhere", ""), "404 Not Found", "problem+json"),
        (handshake("/who/%ff", ""), "400 Bad Request", "problem+json"),
    ] {
        let (client, head) = Client::ask(running.address(), &request);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}{head}");
        assert!(head.contains(says), "{head}");
        drop(client);
    }
    running.stop();
}

#[test]
fn the_protocol_is_chosen() {
    let running = serve();
    for (offered, chosen) in [("v1, v2", "v1"), ("v3, v2", "v2"), ("v3", "none")] {
        let more = format!("Sec-WebSocket-Protocol: {offered}\r\nOrigin: https://here.example\r\n");
        let (mut client, head) = Client::ask(running.address(), handshake("/chosen", &more));
        assert_eq!(
            head.contains(&format!("sec-websocket-protocol: {chosen}\r\n")),
            chosen != "none",
            "{head}"
        );
        assert!(head.contains("x-seen: 200\r\n"), "{head}");
        assert_eq!(client.receive(), text(chosen));
        drop(client);
    }
    running.stop();
}

#[test]
fn a_server_that_stops_says_so() {
    let running = serve();
    let address = running.address();
    let mut clients: Vec<_> = (0..20).map(|_| Client::open(address, "/echo")).collect();
    for client in &mut clients {
        client.send(TEXT, b"open");
        assert_eq!(client.receive(), text("open"));
    }
    let (sender, stopped) = mpsc::channel();
    thread::spawn(move || sender.send(running.stop()));
    for mut client in clients {
        assert_eq!(client.receive(), close(1001, "the server is stopping"));
        client.end();
    }
    assert_eq!(stopped.recv_timeout(Duration::from_secs(5)), Ok(0));
}

#[test]
fn a_handler_may_send_now_and_then() {
    let running = serve();
    let mut client = Client::open(running.address(), "/ticks");
    client.send(PING, b"");
    client.send(TEXT, b"mine");
    let mut received = Vec::new();
    while received.len() < 5 {
        received.push(client.receive());
    }
    assert!(received.contains(&(PONG, Vec::new())) && received.contains(&text("mine")), "{received:?}");
    let ticks = received.iter().filter(|(_, payload)| payload.iter().any(u8::is_ascii_digit));
    assert_eq!(ticks.count(), 3);
    stops_in_order(running, client);
}

/// Handlers that never wait for a message learn of it as they send.
#[test]
fn a_server_that_stops_is_not_held_up() {
    let running = serve();
    let mut client = Client::open(running.address(), "/flood");
    assert_eq!(client.receive(), text("drop"));
    stops_in_order(running, client);
}

/// Stops the server, which says so after what it was sending.
fn stops_in_order(running: Running, mut client: Client) {
    let (sender, stopped) = mpsc::channel();
    thread::spawn(move || sender.send(running.stop()));
    let last = loop {
        match client.receive() {
            (TEXT, _) => {}
            other => break other,
        }
    };
    assert_eq!(last, close(1001, "the server is stopping"));
    client.end();
    assert_eq!(stopped.recv_timeout(Duration::from_secs(5)), Ok(0));
}

#[test]
fn silence_is_asked_about_and_ended() {
    let brief = Duration::from_millis(150);
    let times = WebSocketLimits { ping_interval: brief, idle_timeout: brief * 6, ..limits() };
    let running = app::serve(&Meeting::default(), times);
    let mut alive = Client::open(running.address(), "/echo");
    let mut dead = Client::open(running.address(), "/echo");
    let begun = Instant::now();
    while begun.elapsed() < brief * 10 {
        assert_eq!(alive.receive(), (PING, Vec::new()));
        alive.send(PONG, b"");
    }
    loop {
        match dead.receive() {
            (PING, payload) => assert_eq!(payload, b""),
            other => {
                assert_eq!(other, close(1008, "nothing was heard for too long"));
                break;
            }
        }
    }
    drop((alive, dead));
    running.stop();
}

#[test]
fn others_may_send_while_the_handler_receives() {
    let running = serve();
    let mut client = Client::open(running.address(), "/tell");
    for number in 0..100 {
        assert_eq!(client.receive(), text(&number.to_string()));
    }
    assert_eq!(client.receive(), close(1000, "told"));
    client.end();
    assert_eq!(running.stop(), 0);
}

/// The queue holds four.
#[test]
fn handlers_wait_for_room_in_the_queue_of_another() {
    let meeting = Meeting::default();
    let running = app::serve(&meeting, limits());
    let mut sink = Client::open(running.address(), "/sink");
    while meeting.sink.lock().is_none() {
        thread::yield_now();
    }
    let mut relays: Vec<_> = (0..4).map(|_| Client::open(running.address(), "/relay")).collect();
    let payload = vec![b'x'; 10_000];
    for relay in &mut relays {
        let many: Vec<u8> = (0..250).flat_map(|_| frame(BINARY, &payload)).collect();
        let mut stream = relay.0.try_clone().unwrap();
        thread::spawn(move || stream.write_all(&many));
    }
    for _ in 0..1000 {
        assert_eq!(sink.receive(), (BINARY, payload.clone()));
    }
    for relay in &mut relays {
        for count in 1..=250 {
            assert_eq!(relay.receive(), text(&count.to_string()));
        }
    }
    drop(sink);
    drop(relays);
    assert_eq!(running.stop(), 0);
}

#[test]
fn who_does_not_read_is_given_up() {
    let meeting = Meeting::default();
    let brief = Duration::from_millis(300);
    let websocket = WebSocketLimits { message_bytes_max: 2 << 20, ..limits() };
    let limits = Limits { write_stall_timeout: brief, websocket, ..Limits::default() };
    let running = app::serve_within(&meeting, limits);
    let sink = Client::open(running.address(), "/sink");
    while meeting.sink.lock().is_none() {
        thread::yield_now();
    }
    let mut relay = Client::open(running.address(), "/relay");
    let payload = vec![0; 1 << 20];
    for _ in 0..40 {
        relay.send(BINARY, &payload);
        if relay.receive() == text("gone") {
            assert_eq!(relay.receive(), close(1000, ""));
            drop(sink);
            assert_eq!(running.stop(), 0);
            return;
        }
    }
    panic!("the queue has no bounds");
}

#[test]
fn a_room_hears_what_its_members_say() {
    let meeting = Meeting::default();
    let running = app::serve(&meeting, limits());
    let mut members: Vec<_> = (0..10).map(|_| Client::open(running.address(), "/room")).collect();
    until_members(&meeting.room, 10);
    members[3].send(TEXT, b"hello");
    for (at, member) in members.iter_mut().enumerate().filter(|(at, _)| *at != 3) {
        assert_eq!(member.receive(), text("hello"), "{at}");
    }
    let gone = members.pop().unwrap();
    gone.0.shutdown(Shutdown::Both).unwrap();
    until_members(&meeting.room, 9);
    assert_eq!(meeting.room.broadcast("for all"), 9);
    for member in &mut members {
        assert_eq!(member.receive(), text("for all"));
    }
    for client in members {
        client.end_in_order();
    }
    until_members(&meeting.room, 0);
    assert_eq!(running.stop(), 0);
}

#[test]
fn who_is_too_slow_for_a_room_is_closed() {
    let meeting = Meeting::default();
    let running = app::serve(&meeting, limits());
    let mut client = Client::open(running.address(), "/deaf");
    until_members(&meeting.deaf, 1);
    for told in [1, 1, 1, 1, 0, 0] {
        assert_eq!(meeting.deaf.broadcast("news"), told);
    }
    assert_eq!(client.receive(), close(1013, "too slow for this room"));
    client.end();
    running.stop();
}

#[test]
fn clients_that_vanish_leave_nothing_behind() {
    let running = serve();
    for bytes in [Vec::new(), vec![TEXT], frame(0x01, b"begun"), frame(TEXT, b"whole")] {
        let mut client = Client::open(running.address(), "/echo");
        client.raw(&bytes);
        drop(client);
    }
    let begun = Instant::now();
    while running.connections() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(running.stop(), 0);
}
