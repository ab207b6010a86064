//! Rule 12: a port belongs to one server; the coroutine library's own `bind` would share it in silence.

use socket2::{Domain, Socket, Type};

use crate::app::{App, service};
use crate::serve;
use crate::source::lines_with;

#[test]
#[allow(clippy::disallowed_methods, reason = "somebody else does what we must not")]
fn a_port_cannot_be_shared() {
    let running = serve(service(App::default()));
    let other = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    other.set_reuse_address(true).unwrap();
    other.set_reuse_port(true).unwrap();
    let bound = other.bind(&running.address().into());
    assert_eq!(bound.map_err(|error| error.kind()), Err(std::io::ErrorKind::AddrInUse));
    running.stop();
    assert_eq!(lines_with(&["TcpListener::bind"]), Vec::<String>::new());
    // Once, where the application asks for it.
    let shared = lines_with(&["set_reuse_port"]);
    assert!(matches!(shared.as_slice(), [line] if line.contains("server/listen.rs")), "{shared:?}");
}
