//! A verifier returns a caller of its own, which is not the one that operations are given.

photon_runtime::include_api!(mod petstore);

use petstore::models::Pet;
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Result, Server, Unauthorized};

struct Store;

struct User {
    name: String,
}

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        Err(GetPetError::not_found(format!("no pet {}", req.pet_id)))
    }

    fn create_pet(&self, _cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        Err(CreatePetError::conflict(req.body.name))
    }
}

impl Security for Store {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<User, Unauthorized> {
        Ok(User { name: bearer.token.into() })
    }
}

fn main() -> Result<()> {
    Server::new(petstore::service(Store)).run()
}
