//! The sample of the design, as users would write it, with its tests.

// The sample prints, as programs do.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

photon_runtime::include_api!(mod petstore);

use std::collections::BTreeMap;

use petstore::models::{Pet, PetStatus};
use petstore::{CreatePet, CreatePetCreated, CreatePetError, GetPet, GetPetError, PetsApi, Security};
use photon_runtime::sync::RwLock;
use photon_runtime::{Bearer, Context, NotFound, Principal, Result, ResultExt as _, Server, Unauthorized};

/// The whole state of the application: no extractors, no injection, just `self`.
#[derive(Default)]
struct Store {
    pets: RwLock<BTreeMap<i64, Pet>>,
}

impl Store {
    fn find(&self, id: i64) -> Result<Pet, NotFound> {
        self.pets.read().get(&id).cloned().ok_or_else(|| NotFound::new(format!("no pet {id}")))
    }
}

impl PetsApi for Store {
    fn get_pet(&self, _cx: &Context, req: GetPet) -> Result<Pet, GetPetError> {
        let pet = self.find(req.pet_id)?; // a declared 404
        if pet.status == PetStatus::Sold && !req.sold {
            return Err(GetPetError::not_found("this pet is sold"));
        }
        Ok(pet)
    }

    fn create_pet(&self, cx: &Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError> {
        let mut pets = self.pets.write();
        if pets.values().any(|pet| pet.name == req.body.name) {
            return Err(Taken::Name(req.body.name).into()); // a declared 409
        }

        let id = i64::try_from(pets.len()).internal()? + 1; // not the caller's fault: a logged 500
        let pet = Pet { id, name: req.body.name, status: PetStatus::Available, tag: req.body.tag };
        pets.insert(id, pet.clone());

        cx.after(move || println!("pet {id} created by {}", req.principal.subject));
        Ok(CreatePetCreated { location: format!("/pets/{id}"), body: pet })
    }
}

impl Security for Store {
    fn bearer_auth(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        match bearer.token {
            "let-me-in" => Ok(Principal { subject: "ada".into(), scopes: vec!["pets:write".into()] }),
            _ => Err(Unauthorized::new("unknown token")),
        }
    }
}

/// What the domain says. It may be a `thiserror` enum: the mapping to a declared answer is one `impl`.
#[derive(Debug)]
enum Taken {
    Name(String),
}

impl From<Taken> for CreatePetError {
    fn from(error: Taken) -> Self {
        let Taken::Name(name) = error;
        Self::conflict(format!("{name} is taken"))
    }
}

fn main() -> Result<()> {
    Server::new(petstore::service(Store::default())).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_pet_is_not_found() {
        let store = Store::default();
        let error = store.get_pet(&Context::test(), GetPet { pet_id: 7, sold: false });
        assert!(matches!(error, Err(GetPetError::NotFound(_))));
    }

    #[test]
    fn the_wire() {
        let service = petstore::service(Store::default());
        let rex = serde_json::json!({ "name": "Rex" });

        assert_eq!(service.post("/pets").json(&rex).send().status, 401); // before the body is looked at
        let created = service.post("/pets").bearer("let-me-in").json(&rex).send();
        assert_eq!(created.status, 201);
        assert_eq!(created.headers["location"], "/pets/1");
        assert_eq!(service.post("/pets").bearer("let-me-in").json(&rex).send().status, 409);

        let pet = service.get("/pets/1").query("sold", "true").send();
        assert_eq!(pet.body, br#"{"id":1,"name":"Rex","status":"available"}"#);
        assert_eq!(service.get("/pets/0").send().status, 422);
        assert_eq!(service.get("/pets/2").send().status, 404);
    }
}
