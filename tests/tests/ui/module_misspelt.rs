//! The module is not called as the document is.

photon_runtime::include_api!(mod petstroe);

fn main() {}
