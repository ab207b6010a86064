//! What the framework refuses is told by a type that is no schema.

photon_runtime::include_api!(mod petstore);

use photon_runtime::{Service, Shared};

struct Refusal {
    status: u16,
}

fn told<A: Shared>(service: Service<A>) -> Service<A> {
    service.on_reject(|_, rejection| Refusal { status: rejection.kind.status().as_u16() })
}

fn main() {}
