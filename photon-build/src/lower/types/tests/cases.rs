//! Scalars, objects, arrays, `allOf`.

use super::{check, check_with};
use crate::config::{Config, Formats, Integers};

const V30: &str = "3.0.3";
const V31: &str = "3.1.0";

#[test]
fn records_and_what_may_be_missing() {
    check(
        V31,
        "
Pet:
  type: object
  required: [id, none]
  properties:
    id: {type: integer, minimum: 1}
    name: {type: string, minLength: 1, maxLength: 64, pattern: '^[A-Z]'}
    none: {type: [string, 'null']}
    both: {type: [string, 'null']}
    size: {type: integer, default: 3}
    any: {}
    owner:
      type: object
      properties: {name: {type: string}}
",
        "
Pet = { id: i64 1..9223372036854775807, name?: Option<String> len 1..64 /^[A-Z]/, none: Option<String> null, both?: Patch<String> null, size?: i64 = 3, any?: Patch<Json> null, owner?: Option<'Pet owner'> }
Pet owner = { name?: Option<String> }
",
    );
}
