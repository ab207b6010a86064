//! Bytes as an OpenAPI document: generation ends, with a module or with findings, and never panics.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("photon-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be made");
        folder
    });
    let document = folder.join("document.yaml");
    fs::write(&document, bytes).expect("the document can be written");
    let _ = photon_build::configure().out_dir(folder).run(&document);
});
