fn main() -> photon_build::Result {
    photon_build::generate("../../../openapi/bench.yaml")
}
