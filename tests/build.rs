//! Generates what the tests and the conformance server are written against.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    photon_build::generate("../openapi/conformance.yaml")?;
    photon_build::generate("../openapi/constructs.yaml")?;
    photon_build::generate("../openapi/petstore.yaml")?;
    photon_build::generate("../openapi/reports.yaml")?;
    migration("tests/tables/openapi.yaml", "tables.rs")
}

/// The migration that users write to a file once: here it is made anew with each build, as a module to include.
fn migration(document: &str, name: &str) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={document}");
    let text = photon_build::first_migration(document)?;
    let path = Path::new(&env::var("OUT_DIR")?).join(name);
    Ok(fs::write(path, format!("mod migration {{\n{text}}}\n"))?)
}
