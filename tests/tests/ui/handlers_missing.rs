//! Nothing handles the operations of a tag.

photon_runtime::include_api!(mod petstore);

use petstore::Security;
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store;

impl Security for Store {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        Ok(Principal::new(bearer.token))
    }
}

fn main() -> Result<()> {
    Server::new(petstore::service(Store)).run()
}
