//! A handler fails with a status that the document does not declare.

photon_runtime::include_api!(mod petstore);

use petstore::models::Pet;
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store;

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        Err(GetPetError::conflict(format!("no pet {}", req.pet_id)))
    }

    fn create_pet(&self, _cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        Err(CreatePetError::conflict(req.body.name))
    }
}

impl Security for Store {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        Ok(Principal::new(bearer.token))
    }
}

fn main() -> Result<()> {
    Server::new(petstore::service(Store)).run()
}
