//! Turns the document whose requests are fuzzed into `$OUT_DIR/bench.rs`.

fn main() -> photon_build::Result {
    photon_build::generate("../openapi/bench.yaml")
}
