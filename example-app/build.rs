//! Turns the document into `$OUT_DIR/example.rs`.

fn main() -> photon_build::Result {
    photon_build::configure().principal("crate::app::Caller").generate("../openapi/example.yaml")
}
