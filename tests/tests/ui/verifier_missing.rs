//! The document has a new security scheme.

photon_runtime::include_api!(mod petstore);

use petstore::models::Pet;
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Context, Result, Server};

struct Store;

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        Err(GetPetError::not_found(format!("no pet {}", req.pet_id)))
    }

    fn create_pet(&self, _cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        Err(CreatePetError::conflict(req.body.name))
    }
}

impl Security for Store {}

fn main() -> Result<()> {
    Server::new(petstore::service(Store)).run()
}
