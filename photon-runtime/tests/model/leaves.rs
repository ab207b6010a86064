//! Each leaf: texts it takes, with what it writes again, and texts it does not take.

use std::fmt::Debug;

use ::photon_runtime as photon;

fn check<T: photon::Value + Debug>(takes: &[(&str, &str)], refuses: &[(&str, &str)]) {
    for (json, written) in takes {
        let value = photon::decode::<T>(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!(String::from_utf8(photon::to_json(&value)).unwrap(), *written, "{json}");
    }
    for (json, keyword) in refuses {
        let violations = photon::decode::<T>(json.as_bytes()).expect_err(json);
        assert_eq!(violations.iter().next().unwrap().keyword, *keyword, "{json}");
    }
}

#[test]
fn whole_numbers() {
    check::<i64>(
        &[
            ("0", "0"),
            ("-0", "0"),
            ("1.0", "1"),
            ("1e3", "1000"),
            ("-12e0", "-12"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("92233720368547758070e-1", "9223372036854775807"),
        ],
        &[
            ("9223372036854775808", "range"),
            ("1e400", "range"),
            ("1.5", "type"),
            ("1e-1", "type"),
            ("\"1\"", "type"),
            ("null", "type"),
            ("01", "syntax"),
            ("-", "syntax"),
            ("1.", "syntax"),
            (".5", "type"),
            ("+1", "type"),
        ],
    );
    check::<u8>(&[("255", "255"), ("2.55e2", "255")], &[("256", "range"), ("-1", "range")]);
    check::<u64>(&[("18446744073709551615", "18446744073709551615")], &[("18446744073709551616", "range")]);
    check::<photon::Integer>(
        &[("1180591620717411303424", "1180591620717411303424"), ("1e30", "1000000000000000000000000000000")],
        &[("1.5", "type"), ("\"1\"", "type")],
    );
}

#[test]
fn numbers() {
    check::<f64>(
        &[("1", "1.0"), ("0.1", "0.1"), ("1e308", "1e+308"), ("-0.0", "-0.0"), ("1e-400", "0.0")],
        &[("1e400", "range"), ("\"1\"", "type")],
    );
    check::<f32>(&[("0.1", "0.1"), ("16777216", "16777216")], &[("1e39", "range")]);
    check::<photon::Number>(&[("0.50", "0.50"), ("1e400", "1e400")], &[("true", "type")]);
    check::<photon::Decimal>(
        &[("0.50", "0.50"), ("1e3", "1000"), ("-7", "-7")],
        &[("0.00000000000000000000000000000000001", "range"), ("1e400", "range")],
    );
    assert_eq!(photon::to_json(&f64::NAN), b"null");
    assert_eq!(photon::check(&f64::INFINITY, &photon::ANY).len(), 1);
}

#[test]
fn texts() {
    check::<String>(
        &[
            (r#""""#, r#""""#),
            (r#""\u0041\n\t\"\\\/\b\f\r""#, r#""A\n\t\"\\/\b\f\r""#),
            (r#""\ud83d\ude00 é""#, r#""😀 é""#),
            (r#""\u0000\u001f\u007f""#, "\"\\u0000\\u001f\u{7f}\""),
            (r#""0123456789abcdef\"0123456789""#, r#""0123456789abcdef\"0123456789""#),
        ],
        &[
            (r#""\ud83d""#, "syntax"),
            (r#""\ude00""#, "syntax"),
            (r#""\ud83d\u0041""#, "syntax"),
            (r#""\x""#, "syntax"),
            (r#""\u12g4""#, "syntax"),
            ("\"a\nb\"", "syntax"),
            ("\"a", "syntax"),
            ("1", "type"),
        ],
    );
    check::<photon::DateTime>(
        &[
            (r#""2024-02-29T12:00:00.5+01:00""#, r#""2024-02-29T12:00:00.500+01:00""#),
            (r#""1998-12-31t23:59:60z""#, r#""1998-12-31T23:59:60Z""#),
        ],
        &[(r#""2024-02-30T12:00:00Z""#, "format"), ("1", "type")],
    );
    check::<photon::Date>(&[(r#""2024-02-29""#, r#""2024-02-29""#)], &[(r#""2023-02-29""#, "format")]);
    check::<photon::Time>(&[(r#""12:00:00.25z""#, r#""12:00:00.250Z""#)], &[(r#""12:00:00""#, "format")]);
    check::<photon::Uuid>(
        &[(r#""2EB8AA08-AA98-11EA-B4AA-73B441D16380""#, r#""2eb8aa08-aa98-11ea-b4aa-73b441d16380""#)],
        &[(r#""2eb8aa08aa9811eab4aa73b441d16380""#, "format")],
    );
    check::<photon::Base64>(&[(r#""Zm9v""#, r#""Zm9v""#)], &[(r#""Zm9""#, "format")]);
    check::<photon::Bytes>(&[(r#""a\u00e9""#, r#""aé""#)], &[("1", "type")]);
}

#[test]
fn others() {
    check::<bool>(
        &[("true", "true"), (" false ", "false")],
        &[("1", "type"), ("tru", "syntax"), ("True", "type")],
    );
    check::<photon::Null>(&[("null", "null")], &[("0", "type")]);
    check::<photon::Never>(&[], &[("null", "falseSchema"), ("{}", "falseSchema")]);
    check::<photon::Json>(
        &[(r#"{"b":[1,2.5,null,"x"],"a":{}}"#, r#"{"a":{},"b":[1,2.5,null,"x"]}"#)],
        &[("1e400", "range"), (r#"{"a":1,"a":2}"#, "duplicateKey")],
    );
    check::<Option<Option<photon::Null>>>(&[("null", "null")], &[("1", "type")]);
    check::<photon::Map<i64>>(
        &[(r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#)],
        &[(r#"{"a":1,"a":2}"#, "duplicateKey")],
    );
    check::<photon::Patch<i64>>(&[("1", "1"), ("null", "null")], &[("\"1\"", "type")]);
}

#[test]
fn depth() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deepest = photon::DEPTH_MAX as usize;
    assert!(photon::decode::<photon::Json>(nested(deepest).as_bytes()).is_ok());
    for depth in [deepest + 1, 100_000] {
        let violations = photon::decode::<photon::Json>(nested(depth).as_bytes()).unwrap_err();
        assert!(violations.is_syntax());
        assert!(violations.iter().any(|violation| violation.keyword == "depth"));
    }
}
