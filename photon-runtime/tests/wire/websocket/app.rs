//! A service whose paths each stand for one habit of WebSocket handlers.

use std::sync::Arc;
use std::time::Duration;

use photon_runtime::sync::Mutex;

use photon_runtime::websocket::{CloseCode, Received, Room, Route, Sender, Slow, WebSocket};
use photon_runtime::{
    Context, Error, Limits, Problem, Result, Running, Server, Service, StatusCode, WebSocketLimits,
};

/// Where handlers and tests meet.
#[derive(Clone, Default)]
pub(crate) struct Meeting {
    pub(crate) room: Room,
    /// Whose handler does not receive.
    pub(crate) deaf: Room,
    /// Who gets what is sent to `/relay`.
    pub(crate) sink: Arc<Mutex<Option<Sender>>>,
}

/// Limits that tests reach.
pub(crate) fn limits() -> WebSocketLimits {
    WebSocketLimits { message_bytes_max: 100_000, queue_messages_max: 4, ..WebSocketLimits::default() }
}

pub(crate) fn serve(meeting: &Meeting, websocket: WebSocketLimits) -> Running {
    serve_within(meeting, Limits { websocket, ..Limits::default() })
}

pub(crate) fn serve_within(meeting: &Meeting, limits: Limits) -> Running {
    let service = Service::new((), "{}")
        .websocket("/echo", echo)
        .websocket("/who/{name}", who)
        .websocket("/sum", sum)
        .websocket("/fail", |_: &Context, _: WebSocket| Err(Error::new("a secret")))
        .websocket("/panic", |_: &Context, _: WebSocket| panic!("as asked"))
        .websocket("/close", |_: &Context, mut socket: WebSocket| {
            socket.close(CloseCode::own(4001).unwrap(), "enough")?;
            assert!(socket.receive()?.is_none());
            assert!(socket.send("late").is_err());
            Ok(())
        })
        .websocket("/tell", |_: &Context, mut socket: WebSocket| {
            // From a thread of its own, while the handler receives.
            let sender = socket.sender();
            std::thread::spawn(move || tell(&sender));
            while socket.receive()?.is_some() {}
            Ok(())
        })
        .websocket("/ticks", |_: &Context, mut socket: WebSocket| {
            let mut count = 0;
            loop {
                match socket.receive_within(Duration::from_millis(20))? {
                    Received::Message(message) => socket.send(message)?,
                    Received::Nothing => socket.send(count.to_string())?,
                    Received::Closed => return Ok(()),
                }
                count += 1;
            }
        })
        .websocket("/flood", |_: &Context, mut socket: WebSocket| {
            loop {
                socket.send("drop")?;
                photon_runtime::sleep(Duration::from_millis(5)).unwrap();
            }
        })
        .websocket("/sink", sink(Arc::clone(&meeting.sink)))
        .websocket("/relay", relay(Arc::clone(&meeting.sink)))
        .websocket("/room", join(meeting.room.clone()))
        .websocket("/deaf", deaf(meeting.deaf.clone()))
        .websocket_route("/chosen", chosen());
    Server::new(service).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap()
}

fn echo(_cx: &Context, mut socket: WebSocket) -> Result<()> {
    while let Some(message) = socket.receive()? {
        socket.send(message)?;
    }
    Ok(())
}

fn who(cx: &Context, mut socket: WebSocket) -> Result<()> {
    let name = socket.path("name").unwrap_or_default().to_owned();
    let query = socket.query_string().to_owned();
    socket.send(format!("{name} {query} {} {}", cx.peer().is_some(), cx.operation()))
}

/// Adds up lists of numbers.
fn sum(_cx: &Context, mut socket: WebSocket) -> Result<()> {
    while let Some(numbers) = socket.receive_json::<Vec<i64>>()? {
        socket.send_json(&numbers.iter().sum::<i64>())?;
    }
    Ok(())
}

fn tell(sender: &Sender) {
    for number in 0..100 {
        sender.send(number.to_string()).unwrap();
    }
    sender.close(CloseCode::NORMAL, "told");
}

fn sink(
    place: Arc<Mutex<Option<Sender>>>,
) -> impl Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync + 'static {
    move |_, mut socket| {
        *place.lock() = Some(socket.sender());
        while socket.receive()?.is_some() {}
        Ok(())
    }
}

/// Sends on, as fast as the other side takes it, and says so in the end.
fn relay(
    place: Arc<Mutex<Option<Sender>>>,
) -> impl Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync + 'static {
    move |_, mut socket| {
        let Some(sink) = place.lock().clone() else { return Err(Error::new("nobody is there")) };
        let mut count = 0;
        while let Some(message) = socket.receive()? {
            if sink.send(message).is_err() {
                return socket.send("gone");
            }
            count += 1;
            socket.send(count.to_string())?;
        }
        Ok(())
    }
}

fn join(room: Room) -> impl Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync + 'static {
    move |_, mut socket| {
        let member = room.join(&socket.sender());
        while let Some(message) = socket.receive()? {
            member.broadcast(message);
        }
        Ok(())
    }
}

fn deaf(room: Room) -> impl Fn(&Context<'_>, WebSocket<'_>) -> Result<()> + Send + Sync + 'static {
    let room = room.slow(Slow::Close);
    move |_, mut socket| {
        let _member = room.join(&socket.sender());
        while socket.sender().is_open() {
            photon_runtime::sleep(Duration::from_millis(1)).unwrap();
        }
        assert!(socket.receive()?.is_none());
        Ok(())
    }
}

fn chosen() -> Route {
    Route::new(|_: &Context, mut socket: WebSocket| {
        let protocol = socket.protocol().unwrap_or("none");
        socket.send(protocol)
    })
    .protocols(&["v2", "v1"])
    .origins(&["https://here.example"])
    .admit(|cx| {
        cx.response_headers().insert("x-seen", StatusCode::OK.as_u16().into());
        if cx.header("x-key") == Some("wrong") {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "no such key"));
        }
        Ok(())
    })
}
