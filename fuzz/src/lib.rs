//! What the targets need: the service whose requests are fuzzed, and what must hold for every answer of it. It sends back
//! what was decoded, so that encoding is fuzzed as well.

use std::sync::OnceLock;

use photon_runtime::{ApiKey, Basic, Bearer, Context, Error, Principal, Result, Service, Unauthorized};

photon_runtime::include_api!(pub mod everything);

use everything::{
    CreateForm, CreateMany, CreateOrder, CreateRules, CreateSecret, CreateShape, CreateUpload, CreateValues,
    EverythingApi, GetDays, GetExploded, GetHead, GetMine, GetPath, GetQuery, GetQuerystring, GetRoute,
    GetRouteJson, Security, models,
};

/// What a body is taken for where nothing is said.
const JSON: &str = "application/json";

/// The application behind the service.
#[derive(Debug)]
pub struct Echo;

/// Implements operations that tell what was decoded as a text.
macro_rules! told {
    ($($operation:ident: $Request:ident;)*) => {
        $(fn $operation(&self, _cx: &Context, req: $Request) -> Result<String, Error> {
            Ok(format!("{req:?}"))
        })*
    };
}

/// Implements operations that send the body back.
macro_rules! echoed {
    ($($operation:ident: $Request:ident => $Model:ident;)*) => {
        $(fn $operation(&self, _cx: &Context, req: $Request) -> Result<models::$Model, Error> {
            Ok(req.body)
        })*
    };
}

impl EverythingApi for Echo {
    told! {
        get_path: GetPath;
        get_query: GetQuery;
        get_exploded: GetExploded;
        get_querystring: GetQuerystring;
        get_head: GetHead;
        get_route: GetRoute;
        get_mine: GetMine;
        get_route_json: GetRouteJson;
        get_days: GetDays;
        create_form: CreateForm;
        create_upload: CreateUpload;
        create_many: CreateMany;
        create_secret: CreateSecret;
    }

    echoed! {
        create_order: CreateOrder => Order;
        create_shape: CreateShape => Shape;
        create_values: CreateValues => Values;
        create_rules: CreateRules => Rules;
    }
}

impl Security for Echo {
    fn bearer(&self, _cx: &Context, bearer: Bearer<'_>) -> Result<Principal, Unauthorized> {
        known(bearer.token)
    }

    fn basic(&self, _cx: &Context, basic: Basic<'_>) -> Result<Principal, Unauthorized> {
        known(&basic.password)
    }

    fn key(&self, _cx: &Context, key: ApiKey<'_>) -> Result<Principal, Unauthorized> {
        known(&key.key)
    }

    fn cookie(&self, _cx: &Context, key: ApiKey<'_>) -> Result<Principal, Unauthorized> {
        known(&key.key)
    }
}

fn known(secret: &str) -> Result<Principal, Unauthorized> {
    let principal = Principal { subject: "ada".into(), scopes: Vec::new() };
    if secret == "s" { Ok(principal) } else { Err(Unauthorized::new("unknown")) }
}

/// The service, its patterns compiled.
pub fn service() -> &'static Service<Echo> {
    static SERVICE: OnceLock<Service<Echo>> = OnceLock::new();
    SERVICE.get_or_init(|| everything::service(Echo))
}

/// Sends a request, and checks its answer: it is whole and no failure of ours, and what was encoded is decoded again to
/// the same.
pub fn send(method: &str, target: &str, headers: &[(&str, &[u8])], body: Option<&[u8]>) {
    let is_media = |(name, _): &(&str, &[u8])| name.eq_ignore_ascii_case("content-type");
    let media = headers.iter().position(is_media);
    let mut request = service().request(method, target);
    for (at, (name, value)) in headers.iter().enumerate() {
        if body.is_none() || media != Some(at) {
            request = request.header(name, value);
        }
    }
    if let Some(body) = body {
        let media = media.map_or(JSON.into(), |at| String::from_utf8_lossy(headers[at].1));
        request = request.body(body, &media);
    }
    let answer = request.send();
    assert!(answer.is_complete, "the answer was cut");
    assert!(answer.status != 500, "the service failed: {}", answer.text());
    if answer.status == 200 && answer.headers.get("content-type").is_some_and(|media| media == JSON) {
        let again = service().request(method, target).body(answer.body.clone(), JSON).send();
        assert_eq!(again.text(), answer.text(), "what was encoded is decoded otherwise");
    }
}
