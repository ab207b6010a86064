#![allow(unreachable_pub, reason = "as generated models are written")]

use super::super::operation::meta;
use super::super::param::{cookie, header, path, query, query_string};
use super::*;
use crate as photon;
use crate::exchange::{Exchange, Header};
use crate::model::types::{Date, Json, Map, Uuid};
use crate::model::{int, list, text, to_json};
use crate::testing::Memory;

#[derive(Clone, Debug, PartialEq)]
struct Color {
    r: Option<i64>,
    g: Option<i64>,
    b: Option<i64>,
}

static COLOR: photon::Record = photon::record("Color", &["R", "G", "B"]).deny_extra();
photon::model! { Color, COLOR, r g b }

#[derive(Clone, Debug, PartialEq)]
struct Filter {
    name: Option<String>,
    tags: Vec<String>,
    extra: Map<String>,
}

static FILTER: photon::Record = photon::record("Filter", &["name", "tags"]).keep_extra(photon::ANY);
photon::model! { Filter, FILTER, name tags; extra }

#[derive(Clone, Copy, Debug, PartialEq)]
enum Light {
    Red,
    Green,
}

photon::choice! { Light, Red = "red", Green = "green" }

/// The JSON of the parameter of an operation read from a request, or what does not fit.
fn read<T: Value>(meta: &'static Meta, raw_path: &str, query: &str, headers: &[(&str, &str)]) -> String {
    let headers: Vec<Header<'_>> =
        headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let head = Head { method: "GET", target: "", minor: 1, headers: &headers };
    let mut memory = Memory::new(None, false);
    let line = Line::new(&mut memory as &mut dyn Exchange);
    let param = &meta.params[0];
    let names = [param.name.to_owned()];
    let mut captures = Captures::default();
    captures.push(raw_path);
    let shapes = Shapes::default();
    let target = Target { query, names: &names, captures, shapes: &shapes };
    let mut input = Input::new(&head, &line, target, meta);
    let mut value = T::empty();
    match input.params(&mut [&mut value]) {
        true if value.is_absent() => "absent".to_owned(),
        true => String::from_utf8(to_json(&value)).unwrap(),
        false => {
            let violations = input.into_rejection().violations;
            let show = |found: &Finding| format!("{}{}", found.violation.pointer(), found.violation.keyword);
            assert!(
                violations
                    .iter()
                    .all(|found| found.parameter.as_deref() == Some(param.name) && found.place == param.place)
            );
            violations.iter().map(show).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Checks one type of parameter against many requests: each names its part of a request, and what is read.
macro_rules! reads {
    ($type:ty, $param:expr, in_path: $($raw:expr => $expected:expr),+ $(,)?) => {{
        static META: Meta = meta("", "GET", "", 200).params(&[$param]);
        $(assert_eq!(read::<$type>(&META, $raw, "", &[]), $expected, "{}", $raw);)+
    }};
    ($type:ty, $param:expr, in_query: $($raw:expr => $expected:expr),+ $(,)?) => {{
        static META: Meta = meta("", "GET", "", 200).params(&[$param]);
        $(assert_eq!(read::<$type>(&META, "", $raw, &[]), $expected, "{}", $raw);)+
    }};
    ($type:ty, $param:expr, in_headers: $($headers:expr => $expected:expr),+ $(,)?) => {{
        static META: Meta = meta("", "GET", "", 200).params(&[$param]);
        $({
            let headers: &[(&str, &str)] = &$headers;
            assert_eq!(read::<$type>(&META, "", "", headers), $expected, "{headers:?}");
        })+
    }};
}

#[test]
fn paths() {
    let rgb = r#"{"R":100,"G":200,"B":150}"#;
    reads!(i32, path("n").rule(int(1, i64::MAX)), in_path:
        "42" => "42", "%34%32" => "42", "0" => "minimum", "-5" => "minimum", "abc" => "type", "1.5" => "type",
        "2147483648" => "range", "%2042" => "type", "+1" => "type");
    reads!(String, path("c"), in_path:
        "a+b" => "\"a+b\"", "a!$&'()*;=:@b" => "\"a!$&'()*;=:@b\"", "%E2%9C%93" => "\"✓\"", "%FF" => "encoding",
        "a%2Fb" => "\"a/b\"", "5" => "\"5\"", "null" => "\"null\"");
    reads!(Uuid, path("u"), in_path:
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff" => "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"",
        "6f9619ff-8b86-d011-b42d-00cf4fc964fg" => "format");
    reads!(Color, path("c"), in_path: "R,100,G,200,B,150" => rgb, "R,100,G" => "style", "R,x" => "/Rtype");
    reads!(Color, path("c").exploded(), in_path: "R=100,G=200,B=150" => rgb, "R,100" => "style");
    reads!(Vec<i64>, path("c"), in_path: "3,4,5" => "[3,4,5]", "3" => "[3]", "3,x,5" => "/1type");
    reads!(Color, path("c").label(), in_path: ".R,100,G,200,B,150" => rgb, "R,1" => "style");
    reads!(Color, path("c").label().exploded(), in_path: ".R=100.G=200.B=150" => rgb);
    reads!(Vec<i64>, path("c").label(), in_path: ".3,4,5" => "[3,4,5]");
    reads!(Vec<i64>, path("c").label().exploded(), in_path: ".3.4.5" => "[3,4,5]", ".3.x.5" => "/1type");
    reads!(Color, path("c").matrix(), in_path: ";c=R,100,G,200,B,150" => rgb);
    reads!(Color, path("c").matrix().exploded(), in_path: ";R=100;G=200;B=150" => rgb, ";Z=1" => "/ZadditionalProperties");
    reads!(Vec<i64>, path("c").matrix(), in_path: ";c=3,4,5" => "[3,4,5]", ";d=3" => "style");
    reads!(Vec<i64>, path("c").matrix().exploded(), in_path: ";c=3;c=4" => "[3,4]", ";c=3" => "[3]");
    reads!(Color, path("c").json(), in_path: "%7B%22R%22:1%7D" => "{\"R\":1}", "%7B" => "syntax");
}

#[test]
fn queries() {
    reads!(Option<i64>, query("i"), in_query:
        "i=5" => "5", "i=-5" => "-5", "i=0" => "0", "i=9223372036854775807" => "9223372036854775807",
        "i=9223372036854775808" => "range", "i=abc" => "type", "i=1.5" => "type", "i=" => "type", "i=5x" => "type",
        "i=%205" => "type", "i=0x5" => "type", "i=true" => "type", "i=1e2" => "type", "i=1.0" => "type", "i=05" => "type", "" => "absent",
        "I=5" => "absent", "i=1&i=2" => "type", "i=null" => "type");
    reads!(Option<f64>, query("n"), in_query:
        "n=1.5" => "1.5", "n=-0.25" => "-0.25", "n=1e3" => "1000.0", "n=NaN" => "type", "n=1,5" => "type", "n=.5" => "type");
    reads!(Option<bool>, query("b"), in_query:
        "b=true" => "true", "b=false" => "false", "b=1" => "type", "b=True" => "type", "b=maybe" => "type");
    reads!(Option<Light>, query("e"), in_query: "e=red" => "\"red\"", "e=blue" => "enum", "e=red,green" => "enum");
    reads!(Option<Date>, query("d"), in_query: "d=2024-02-29" => "\"2024-02-29\"", "d=2023-02-29" => "format");
    reads!(Option<String>, query("ml").rule(text(0, 3)), in_query:
        "ml=%C3%A9%C3%A9%C3%A9" => "\"ééé\"", "ml=abcd" => "maxLength", "ml" => "\"\"", "ml=" => "\"\"", "ml=a+b" => "\"a b\"",
        "ml=%2Bb" => "\"+b\"", "ml=%FF" => "encoding", "&&x=1&ml=a&" => "\"a\"", "%6Dl=a" => "\"a\"");
    reads!(String, query("q").required(), in_query: "q=x" => "\"x\"", "Q=x" => "required", "" => "required");
    reads!(String, query("filter[name]").required(), in_query: "filter%5Bname%5D=x" => "\"x\"", "filter[name]=x" => "\"x\"");
    reads!(i64, query("limit").default("20").rule(int(1, 100)), in_query:
        "" => "20", "limit=7" => "7", "limit=0" => "minimum", "limit=101" => "maximum");
    reads!(Vec<i64>, query("ids").default("[1,2]"), in_query: "" => "[1,2]", "ids=1&ids=2&ids=1" => "[1,2,1]", "ids=1&ids=x" => "/1type");
    reads!(Option<Vec<i64>>, query("ids").flat().rule(list(1, 3).unique()), in_query:
        "ids=1,2,3" => "[1,2,3]", "ids=7" => "[7]", "ids=1,2,3,4" => "maxItems", "ids=1,1" => "uniqueItems", "ids=" => "minItems");
    reads!(Option<Vec<String>>, query("c").space_delimited(), in_query: "c=a%20b+c" => "[\"a\",\"b\",\"c\"]");
    reads!(Option<Vec<String>>, query("c").pipe_delimited(), in_query: "c=a|b%7Cc" => "[\"a\",\"b\",\"c\"]");
    reads!(Option<Color>, query("c").pipe_delimited(), in_query: "c=R|1|G|2" => "{\"R\":1,\"G\":2}");
    reads!(Option<Color>, query("c"), in_query:
        "R=100&G=200" => "{\"R\":100,\"G\":200}", "" => "absent", "x=1" => "absent", "R=x" => "/Rtype", "R=1&R=2" => "/Rtype");
    reads!(Option<Color>, query("c").flat(), in_query: "c=R,100,G,200" => "{\"R\":100,\"G\":200}", "c=R,100,G" => "style");
    reads!(Option<Color>, query("c").deep_object(), in_query:
        "c[B]=150&x=1&c%5BR%5D=100" => "{\"R\":100,\"B\":150}", "c[R]=x" => "/Rtype", "c[Z]=2" => "/ZadditionalProperties",
        "c=1" => "absent", "" => "absent");
    reads!(Option<Filter>, query("f").others(&["page"]), in_query:
        "name=a&tags=x&tags=y&page=2&more=z" => "{\"name\":\"a\",\"tags\":[\"x\",\"y\"],\"more\":\"z\"}", "page=2" => "absent");
    reads!(Option<Color>, query("c").others(&["G"]), in_query: "R=1&G=x" => "{\"R\":1}");
    reads!(Option<Color>, query("f").json(), in_query:
        "f=%7B%22R%22%3A1%7D" => "{\"R\":1}", "f=%7B%22R%22%3A%221%22%7D" => "/Rtype", "f={" => "syntax");
    reads!(Option<Json>, query("j").json(), in_query: "j=[1,\"2\"]" => "[1,\"2\"]");
    reads!(Option<i64>, query("a").allow_empty(), in_query: "a=" => "absent", "a" => "absent", "a=1" => "1");
    reads!(Option<String>, query("a").allow_empty(), in_query: "a=" => "\"\"");
    reads!(i64, query("a").allow_empty().default("3"), in_query: "a=" => "3");
    reads!(Color, query_string("q"), in_query: "R=1&G=2" => "{\"R\":1,\"G\":2}");
    reads!(Option<Color>, query_string("q").json(), in_query: "%7B%22R%22:1%7D" => "{\"R\":1}", "" => "absent");
}

#[test]
fn headers() {
    reads!(i64, header("X-Id").required(), in_headers:
        [("x-ID", "5")] => "5", [("X-Id", "five")] => "type", [] => "required", [("X-Id", "1"), ("x-id", "2")] => "type");
    reads!(Option<String>, header("X-Opt"), in_headers: [("X-Opt", "a b")] => "\"a b\"", [("X-Opt", "a%20b")] => "\"a%20b\"");
    reads!(Option<Vec<String>>, header("X-Color"), in_headers:
        [("X-Color", "blue,black")] => "[\"blue\",\"black\"]", [("X-Color", "blue, black")] => "[\"blue\",\"black\"]",
        [("X-Color", "blue"), ("x-color", "black")] => "[\"blue\",\"black\"]", [("X-Color", "a,,b")] => "[\"a\",\"b\"]");
    reads!(Option<Color>, header("X-Color").exploded(), in_headers: [("X-Color", "R=100,G=200")] => "{\"R\":100,\"G\":200}");
    reads!(Option<Color>, header("X-Color"), in_headers: [("X-Color", "R,100, G,200")] => "{\"R\":100,\"G\":200}", [("X-Color", "R")] => "style");
    reads!(Option<Color>, header("X-Color").json(), in_headers: [("X-Color", "{\"R\":1}")] => "{\"R\":1}");
}

#[test]
fn cookies() {
    reads!(String, cookie("sid").required(), in_headers:
        [("Cookie", "sid=abc")] => "\"abc\"", [("cookie", "a=1; sid=a=b=; n=7")] => "\"a=b=\"", [] => "required",
        [("Cookie", "sid=a%20b+c")] => "\"a b+c\"", [("Cookie", "sid=\"q\"")] => "\"q\"");
    reads!(Option<i64>, cookie("n"), in_headers: [("Cookie", "sid=a; n=x")] => "type", [("Cookie", "sid=a")] => "absent");
    reads!(Option<Vec<i64>>, cookie("ids").flat(), in_headers: [("Cookie", "ids=1,2,3")] => "[1,2,3]");
    reads!(Option<Color>, cookie("c").flat(), in_headers: [("Cookie", "c=R,100,G,200")] => "{\"R\":100,\"G\":200}");
    reads!(Option<Vec<i64>>, cookie("ids"), in_headers: [("Cookie", "ids=1&ids=2")] => "[1,2]");
}
