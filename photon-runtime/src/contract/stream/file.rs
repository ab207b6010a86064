//! A file as an answer: what is sent, and what clients may hold against it. How it is sent is `send`'s.
//!
//! This module knows no request.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;

use crate::blocking::blocking;
use crate::escape;
use crate::http::conditional::{Etag, Validators};
use crate::http::extension;

/// Files up to this length are read when they are opened, which saves another turn on the blocking threads.
const READ_AT_ONCE_MAX: u64 = 64 << 10;

/// A file to answer with, from disk or from memory; see [`BodyWriter::send_file`](super::BodyWriter::send_file).
///
/// ```no_run
/// use photon_runtime::SendFile;
///
/// # fn main() -> std::io::Result<()> {
/// let file = SendFile::open("uploads/7")?.media("image/png").attachment("plan.png");
/// # let _ = file; Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SendFile {
    pub(super) source: Source,
    pub(super) length: u64,
    pub(super) validators: Validators,
    /// The media type that its owner gives it.
    pub(super) media: Option<Cow<'static, str>>,
    /// The media type that its name tells.
    pub(super) guess: Option<&'static str>,
    pub(super) disposition: Option<String>,
}

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Source {
    Memory(Bytes),
    Disk(File),
}

impl SendFile {
    /// Opens a file. Its tag is made of its inode, its length and the time of its last change.
    ///
    /// Fails with `NotFound` where there is none, and for all that is no plain file. The disk is waited for on the
    /// blocking threads.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        blocking(|| Self::open_here(path)).map_err(io::Error::other)?
    }

    /// A file that is open already. The disk is waited for on the blocking threads.
    pub fn of(file: File) -> io::Result<Self> {
        blocking(|| Self::of_here(file)).map_err(io::Error::other)?
    }

    /// Bytes that are in memory. They have no tag unless they are given one.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        let content = content.into();
        Self {
            length: content.len() as u64,
            source: Source::Memory(content),
            validators: Validators::new(),
            media: None,
            guess: None,
            disposition: None,
        }
    }

    /// Opens a file on this thread, which is one that may block.
    pub(crate) fn open_here(path: &Path) -> io::Result<Self> {
        // Opening a pipe would wait for its writer; whether this is one is seen once it is open.
        let file =
            OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
        let mut file = Self::of_here(file)?;
        file.guess = path.file_name().and_then(|name| name.to_str()).and_then(extension::media_type);
        Ok(file)
    }

    fn of_here(file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "this is no plain file"));
        }
        let validators = validators(&metadata);
        let mut length = metadata.len();
        let source = if length <= READ_AT_ONCE_MAX {
            let content = read_whole(&file, usize::try_from(length).unwrap_or_default())?;
            length = content.len() as u64;
            Source::Memory(content.into())
        } else {
            Source::Disk(file)
        };
        Ok(Self { source, length, validators, media: None, guess: None, disposition: None })
    }

    /// Its media type. Defaults to what the document declares; where that is a range, or nothing, to what the file's
    /// name tells.
    #[must_use]
    pub fn media(mut self, media_type: impl Into<Cow<'static, str>>) -> Self {
        self.media = Some(media_type.into());
        self
    }

    /// Its tag, in place of the one that the file system tells.
    #[must_use]
    pub fn etag(mut self, etag: Etag) -> Self {
        self.validators = self.validators.etag(etag);
        self
    }

    /// When it was last changed, in place of what the file system tells.
    #[must_use]
    pub fn last_modified(mut self, at: impl Into<SystemTime>) -> Self {
        self.validators = self.validators.last_modified(at);
        self
    }

    /// The client is to save it under this name (RFC 6266).
    #[must_use]
    pub fn attachment(self, name: &str) -> Self {
        self.disposed("attachment", name)
    }

    /// The client is to show it, and may save it under this name (RFC 6266).
    #[must_use]
    pub fn inline(self, name: &str) -> Self {
        self.disposed("inline", name)
    }

    /// Its length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    fn disposed(mut self, kind: &str, name: &str) -> Self {
        // Old clients read the first, which is ASCII; all others the second (RFC 8187).
        let plain = |char: char| char.is_ascii_graphic() && !matches!(char, '"' | '\\' | '%' | '/');
        let ascii: String =
            name.chars().map(|char| if plain(char) || char == ' ' { char } else { '_' }).collect();
        let mut text = format!("{kind}; filename=\"{ascii}\"");
        if ascii != name {
            text.push_str("; filename*=UTF-8''");
            escape::encode(name, &mut text);
        }
        self.guess = self.guess.or_else(|| extension::media_type(name));
        self.disposition = Some(text);
        self
    }
}

impl Source {
    /// Reads from this place on this thread, which is one that may block; fewer bytes than there is room for only at
    /// the end.
    pub(super) fn read_at(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<usize> {
        let mut filled = 0;
        while !buffer.is_empty() {
            match file.read_at(buffer, at) {
                Ok(0) => break,
                Ok(count) => {
                    filled += count;
                    at += count as u64;
                    buffer = &mut buffer[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

fn read_whole(file: &File, length: usize) -> io::Result<Vec<u8>> {
    let mut content = vec![0; length];
    let filled = Source::read_at(file, &mut content, 0)?;
    content.truncate(filled);
    Ok(content)
}

/// What changes whenever the file does.
fn validators(metadata: &Metadata) -> Validators {
    let mut tag = String::with_capacity(48);
    let (inode, length) = (metadata.ino(), metadata.len());
    // Writing to memory cannot fail.
    let _ = write!(tag, "{inode:x}-{length:x}-{:x}.{:x}", metadata.mtime(), metadata.mtime_nsec());
    let validators = Validators::from(Etag::strong(tag));
    match metadata.modified() {
        Ok(at) => validators.last_modified(at),
        Err(_) => validators,
    }
}
