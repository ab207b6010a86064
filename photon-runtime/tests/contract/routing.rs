//! Several operations on one method and path, and parameters that take slashes.

use ::photon_runtime as photon;
use photon::{Context, Service};
use serde_json::Value as Json;

macro_rules! object {
    ($name:ident, $meta:expr) => {
        struct $name(String);

        impl photon::Operation for $name {
            const META: photon::Meta = $meta;
            type Principal = ();
            type Output = String;
            type Error = photon::Error;

            fn decode(input: &mut photon::Input<'_>, (): ()) -> Option<Self> {
                static KEY: photon::Param = photon::path("key");
                let key = input.param(&KEY);
                Some(Self(key?))
            }
        }
    };
}

object!(GetObject, photon::meta("get", "GET", "/{bucket}/{key+}", 200));
object!(GetAcl, photon::meta("acl", "GET", "/{bucket}/{key+}", 200).query(&[("acl", None)]));
object!(Copy, photon::meta("copy", "PUT", "/{bucket}/{key+}", 200).headers(&[("x-copy", Some("yes"))]));
object!(CopyToo, photon::meta("copyToo", "PUT", "/{b}/{k+}", 200).headers(&[("X-Copy", Some("yes"))]));

fn service() -> Service<()> {
    Service::new((), "{}")
        .route(|(): &(), _: &Context, req: GetObject| Ok(format!("get {}", req.0)))
        .route(|(): &(), _: &Context, req: GetAcl| Ok(format!("acl {}", req.0)))
        .route(|(): &(), _: &Context, req: Copy| Ok(format!("copy {}", req.0)))
}

#[test]
fn requests_find_the_operation_they_are_meant_for() {
    let service = service();
    assert_eq!(service.get("/b/a/%2520%2Fc").send().text(), "\"get a/%20/c\"");
    assert_eq!(service.get("/b/a/c?acl").send().text(), "\"acl a/c\"");
    assert_eq!(service.put("/b/a").header("X-COPY", "yes").send().text(), "\"copy a\"");
    let unmeant = service.put("/b/a").send();
    assert_eq!(unmeant.status, 404);
    assert_eq!(unmeant.json::<Json>()["detail"], "the query and the headers fit no operation of this path");
    assert_eq!(service.post("/b/a").send().headers["allow"], "GET, HEAD, OPTIONS, PUT");
}

#[test]
#[should_panic(expected = "`copy` and `copyToo` both answer PUT /{b}/{k+} where it carries the same")]
fn equal_demands_are_a_conflict() {
    let _ = service().route(|(): &(), _: &Context, req: CopyToo| Ok(req.0));
}
