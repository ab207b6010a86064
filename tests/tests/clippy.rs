//! The lints that come with the runtime flag what stops a thread, and say what to write instead.

// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const LINTS: &str = "../photon-runtime/clippy-user.toml";

/// A line of a handler, and what clippy must say of it; nothing where it may stay.
const LINES: [(&str, &str); 11] = [
    ("std::thread::sleep(std::time::Duration::from_millis(1));", "photon_runtime::sleep"),
    ("let _ = std::sync::Mutex::new(1);", "photon_runtime::sync::Mutex"),
    ("let _ = std::sync::RwLock::new(1);", "photon_runtime::sync::RwLock"),
    ("let _ = std::sync::Condvar::new();", "photon_runtime::sync::Condvar"),
    ("let _ = std::net::TcpStream::connect(\"localhost:1\");", "photon_runtime::blocking"),
    ("let _ = std::process::Command::new(\"ls\").output();", "photon_runtime::blocking"),
    ("let _ = std::thread::spawn(|| ()).join();", "photon_runtime::blocking"),
    ("let _ = std::sync::mpsc::channel::<u8>().1.recv();", "photon_runtime::blocking"),
    (
        "thread_local! { static HERE: u8 = const { 1 } } HERE.with(|here| println!(\"{here}\"));",
        "Context::extensions",
    ),
    ("let _ = std::sync::atomic::AtomicU8::new(1);", ""),
    ("let _ = std::sync::Arc::new(1);", ""),
];

#[test]
fn what_stops_a_thread_is_flagged() {
    let folder = scratch();
    let handlers = LINES.iter().enumerate();
    let handlers: Vec<String> =
        handlers.map(|(at, (line, _))| format!("pub fn handler_{at}() {{ {line} }}")).collect();
    fs::write(folder.join("src/lib.rs"), handlers.join("\n")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["clippy", "--offline", "--quiet", "--message-format", "json"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{errors}");
    for (at, (line, expected)) in LINES.iter().enumerate() {
        let place = format!("\"line_start\":{}", at + 1);
        let of_line =
            told.lines().filter(|message| message.contains("disallowed") && message.contains(&place));
        let of_line: Vec<&str> = of_line.collect();
        assert_eq!(of_line.is_empty(), expected.is_empty(), "{line}\n{told}");
        assert!(of_line.iter().all(|message| message.contains(expected)), "{line}\n{of_line:?}");
    }
    assert!(!told.contains("clippy.toml"), "the file itself is understood: {told}");
}

#[test]
fn the_example_uses_them() {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    assert!(read("../example-app/clippy.toml") == read(LINTS), "copy {LINTS} to example-app/clippy.toml");
}

/// A crate without dependencies that uses the lints.
fn scratch() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clippy-user");
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"flagged\"\nedition = \"2024\"\n[workspace]\n")
        .unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(LINTS), folder.join("clippy.toml")).unwrap();
    folder
}
