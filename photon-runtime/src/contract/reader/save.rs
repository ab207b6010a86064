//! Writes what arrives to a file, the disk waited for on the blocking threads.
//!
//! This module knows no request.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;

use crate::blocking::blocking;

/// How much is gathered before it is written.
const PIECE_BYTES: usize = 128 << 10;

/// Writes all that comes into a new file, and says how long it is. What was written is removed if the rest cannot be.
pub(super) fn save(reader: &mut dyn Read, path: &Path) -> io::Result<u64> {
    let mut file = on_disk(|| File::create_new(path))?;
    copy(reader, &mut file).inspect_err(|_| {
        // That it could not be written is what is told.
        let _ = on_disk(|| fs::remove_file(path));
    })
}

fn copy(reader: &mut dyn Read, file: &mut File) -> io::Result<u64> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut written = 0;
    loop {
        let mut filled = 0;
        while filled < piece.len() {
            match reader.read(&mut piece[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        on_disk(|| file.write_all(&piece[..filled]))?;
        written += filled as u64;
        if filled < piece.len() {
            return Ok(written);
        }
    }
}

fn on_disk<T: Send>(work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    blocking(work).map_err(io::Error::other)?
}
