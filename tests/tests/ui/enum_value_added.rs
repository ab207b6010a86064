//! The document has a new value of an enum.

photon_runtime::include_api!(mod petstore);

use petstore::models::{Pet, PetStatus};
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store;

fn is_for_sale(status: PetStatus) -> bool {
    match status {
        PetStatus::Available => true,
    }
}

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        let pet = Pet { id: req.pet_id, name: "Rex".into(), status: PetStatus::Sold, tag: None };
        if is_for_sale(pet.status) { Ok(pet) } else { Err(GetPetError::not_found("sold")) }
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
