//! The findings of schemas that can be lowered, but not as they are meant.

use crate::codes::Code;
use crate::finding::Severity::Warning;

macro_rules! codes {
    ($($name:ident = $id:literal $title:literal, $help:literal;)*) => {
        $(
            #[doc = concat!($id, ": ", $title, ".")]
            pub(crate) static $name: Code =
                Code { id: $id, severity: Warning, title: $title, help: $help };
        )*
    };
}

codes! {
    DEPTH = "P0401" "schemas are nested too deeply", "give an inner one a name in `components/schemas`";
    UNTYPED = "P0402" "a schema has no `type`", "add the `type`; without it, values of other types fit, too";
    DEFAULT_UNFIT = "P0403" "a default does not fit its schema", "the default is ignored";
    ENDLESS_VALUE = "P0404" "no finite value fits a schema", "one of the properties is taken as optional";
    NEVER = "P0405" "nothing fits a schema", "its parts exclude each other";
    TAG_UNKNOWN = "P0406" "a discriminator cannot tell the branches apart", "the branch is found by what fits";
}
