//! What may change about requests and responses.
//!
//! In webhooks and callbacks the server asks and clients answer: what is said of requests there is what clients
//! receive.

/// Parameters and bodies. `request` is what clients send, `response` what webhooks and callbacks bring them.
pub(in crate::drift) mod request {
    use super::super::{
        ACCEPTED, ANNOUNCED, Area, ChangeKind, DIFFERS, Direction, EXTRA, HARMLESS, IGNORED, MISSED, NARROWS,
        Pair, QUIET, REFUSED, SAID, UNPROMISED, WIDENS, judge, pairs,
    };

    pairs! { Parameter "request" "webhook-request":
        PARAMETER_ADDED = "parameter-added" judge(ACCEPTED, EXTRA), "there is a further optional parameter" <-> "parameter-removed";
        PARAMETER_REMOVED = "parameter-removed" judge(IGNORED, UNPROMISED), "there is an optional parameter no longer" <-> "parameter-added";
        PARAMETER_REMOVED_DEPRECATED = "parameter-removed-deprecated" judge(ANNOUNCED, ANNOUNCED), "there is a deprecated parameter no longer" <-> "parameter-added";
        REQUIRED_PARAMETER_ADDED = "required-parameter-added" judge(REFUSED, EXTRA), "there is a further required parameter" <-> "required-parameter-removed";
        REQUIRED_PARAMETER_REMOVED = "required-parameter-removed" judge(IGNORED, MISSED), "there is a required parameter no longer" <-> "required-parameter-added";
        PARAMETER_BECAME_REQUIRED = "parameter-became-required" NARROWS, "a parameter must be there" <-> "parameter-became-optional";
        PARAMETER_BECAME_OPTIONAL = "parameter-became-optional" judge(ACCEPTED, MISSED), "a parameter need not be there any more" <-> "parameter-became-required";
        PARAMETER_MOVED = "parameter-moved" judge(REFUSED, MISSED), "a parameter is in another place: query, header, cookie" <-> "parameter-moved";
        PARAMETER_STYLE_CHANGED = "parameter-style-changed" DIFFERS, "a parameter is written in another style" <-> "parameter-style-changed";
        PARAMETER_EXPLODE_CHANGED = "parameter-explode-changed" DIFFERS, "a parameter is exploded, or no longer" <-> "parameter-explode-changed";
        PARAMETER_CARRIER_CHANGED = "parameter-media-type-changed" DIFFERS, "a parameter carries another media type, or one at all" <-> "parameter-media-type-changed";
        PARAMETER_RESERVED_ALLOWED = "parameter-reserved-allowed" WIDENS, "a parameter may hold reserved characters as they are" <-> "parameter-reserved-refused";
        PARAMETER_RESERVED_REFUSED = "parameter-reserved-refused" NARROWS, "a parameter may hold reserved characters as they are no longer" <-> "parameter-reserved-allowed";
        PARAMETER_EMPTY_ALLOWED = "parameter-empty-allowed" WIDENS, "a parameter may be empty" <-> "parameter-empty-refused";
        PARAMETER_EMPTY_REFUSED = "parameter-empty-refused" NARROWS, "a parameter may be empty no longer" <-> "parameter-empty-allowed";
        PARAMETER_DEPRECATED = "parameter-deprecated" HARMLESS, "a parameter is deprecated" <-> "parameter-no-longer-deprecated";
        PARAMETER_NO_LONGER_DEPRECATED = "parameter-no-longer-deprecated" HARMLESS, "a parameter is deprecated no longer" <-> "parameter-deprecated";
        PARAMETER_EXTENSION_CHANGED = "parameter-extension-changed" judge(QUIET, QUIET), "an extension of a parameter is another" <-> "parameter-extension-changed";
        PARAMETER_SAID = "parameter-documentation-changed" SAID, "the description or the examples of a parameter are others" <-> "parameter-documentation-changed";
        BODY_ADDED = "body-added" judge(ACCEPTED, EXTRA), "there is an optional body" <-> "body-removed";
        BODY_REMOVED = "body-removed" judge(IGNORED, UNPROMISED), "there is an optional body no longer" <-> "body-added";
        REQUIRED_BODY_ADDED = "required-body-added" judge(REFUSED, EXTRA), "there is a required body" <-> "required-body-removed";
        REQUIRED_BODY_REMOVED = "required-body-removed" judge(IGNORED, MISSED), "there is a required body no longer" <-> "required-body-added";
        BODY_BECAME_REQUIRED = "body-became-required" NARROWS, "the body must be there" <-> "body-became-optional";
        BODY_BECAME_OPTIONAL = "body-became-optional" judge(ACCEPTED, MISSED), "the body need not be there any more" <-> "body-became-required";
        MEDIA_TYPE_ADDED = "media-type-added" WIDENS, "the body may be of a further media type" <-> "media-type-removed";
        MEDIA_TYPE_REMOVED = "media-type-removed" NARROWS, "the body may be of a media type no longer" <-> "media-type-added";
        ENCODING_CHANGED = "encoding-changed" DIFFERS, "a part of the body is written in another way" <-> "encoding-changed";
        BODY_EXTENSION_CHANGED = "body-extension-changed" judge(QUIET, QUIET), "an extension of the body is another" <-> "body-extension-changed";
        BODY_SAID = "body-documentation-changed" SAID, "the description or the examples of the body are others" <-> "body-documentation-changed";
    }
}

