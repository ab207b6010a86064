//! There is no `build.rs` yet.

photon_runtime::include_api!(mod petstore);

fn main() {}
