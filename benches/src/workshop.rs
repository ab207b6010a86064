//! Where benches find things and leave things: the repository, the shared folder, a scratch folder under `target`.

use std::fs;
use std::io::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A document of the corpus, `None` where there is no corpus.
pub fn document(file: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("PHOTON_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = shared.join("corpus").join(file);
    path.is_file().then_some(path)
}

/// A folder under `target` for what a bench makes.
pub fn scratch(name: &str) -> Result<PathBuf> {
    let folder = root().join("target/benches").join(name);
    fs::create_dir_all(&folder)?;
    folder.canonicalize()
}

/// The cargo that runs us, without what it told this process: a build of its own.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANIFEST") || name == "CARGO" {
            command.env_remove(&*name);
        }
    }
    command
}

/// Builds the peers of the bench service, once, and tells where a binary of theirs is.
pub fn peer(name: &str) -> Result<PathBuf> {
    let target = scratch("peers")?;
    let manifest = root().join("benches/peers/Cargo.toml");
    let built = cargo()
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(manifest)
        .args(["--bin", name])
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    if !built.success() {
        return Err(io::Error::other(format!("the peer {name} does not build")));
    }
    Ok(target.join("release").join(name))
}

/// Installs a generator from the registry, once, and tells where its binary is.
pub fn install(name: &str, version: &str) -> Result<PathBuf> {
    let folder = root().join("target/peers");
    let binary = folder.join("bin").join(name);
    if binary.is_file() {
        return Ok(binary);
    }
    eprintln!("installing {name} {version} from the registry into {}", folder.display());
    let mut command = cargo();
    command.args(["install", name, "--locked", "--version", version, "--root"]).arg(&folder);
    if command.env("CARGO_TARGET_DIR", folder.join("build")).status()?.success() {
        return Ok(binary);
    }
    Err(io::Error::other(format!("{name} {version} cannot be installed")))
}

/// The number of lines of all `.rs` files in a folder.
pub fn lines(folder: &Path) -> Result<usize> {
    let mut lines = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            lines += self::lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += fs::read_to_string(&path)?.lines().count();
        }
    }
    Ok(lines)
}
