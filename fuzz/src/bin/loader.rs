//! Bytes as an OpenAPI document: generation ends, with a module or with findings, and never panics; a module is Rust.
//!
//! Lines of `===` divide the bytes into the document, `other.yaml` for it to refer to, and an overlay. The options turn
//! on how many bytes there are, so that every one meets every document in time.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use photon_build::{Config, DateTimeCrate, Formats, Integers, UnknownMedia, Untyped};

/// What divides the files.
const DIVIDER: &[u8] = b"\n===\n";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("photon-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be made");
        folder
    });
    let mut files = divide(bytes);
    let first = files.next().unwrap_or_default();
    let document =
        write(folder, if first.starts_with(b"{") { "document.json" } else { "document.yaml" }, first);
    write(folder, "other.yaml", files.next().unwrap_or_default());
    let mut config = options(bytes.len()).out_dir(folder);
    if let Some(overlay) = files.next() {
        config = config.overlay(write(folder, "overlay.yaml", overlay));
    }
    if let Err(error) = config.run(&document) {
        let error = error.to_string();
        assert!(!error.contains("a fault of Photon"), "{error}");
    }
});

fn divide(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest.take()?;
        let Some(at) = bytes.windows(DIVIDER.len()).position(|window| window == DIVIDER) else {
            return Some(bytes);
        };
        rest = Some(&bytes[at + DIVIDER.len()..]);
        Some(&bytes[..at])
    })
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file can be written");
    path
}

fn options(number: usize) -> Config {
    let config = photon_build::configure();
    match number % 4 {
        0 => config.untyped(Untyped::Exact).integers(Integers::Arbitrary),
        1 => config.formats(Formats::Annotate).date_time(DateTimeCrate::Text),
        2 => config.unknown_media(UnknownMedia::Refuse).base_path("/v2"),
        _ => config,
    }
}
