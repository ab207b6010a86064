//! Turns the documents of the benches into `$OUT_DIR/bench.rs` and `$OUT_DIR/exact.rs`.

fn main() -> photon_build::Result {
    photon_build::generate("../openapi/bench.yaml")?;
    photon_build::generate("exact.yaml")
}
