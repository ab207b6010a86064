//! A server whose handlers ask a database, and a client of it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use photon_runtime::db::Db;
use photon_runtime::{
    Context, Error, Health, Input, Limits, Meta, Operation, Result, Running, Server, Service, meta,
};

/// What all operations do.
type Handler = Box<dyn Fn(&Db, &Context) -> Result<String> + Send + Sync>;

/// What handlers share: the database, and what the test makes of it.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) work: Handler,
}

macro_rules! operations {
    ($($name:ident $id:literal $path:literal [$($more:tt)*])*) => { $(
        pub(crate) struct $name;

        impl Operation for $name {
            type Principal = ();
            type Output = String;
            type Error = Error;

            fn meta() -> &'static Meta {
                static META: Meta = meta($id, "GET", $path, 200).answers(&["text/plain"])$($more)*;
                &META
            }

            fn decode(_input: &mut Input<'_>, (): ()) -> Option<Self> {
                Some(Self)
            }
        }
    )* };
}

operations! {
    Work "work" "/work" []
    Hurried "hurried" "/hurried" [.timeout(300)]
    Offloaded "offloaded" "/offloaded" [.blocking()]
}

/// Serves on two workers.
pub(crate) fn serve(
    db: &Db,
    work: impl Fn(&Db, &Context) -> Result<String> + Send + Sync + 'static,
) -> Running {
    let app = App { db: db.clone(), work: Box::new(work) };
    let limits = Limits { drain_grace: Duration::from_mins(1), ..Limits::default() };
    Server::new(service(app)).address("127.0.0.1:0").limits(limits).workers(2).start().unwrap()
}

pub(crate) fn service(app: App) -> Service<App> {
    let health = Health::new().ready("/readyz").check("database", |app: &App| Ok(app.db.check()?));
    Service::new(app, "{}")
        .route(|app: &App, cx: &Context, _: Work| (app.work)(&app.db, cx))
        .route(|app: &App, cx: &Context, _: Hurried| (app.work)(&app.db, cx))
        .route(|app: &App, cx: &Context, _: Offloaded| (app.work)(&app.db, cx))
        .health(health)
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
    stream
}

pub(crate) fn send(stream: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
}

/// Status, head and body.
pub(crate) fn receive(stream: &mut TcpStream) -> (u16, String, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    (head[9..12].parse().unwrap(), head.to_ascii_lowercase(), body.to_owned())
}

pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String, String) {
    let mut stream = connect(address);
    send(&mut stream, path);
    receive(&mut stream)
}
