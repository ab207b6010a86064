//! A handler forgets a header of the answer.

photon_runtime::include_api!(mod petstore);

use petstore::models::{Pet, PetStatus};
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store;

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        Err(GetPetError::not_found(format!("no pet {}", req.pet_id)))
    }

    fn create_pet(&self, _cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        let pet = Pet { id: 1, name: req.body.name, status: PetStatus::Available, tag: req.body.tag };
        Ok(CreatePetCreated { body: pet })
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