/// Statuses, headers, bodies and links. `response` is what clients receive, `request` what they answer to webhooks and
/// callbacks.
pub(in crate::drift) mod response {
    use super::super::{
        ACCEPTED, ANNOUNCED, Area, ChangeKind, DIFFERS, Direction, EXTRA, HARMLESS, IGNORED, KNOWN, MISSED,
        Pair, QUIET, REFUSED, SAID, UNMATCHED, UNPROMISED, Verdict, judge, pairs,
    };

    const NEW_ERROR: (Verdict, &str) = (Verdict::Compatible, "clients expect errors of every status");

    pairs! { Response "webhook-response" "response":
        SUCCESS_STATUS_ADDED = "success-status-added" judge(ACCEPTED, UNMATCHED), "there is a further status of success" <-> "success-status-removed";
        SUCCESS_STATUS_REMOVED = "success-status-removed" judge(REFUSED, MISSED), "there is a status of success no longer" <-> "success-status-added";
        ERROR_STATUS_ADDED = "error-status-added" judge(ACCEPTED, NEW_ERROR), "there is a further status of failure" <-> "error-status-removed";
        ERROR_STATUS_REMOVED = "error-status-removed" judge(REFUSED, KNOWN), "there is a status of failure no longer" <-> "error-status-added";
        DEFAULT_STATUS_ADDED = "default-status-added" judge(ACCEPTED, NEW_ERROR), "all other statuses are described" <-> "default-status-removed";
        DEFAULT_STATUS_REMOVED = "default-status-removed" judge(REFUSED, UNPROMISED), "all other statuses are described no longer" <-> "default-status-added";
        HEADER_ADDED = "header-added" judge(ACCEPTED, EXTRA), "there is a further optional header" <-> "header-removed";
        HEADER_REMOVED = "header-removed" judge(IGNORED, UNPROMISED), "there is an optional header no longer" <-> "header-added";
        HEADER_REMOVED_DEPRECATED = "header-removed-deprecated" judge(ANNOUNCED, ANNOUNCED), "there is a deprecated optional header no longer" <-> "header-added";
        REQUIRED_HEADER_ADDED = "required-header-added" judge(REFUSED, EXTRA), "there is a further required header" <-> "required-header-removed";
        REQUIRED_HEADER_REMOVED = "required-header-removed" judge(IGNORED, MISSED), "there is a required header no longer" <-> "required-header-added";
        HEADER_BECAME_REQUIRED = "header-became-required" judge(REFUSED, KNOWN), "a header is always there" <-> "header-became-optional";
        HEADER_BECAME_OPTIONAL = "header-became-optional" judge(ACCEPTED, MISSED), "a header need not be there any more" <-> "header-became-required";
        HEADER_STYLE_CHANGED = "header-style-changed" DIFFERS, "a header is written in another way" <-> "header-style-changed";
        HEADER_DEPRECATED = "header-deprecated" HARMLESS, "a header is deprecated" <-> "header-no-longer-deprecated";
        HEADER_NO_LONGER_DEPRECATED = "header-no-longer-deprecated" HARMLESS, "a header is deprecated no longer" <-> "header-deprecated";
        HEADER_SAID = "header-documentation-changed" SAID, "the description or the examples of a header are others" <-> "header-documentation-changed";
        RESPONSE_BODY_ADDED = "body-added" judge(ACCEPTED, EXTRA), "there is a body, where there was none" <-> "body-removed";
        RESPONSE_BODY_REMOVED = "body-removed" judge(IGNORED, MISSED), "there is a body no longer" <-> "body-added";
        RESPONSE_MEDIA_TYPE_ADDED = "media-type-added" judge(ACCEPTED, KNOWN), "the body may be of a further media type, for those who ask for it" <-> "media-type-removed";
        RESPONSE_MEDIA_TYPE_REMOVED = "media-type-removed" judge(REFUSED, MISSED), "the body is of a media type no longer" <-> "media-type-added";
        RESPONSE_ENCODING_CHANGED = "encoding-changed" DIFFERS, "a part of the body is written in another way" <-> "encoding-changed";
        LINK_ADDED = "link-added" judge(QUIET, EXTRA), "there is a further link" <-> "link-removed";
        LINK_REMOVED = "link-removed" judge(QUIET, UNPROMISED), "there is a link no longer" <-> "link-added";
        LINK_CHANGED = "link-changed" judge(QUIET, UNPROMISED), "a link leads elsewhere" <-> "link-changed";
        RESPONSE_EXTENSION_CHANGED = "extension-changed" judge(QUIET, QUIET), "an extension of a response is another" <-> "extension-changed";
        RESPONSE_SAID = "documentation-changed" SAID, "the description or the examples of a response are others" <-> "documentation-changed";
    }
}
