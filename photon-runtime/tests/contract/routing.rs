//! Several operations on one method and path, and parameters that take slashes.

use ::photon_runtime as photon;
use photon::{Context, Service};
use serde_json::Value as Json;

macro_rules! object {
    ($name:ident, $table:ident: $meta:expr) => {
        struct $name {
            key: String,
        }

        static $table: photon::Meta = $meta.params(&[photon::path("key")]);
        photon::operation! { $name -> String, photon::Error = $table, key }
    };
}

object!(GetObject, GET: photon::meta("get", "GET", "/{bucket}/{key+}", 200));
object!(GetAcl, ACL: photon::meta("acl", "GET", "/{bucket}/{key+}", 200).query(&[("acl", None)]));
object!(Copy, COPY: photon::meta("copy", "PUT", "/{bucket}/{key+}", 200).headers(&[("x-copy", Some("yes"))]));
object!(CopyToo, TOO: photon::meta("copyToo", "PUT", "/{b}/{k+}", 200).headers(&[("X-Copy", Some("yes"))]));

fn service() -> Service<()> {
    Service::new((), "{}")
        .route(|(): &(), _: &Context, req: GetObject| Ok(format!("get {}", req.key)))
        .route(|(): &(), _: &Context, req: GetAcl| Ok(format!("acl {}", req.key)))
        .route(|(): &(), _: &Context, req: Copy| Ok(format!("copy {}", req.key)))
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
    let _ = service().route(|(): &(), _: &Context, req: CopyToo| Ok(req.key));
}
