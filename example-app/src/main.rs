//! A service on Photon.
fn main() {}
