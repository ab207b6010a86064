//! Turns the document whose requests are fuzzed into `$OUT_DIR/everything.rs`.

fn main() -> photon_build::Result {
    photon_build::generate("everything.yaml")
}
