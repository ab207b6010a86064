//! Generates a document into a folder: `cargo run --example generate -- openapi.yaml target/generated`.

#![allow(clippy::print_stdout, reason = "an example's output")]

fn main() -> photon_build::Result {
    let mut arguments = std::env::args().skip(1);
    let document = arguments.next().unwrap_or_else(|| "openapi/petstore.yaml".into());
    let folder = arguments.next().unwrap_or_else(|| "target/generated".into());
    let mut config = photon_build::configure().out_dir(folder);
    if let Some(vendor) = arguments.next() {
        config = config.vendor(vendor);
    }
    config.generate(document)
}
