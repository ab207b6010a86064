//! Changes of what requests and answers consist of: the name of the change without its direction, the operation before,
//! the operation after.

/// Each is tested as an operation and as a webhook.
pub(crate) const REQUESTS: &[(&str, &str, &str)] = &[
    ("parameter-added", "{}", "{parameters: [{name: a, in: query, schema: {type: string}}]}"),
    (
        "parameter-removed-deprecated",
        "{parameters: [{name: a, in: query, deprecated: true, schema: {type: string}}]}",
        "{}",
    ),
    (
        "required-parameter-added",
        "{}",
        "{parameters: [{name: a, in: query, required: true, schema: {type: string}}]}",
    ),
    (
        "parameter-became-required",
        "{parameters: [{name: a, in: header, schema: {type: string}}]}",
        "{parameters: [{name: A, in: header, required: true, schema: {type: string}}]}",
    ),
    (
        "parameter-moved",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: cookie, schema: {type: string}}]}",
    ),
    (
        "parameter-style-changed",
        "{parameters: [{name: a, in: query, schema: {type: array}}]}",
        "{parameters: [{name: a, in: query, style: pipeDelimited, schema: {type: array}}]}",
    ),
    (
        "parameter-explode-changed",
        "{parameters: [{name: a, in: query, schema: {type: array}}]}",
        "{parameters: [{name: a, in: query, explode: false, schema: {type: array}}]}",
    ),
    (
        "parameter-media-type-changed",
        "{parameters: [{name: a, in: query, schema: {type: object}}]}",
        "{parameters: [{name: a, in: query, content: {application/json: {schema: {type: object}}}}]}",
    ),
    (
        "parameter-reserved-allowed",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: query, allowReserved: true, schema: {type: string}}]}",
    ),
    (
        "parameter-empty-allowed",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: query, allowEmptyValue: true, schema: {type: string}}]}",
    ),
    (
        "parameter-deprecated",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: query, deprecated: true, schema: {type: string}}]}",
    ),
    (
        "parameter-extension-changed",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: query, x-a: 1, schema: {type: string}}]}",
    ),
    (
        "parameter-documentation-changed",
        "{parameters: [{name: a, in: query, schema: {type: string}}]}",
        "{parameters: [{name: a, in: query, description: b, schema: {type: string}}]}",
    ),
    ("body-added", "{}", "{requestBody: {content: {text/plain: {}}}}"),
    ("required-body-added", "{}", "{requestBody: {required: true, content: {text/plain: {}}}}"),
    (
        "body-became-required",
        "{requestBody: {content: {text/plain: {}}}}",
        "{requestBody: {required: true, content: {text/plain: {}}}}",
    ),
    (
        "media-type-added",
        "{requestBody: {content: {text/plain: {}}}}",
        "{requestBody: {content: {text/plain: {}, image/png: {}}}}",
    ),
    (
        "encoding-changed",
        "{requestBody: {content: {multipart/form-data: {schema: {type: object}}}}}",
        "{requestBody: {content: {multipart/form-data: {schema: {type: object}, encoding: {a: {contentType: image/png}}}}}}",
    ),
    (
        "body-extension-changed",
        "{requestBody: {content: {text/plain: {}}}}",
        "{requestBody: {x-a: 1, content: {text/plain: {}}}}",
    ),
    (
        "body-documentation-changed",
        "{requestBody: {content: {text/plain: {}}}}",
        "{requestBody: {description: b, content: {text/plain: {}}}}",
    ),
];

/// Each is tested as an operation and as a webhook.
pub(crate) const RESPONSES: &[(&str, &str, &str)] = &[
    (
        "header-removed-deprecated",
        "{'200': {description: a, headers: {A: {deprecated: true, schema: {type: string}}}}}",
        "{'200': {description: a}}",
    ),
    (
        "success-status-added",
        "{'200': {description: a}}",
        "{'200': {description: a}, '202': {description: a}}",
    ),
    ("error-status-added", "{'200': {description: a}}", "{'200': {description: a}, '4XX': {description: a}}"),
    (
        "default-status-added",
        "{'200': {description: a}}",
        "{'200': {description: a}, default: {description: a}}",
    ),
    (
        "header-added",
        "{'200': {description: a}}",
        "{'200': {description: a, headers: {A: {schema: {type: string}}}}}",
    ),
    (
        "required-header-added",
        "{'200': {description: a}}",
        "{'200': {description: a, headers: {A: {required: true, schema: {type: string}}}}}",
    ),
    (
        "header-became-required",
        "{'200': {description: a, headers: {A: {schema: {type: string}}}}}",
        "{'200': {description: a, headers: {a: {required: true, schema: {type: string}}}}}",
    ),
    (
        "header-style-changed",
        "{'200': {description: a, headers: {A: {schema: {type: array}}}}}",
        "{'200': {description: a, headers: {A: {explode: true, schema: {type: array}}}}}",
    ),
    (
        "header-deprecated",
        "{'200': {description: a, headers: {A: {schema: {type: string}}}}}",
        "{'200': {description: a, headers: {A: {deprecated: true, schema: {type: string}}}}}",
    ),
    (
        "header-documentation-changed",
        "{'200': {description: a, headers: {A: {schema: {type: string}}}}}",
        "{'200': {description: a, headers: {A: {description: b, schema: {type: string}}}}}",
    ),
    ("body-added", "{'200': {description: a}}", "{'200': {description: a, content: {text/plain: {}}}}"),
    (
        "media-type-added",
        "{'200': {description: a, content: {text/plain: {}}}}",
        "{'200': {description: a, content: {text/plain: {}, image/png: {}}}}",
    ),
    (
        "encoding-changed",
        "{'200': {description: a, content: {multipart/mixed: {}}}}",
        "{'200': {description: a, content: {multipart/mixed: {itemEncoding: {contentType: image/png}}}}}",
    ),
    ("link-added", "{'200': {description: a}}", "{'200': {description: a, links: {l: {operationId: o}}}}"),
    (
        "link-changed",
        "{'200': {description: a, links: {l: {operationId: o}}}}",
        "{'200': {description: a, links: {l: {operationId: p}}}}",
    ),
    ("extension-changed", "{'200': {description: a}}", "{'200': {description: a, x-a: 1}}"),
    ("documentation-changed", "{'200': {description: a}}", "{'200': {description: b}}"),
];
