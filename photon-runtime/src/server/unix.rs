//! Unix sockets and the files that go with them.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};

/// The file of a socket, told from another that may take its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    /// Device and inode, which may be given out again, and when it was made.
    identity: (u64, u64, i64, i64),
}

impl SocketFile {
    /// The socket file that is there now.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path)?;
        let identity = (metadata.dev(), metadata.ino(), metadata.mtime(), metadata.mtime_nsec());
        Ok(Self { path: path.to_owned(), identity })
    }

    /// Removes the file, so that nobody connects any more; not if another has taken its place.
    pub(super) fn remove(&self) {
        let is_same = Self::of(&self.path).is_ok_and(|now| now.identity == self.identity);
        if is_same && let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "the file of a socket was left behind");
        }
    }
}

/// A socket that listens at this path. A file of a socket that nobody listens on any more is replaced.
pub(super) fn bind(path: &Path, mode: Option<u32>, backlog: u16) -> io::Result<(Socket, SocketFile)> {
    let address = SockAddr::unix(path)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    match socket.bind(&address) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            remove_stale(path)?;
            socket.bind(&address)?;
        }
        bound => bound?,
    }
    let file = SocketFile::of(path)?;
    // Nobody can connect before the socket listens, so the mode holds from the first connection on.
    let listening = mode
        .map_or(Ok(()), |mode| fs::set_permissions(path, Permissions::from_mode(mode)))
        .and_then(|()| socket.listen(i32::from(backlog)));
    if listening.is_err() {
        file.remove();
    }
    listening.map(|()| (socket, file))
}

/// Removes what a server that has ended left behind, and nothing else.
fn remove_stale(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "there is a file that is no socket"));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        // A full queue is a server's, too.
        Ok(_) | Err(_) => Err(ErrorKind::AddrInUse.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_listens_on_is_replaced() {
        let folder = std::env::temp_dir().join(format!("photon-unix-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("socket");

        let (first, file) = bind(&path, Some(0o600), 8).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(bind(&path, None, 8).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(first);

        // Longer than the clock of the file system takes for a step.
        std::thread::sleep(std::time::Duration::from_millis(20));
        let (_second, other) = bind(&path, None, 8).unwrap();
        file.remove();
        assert!(path.exists(), "the file of another socket is left alone");
        other.remove();
        assert!(!path.exists());

        fs::write(&path, "text").unwrap();
        assert_eq!(bind(&path, None, 8).unwrap_err().kind(), ErrorKind::AlreadyExists);
        fs::remove_dir_all(&folder).unwrap();
    }
}
