// What photon-build writes for the petstore, by hand.

use ::photon_runtime as photon;

/// The document this module was generated from.
pub const OPENAPI: &str = r#"{"openapi":"3.1.0","info":{"title":"Petstore","version":"1.0.0"},"paths":{}}"#;

const BEARER_AUTH: photon::Scheme = photon::bearer("bearerAuth");

/// Serves `api`: one route for each operation of Petstore.
pub fn service<A: PetsApi + Security + photon::Shared>(api: A) -> photon::Service<A> {
    photon::Service::new(api, OPENAPI)
        .secured_by(authenticate)
        .patterns(models::PATTERNS)
        .route(A::get_pet)
        .route(A::create_pet)
        .stream(A::watch)
}

/// Verifies what callers present: one method for each security scheme of the document.
///
/// A scheme without a verifier does not compile.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not verify the security schemes of Petstore",
    note = "write `impl Security for {Self}` with `bearer_auth`"
)]
pub trait Security {
    /// `bearerAuth`: HTTP bearer, JWT.
    fn bearer_auth(
        &self,
        cx: &photon::Context,
        bearer: photon::Bearer<'_>,
    ) -> Result<photon::Principal, photon::Unauthorized>;
}

photon::shared! { Security {
    bearer_auth(photon::Bearer<'_>) -> photon::Principal, photon::Unauthorized
} }

fn authenticate<A: Security>(
    api: &A,
    cx: &photon::Context,
    scheme: &photon::Scheme,
    input: &photon::Input<'_>,
) -> Result<photon::Principal, photon::Unauthorized> {
    match scheme.name {
        "bearerAuth" => api.bearer_auth(cx, photon::Credential::extract(scheme, input)?),
        other => unreachable!("the document has no scheme {other}"),
    }
}

/// Operations tagged `pets`: everything about the pets of the store.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle the operations tagged `pets`",
    note = "write `impl PetsApi for {Self}` with `get_pet`, `create_pet` and `watch`"
)]
pub trait PetsApi {
    /// Info for a specific pet.
    ///
    /// `GET /pets/{petId}`
    fn get_pet(&self, cx: &photon::Context, req: GetPet) -> Result<models::Pet, GetPetError>;

    /// Create a pet.
    ///
    /// `POST /pets`, with scope `pets:write`
    fn create_pet(&self, cx: &photon::Context, req: CreatePet) -> Result<CreatePetCreated, CreatePetError>;

    /// Every pet as it comes.
    ///
    /// `GET /pets/watch`
    fn watch(
        &self,
        cx: &photon::Context,
        req: Watch,
        events: photon::Events<models::Pet>,
    ) -> Result<(), WatchError>;
}

photon::shared! { PetsApi {
    get_pet(GetPet) -> models::Pet, GetPetError;
    create_pet(CreatePet) -> CreatePetCreated, CreatePetError;
    watch(Watch, photon::Events<models::Pet>) -> (), WatchError
} }

/// What [`PetsApi::get_pet`] is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct GetPet {
    /// The id of the pet to retrieve.
    pub pet_id: i64,
    /// Whether to include sold pets. Defaults to `false`.
    pub sold: bool,
}

/// The errors [`PetsApi::get_pet`] may answer with.
#[derive(Debug)]
pub enum GetPetError {
    /// 404: no pet has this id.
    NotFound(photon::Problem),
    /// 500: not the caller's fault; logged, never shown.
    Internal(photon::Error),
}

photon::errors! { GetPetError, problem NotFound not_found 404 }

static GET_PET: photon::Meta = photon::meta("getPet", "GET", "/pets/{petId}", 200)
    .params(&[photon::path("petId").rule(photon::int(1, i64::MAX)), photon::query("sold").default("false")])
    .answers(&["application/json"]);

photon::operation! { GetPet -> models::Pet, GetPetError = GET_PET, pet_id sold }

/// What [`PetsApi::create_pet`] is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePet {
    /// The caller, verified by `bearerAuth` to hold `pets:write`.
    pub principal: photon::Principal,
    pub body: models::NewPet,
}

/// 201: the pet was created.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePetCreated {
    /// `Location`: where the pet now lives.
    pub location: String,
    pub body: models::Pet,
}

impl photon::Reply for CreatePetCreated {
    fn reply(self, response: &mut photon::Response) {
        response.header("location", &self.location).json(&self.body);
    }
}

/// The errors [`PetsApi::create_pet`] may answer with.
#[derive(Debug)]
pub enum CreatePetError {
    /// 409: a pet of this name is already in the store.
    Conflict(photon::Problem),
    /// 500: not the caller's fault; logged, never shown.
    Internal(photon::Error),
}

photon::errors! { CreatePetError, problem Conflict conflict 409, }

static CREATE_PET: photon::Meta = photon::meta("createPet", "POST", "/pets", 201)
    .body(&[photon::json()])
    .answers(&["application/json"])
    .security(&[&[BEARER_AUTH.scopes(&["pets:write"])]]);

photon::operation! { CreatePet(photon::Principal) -> CreatePetCreated, CreatePetError = CREATE_PET; body: body }

/// What [`PetsApi::watch`] is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// How many to wait for.
    pub limit: Option<i32>,
}

/// The errors [`PetsApi::watch`] may answer with.
#[derive(Debug)]
pub enum WatchError {
    /// 429: too many watch.
    Throttled { retry_after: i64 },
    /// 500: not the caller's fault; logged, never shown.
    Internal(photon::Error),
}

photon::errors! { WatchError, fields Throttled 429 "application/json" { retry_after "retry-after" } }

static WATCH: photon::Meta = photon::meta("watch", "GET", "/pets/watch", 200)
    .params(&[photon::query("limit").rule(photon::int(0, 100))])
    .answers(&["text/event-stream"]);

photon::operation! { Watch -> (), WatchError = WATCH, limit }

impl photon::Streaming for Watch {
    type Sink = photon::Events<models::Pet>;
}

/// The schemas of the document.
pub mod models {
    use ::photon_runtime as photon;

    pub(super) static PATTERNS: &[&photon::Pattern] = &[&LETTERS];
    static LETTERS: photon::Pattern = photon::Pattern::new("^[A-Za-z]+$");

    /// A pet without an id yet.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NewPet {
        pub name: String,
        pub tag: Option<String>,
    }

    static NEW_PET: photon::Record = photon::record("NewPet", &["name", "tag"])
        .required(&["name"])
        .rules(&[("name", photon::text(1, 64).pattern(&LETTERS)), ("tag", photon::text(0, 32))])
        .deny_extra();

    photon::model! { NewPet, NEW_PET, name tag }

    /// A pet of the store.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Pet {
        /// Given by the store.
        pub id: i64,
        pub name: String,
        pub status: PetStatus,
        pub tag: Option<String>,
    }

    static PET: photon::Record = photon::record("Pet", &["id", "name", "status", "tag"])
        .required(&["id", "name", "status"])
        .read_only(&["id"]);

    photon::model! { Pet, PET, id name status tag }

    /// Where a pet is in its life at the store.
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    pub enum PetStatus {
        Available,
        Sold,
    }

    photon::choice! { PetStatus, Available = "available", Sold = "sold" }
}
