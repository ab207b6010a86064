//! Tells systemd how the service is (`sd_notify`), where it wants to know.

use std::io;
use std::os::unix::net::UnixDatagram;

/// Sends a line such as `READY=1`, if there is somebody to read it.
pub(super) fn tell(line: &str) {
    let Some(name) = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty()) else { return };
    if let Err(error) = send(&name, line.as_bytes()) {
        tracing::warn!(%error, line, "the service manager was not told");
    }
}

fn send(name: &std::ffi::OsStr, line: &[u8]) -> io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::net::SocketAddr;

        if let Some(name) = name.as_bytes().strip_prefix(b"@") {
            return socket.send_to_addr(line, &SocketAddr::from_abstract_name(name)?).map(drop);
        }
    }
    socket.send_to(line, name).map(drop)
}
