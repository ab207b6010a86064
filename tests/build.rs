//! Generates what the tests and the conformance server are written against.

fn main() -> photon_build::Result {
    photon_build::generate("../openapi/conformance.yaml")?;
    photon_build::generate("../openapi/constructs.yaml")?;
    photon_build::generate("../openapi/petstore.yaml")?;
    photon_build::generate("../openapi/reports.yaml")
}
