//! An error that is not the caller's fault is not made a 500.

photon_runtime::include_api!(mod petstore);

use petstore::models::{Pet, PetStatus};
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store;

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        let name = std::fs::read_to_string(format!("{}.txt", req.pet_id))?;
        Ok(Pet { id: req.pet_id, name, status: PetStatus::Sold, tag: None })
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
