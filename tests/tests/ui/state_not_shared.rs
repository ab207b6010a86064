//! The state of the application is for one thread.

photon_runtime::include_api!(mod petstore);

use std::cell::RefCell;
use std::rc::Rc;

use petstore::models::Pet;
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::{Bearer, Context, Principal, Result, Server, Unauthorized};

struct Store {
    names: Rc<RefCell<Vec<String>>>,
}

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        Err(GetPetError::not_found(self.names.borrow()[req.pet_id as usize].clone()))
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
    Server::new(petstore::service(Store { names: Rc::default() })).run()
}
