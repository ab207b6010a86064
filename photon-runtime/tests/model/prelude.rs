//! Models named like what the prelude has, fields and variants too, and large ones.

#![allow(clippy::enum_variant_names)]

use ::photon_runtime as photon;

mod shadows {
    use ::photon_runtime as photon;

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Result {
        pub(crate) value: i64,
    }

    static RESULT: photon::Record = photon::record("Result", &["value"]).all_required();
    photon::model! { Result, RESULT, value }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Vec {
        Some(Result),
        None(Box<Ok>),
    }

    static VEC: photon::OneOf = photon::any_of(
        "Vec",
        &[photon::branch(photon::OBJECT).required(&["value"]), photon::branch(photon::OBJECT)],
    );
    photon::one_of! { Vec, VEC, 0 = Some 1 = None }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Ok {
        pub(crate) decoder: bool,
    }

    static OK: photon::Record = photon::record("Ok", &["decoder"]).all_required();
    photon::model! { Ok, OK, decoder }

    #[derive(Clone, Copy, Debug, PartialEq)]
    pub(crate) enum Default {
        Some,
        None,
        Ok,
        Err,
        Error,
    }

    photon::choice! { Default, Some = "Some", None = "None", Ok = "ok", Err = "err", Error = "error" }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum From {
        Clone,
        Other(String),
    }

    photon::choice! { open From, Clone = "clone" }
}

#[test]
fn names_of_the_prelude() {
    let value = photon::decode::<shadows::Vec>(br#"{"decoder":true}"#).unwrap();
    assert_eq!(value, shadows::Vec::None(Box::new(shadows::Ok { decoder: true })));
    let value = photon::decode::<shadows::Vec>(br#"{"value":1}"#).unwrap();
    assert_eq!(value, shadows::Vec::Some(shadows::Result { value: 1 }));
    assert_eq!(photon::decode::<shadows::Default>(b"\"None\"").unwrap(), shadows::Default::None);
    assert_eq!(photon::decode::<shadows::From>(b"\"x\"").unwrap(), shadows::From::Other("x".into()));
}

macro_rules! large {
    ($($field:ident $name:literal $variant:ident;)*) => {
        #[derive(Clone, Debug, PartialEq)]
        struct Large { $($field: Option<i64>,)* }

        static LARGE: photon::Record = photon::record("Large", &[$($name),*]);
        photon::model! { Large, LARGE, $($field)* }

        #[derive(Clone, Copy, Debug, PartialEq)]
        enum Many { $($variant),* }
        photon::choice! { Many, $($variant = $name),* }
    };
}

include!("large.rs");

#[test]
fn many_fields_and_variants() {
    let json = format!(
        "{{{}}}",
        Many::ALL.iter().rev().map(|many| format!("\"{many}\":1")).collect::<Vec<_>>().join(",")
    );
    let large = photon::decode::<Large>(json.as_bytes()).unwrap();
    assert_eq!((large.f0, large.f99), (Some(1), Some(1)));
    for many in Many::ALL {
        assert_eq!(many.as_str().parse::<Many>().as_ref(), Ok(many));
    }
    let unknown = "none".parse::<Many>().unwrap_err().to_string();
    assert_eq!(unknown, "must be one of n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 90 more");
    let twice = photon::decode::<Large>(br#"{"n70":1,"n70":2}"#).unwrap_err();
    assert_eq!(twice.to_string(), "/n70: is given twice");
}
