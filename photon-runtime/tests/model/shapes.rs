//! Shapes of types.

use ::photon_runtime as photon;
use photon::Shape;

use crate::models::*;

#[test]
fn shapes() {
    assert_eq!(photon::shape_of::<i64>(3), Shape::Scalar);
    assert_eq!(photon::shape_of::<PetStatus>(3), Shape::Scalar);
    assert_eq!(photon::shape_of::<Option<Vec<String>>>(3), Shape::List(Box::new(Shape::Scalar)));
    assert_eq!(photon::shape_of::<photon::Map<i64>>(3), Shape::Map(Box::new(Shape::Scalar)));
    assert_eq!(photon::shape_of::<photon::Json>(3), Shape::Any);
    assert_eq!(photon::shape_of::<photon::File>(3), Shape::File);
    let fields = vec![("id", Shape::Scalar), ("object", Shape::Scalar)];
    assert_eq!(photon::shape_of::<Account>(3), Shape::Record { fields, extra: None });
    let extra = Some(Box::new(Shape::Scalar));
    assert_eq!(photon::shape_of::<Labels>(3), Shape::Record { fields: vec![("name", Shape::Scalar)], extra });
    assert_eq!(photon::shape_of::<Overlap>(3), Shape::Scalar);
    assert_eq!(photon::shape_of::<Id>(3), Shape::Any);
    let list = |item| Shape::List(Box::new(item));
    assert_eq!(photon::shape_of::<Tree>(4), list(list(Shape::Any)));
    let Shape::Record { fields, .. } = photon::shape_of::<Payment>(3) else { panic!("a record") };
    assert_eq!(fields.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["kind", "number", "iban", "next"]);
}
