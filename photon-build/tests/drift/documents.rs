//! Changes of operations as a whole, of who may call and where, and of the document: the name of the change, and what
//! stands in the document before and after.

/// Fields of the operation `GET /a/{id}`.
pub(crate) const OPERATIONS: &[(&str, &str, &str)] = &[
    ("operation-id-added", "{}", "{operationId: a}"),
    ("operation-id-changed", "{operationId: a}", "{operationId: b}"),
    ("operation-tag-added", "{tags: [a]}", "{tags: [b, a]}"),
    ("operation-deprecated", "{}", "{deprecated: true}"),
    ("sunset-added", "{deprecated: true}", "{deprecated: true, x-sunset: '2030-01-01'}"),
    ("sunset-earlier", "{x-sunset: '2030-01-01'}", "{x-sunset: '2029-01-01'}"),
    (
        "stream-turned-on",
        "{responses: {'200': {description: a, content: {text/event-stream: {}, application/json: {}}}}}",
        "{x-photon-stream: true, responses: {'200': {description: a, content: {text/event-stream: {}, application/json: {}}}}}",
    ),
    ("body-limit-lowered", "{x-photon-limits: {body: 2 MiB}}", "{x-photon-limits: {body: 1000}}"),
    ("websocket-added", "{}", "{x-photon-websocket: {receive: {type: string}}}"),
    (
        "request-max-length-lowered",
        "{x-photon-websocket: {receive: {type: string}}}",
        "{x-photon-websocket: {receive: {type: string, maxLength: 3}}}",
    ),
    (
        "response-max-length-lowered",
        "{x-photon-websocket: {send: {type: string}}}",
        "{x-photon-websocket: {send: {type: string, maxLength: 3}}}",
    ),
    ("operation-photon-extension-changed", "{}", "{x-photon-raw: true}"),
    ("operation-photon-extension-changed", "{}", "{x-photon-limits: {body: 1 MiB}}"),
    ("operation-extension-changed", "{x-a: 1}", "{}"),
    ("operation-documentation-changed", "{summary: a}", "{summary: b}"),
    ("security-added", "{}", "{security: [{k: []}]}"),
    ("security-added", "{security: [{}, {k: []}]}", "{security: [{k: []}]}"),
    ("security-alternative-added", "{security: [{k: []}]}", "{security: [{k: []}, {o: []}]}"),
    ("security-tightened", "{security: [{k: []}]}", "{security: [{k: [], o: []}]}"),
    ("security-scope-added", "{security: [{o: []}]}", "{security: [{o: [read]}]}"),
    ("server-added", "{servers: [{url: /}]}", "{servers: [{url: /}, {url: 'https://h'}]}"),
    (
        "callback-added",
        "{}",
        "{callbacks: {c: {'{$request.query.u}': {post: {responses: {'200': {description: a}}}}}}}",
    ),
    (
        "response-property-added",
        "{callbacks: {c: {'{$u}': {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {}}}}}}",
        "{callbacks: {c: {'{$u}': {post: {requestBody: {content: {application/json: {schema: {type: object, properties: {a: {}}}}}}, responses: {}}}}}}",
    ),
    (
        "request-enum-value-added",
        "{parameters: [{name: a, in: query, content: {application/json: {schema: {enum: [a]}}}}]}",
        "{parameters: [{name: a, in: query, content: {application/json: {schema: {enum: [a, b]}}}}]}",
    ),
    (
        "response-type-narrowed",
        "{responses: {'200': {description: a, headers: {A: {schema: {type: number}}}}}}",
        "{responses: {'200': {description: a, headers: {A: {schema: {type: integer}}}}}}",
    ),
    (
        "response-min-length-raised",
        "{responses: {'200': {description: a, content: {application/jsonl: {itemSchema: {type: string}}}}}}",
        "{responses: {'200': {description: a, content: {application/jsonl: {itemSchema: {type: string, minLength: 1}}}}}}",
    ),
];

/// Whole documents, without `openapi` and, where it is no matter, `info`.
pub(crate) const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("operation-added", "paths: {/a: {}}", "paths: {/a: {get: {responses: {}}}}"),
    ("operation-removed-deprecated", "paths: {/a: {get: {deprecated: true, responses: {}}}}", "paths: {}"),
    (
        "operation-removed-before-sunset",
        "paths: {/a: {get: {deprecated: true, x-sunset: '9999-01-01', responses: {}}}}",
        "paths: {}",
    ),
    (
        "operation-removed-after-sunset",
        "paths: {/a: {get: {deprecated: true, x-sunset: '2001-01-01', responses: {}}}}",
        "paths: {}",
    ),
    (
        "path-parameter-renamed",
        "paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true}], responses: {}}}}",
        "paths: {'/a/{c}': {get: {parameters: [{name: c, in: path, required: true}], responses: {}}}}",
    ),
    ("path-documentation-changed", "paths: {/a: {summary: a}}", "paths: {/a: {summary: b}}"),
    ("path-extension-changed", "paths: {/a: {x-a: 1}}", "paths: {/a: {x-a: 2}}"),
    ("webhook-added", "paths: {}", "webhooks: {w: {post: {responses: {}}}}"),
    ("version-raised", "info: {title: T, version: 1.2.0}", "info: {title: T, version: 1.10.0}"),
    ("version-changed", "info: {title: T, version: alpha}", "info: {title: T, version: beta}"),
    ("title-changed", "info: {title: T, version: '1'}", "info: {title: U, version: '1'}"),
    (
        "terms-of-service-changed",
        "info: {title: T, version: '1'}",
        "info: {title: T, version: '1', termsOfService: 'https://h'}",
    ),
    (
        "contact-changed",
        "info: {title: T, version: '1'}",
        "info: {title: T, version: '1', contact: {name: n}}",
    ),
    (
        "license-changed",
        "info: {title: T, version: '1'}",
        "info: {title: T, version: '1', license: {name: MIT}}",
    ),
    (
        "document-documentation-changed",
        "info: {title: T, version: '1'}",
        "info: {title: T, version: '1', description: d}",
    ),
    ("tag-added", "tags: [{name: a}]", "tags: [{name: a}, {name: b}]"),
    ("tag-changed", "tags: [{name: a}]", "tags: [{name: a, description: b}]"),
    ("document-photon-extension-changed", "x-photon-a: 1", "x-photon-a: 2"),
    ("document-extension-changed", "x-a: 1", "x-a: 2"),
    ("security-added", "paths: {/a: {get: {}}}\nsecurity: []", "paths: {/a: {get: {}}}\nsecurity: [{k: []}]"),
    (
        "security-scheme-added",
        "components: {securitySchemes: {}}",
        "components: {securitySchemes: {a: {type: http, scheme: basic}}}",
    ),
    (
        "security-scheme-type-changed",
        "components: {securitySchemes: {a: {type: http, scheme: basic}}}",
        "components: {securitySchemes: {a: {type: apiKey, in: header, name: K}}}",
    ),
    (
        "security-http-scheme-changed",
        "components: {securitySchemes: {a: {type: http, scheme: basic}}}",
        "components: {securitySchemes: {a: {type: http, scheme: bearer}}}",
    ),
    (
        "security-key-renamed",
        "components: {securitySchemes: {a: {type: apiKey, in: header, name: J}}}",
        "components: {securitySchemes: {a: {type: apiKey, in: header, name: K}}}",
    ),
    (
        "security-key-moved",
        "components: {securitySchemes: {a: {type: apiKey, in: query, name: K}}}",
        "components: {securitySchemes: {a: {type: apiKey, in: header, name: K}}}",
    ),
    (
        "security-open-id-url-changed",
        "components: {securitySchemes: {a: {type: openIdConnect, openIdConnectUrl: 'https://a'}}}",
        "components: {securitySchemes: {a: {type: openIdConnect, openIdConnectUrl: 'https://b'}}}",
    ),
    (
        "security-flow-added",
        "components: {securitySchemes: {a: {type: oauth2, flows: {}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}",
    ),
    (
        "security-flow-url-changed",
        "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a'}}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://b'}}}}}",
    ),
    (
        "security-flow-scope-added",
        "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {a: x}}}}}}",
        "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {a: x, b: x}}}}}}",
    ),
    (
        "security-scheme-documentation-changed",
        "components: {securitySchemes: {a: {type: http, scheme: basic}}}",
        "components: {securitySchemes: {a: {type: http, scheme: basic, description: d}}}",
    ),
    (
        "server-added",
        "paths: {/a: {get: {}}}\nservers: [{url: /v1}]",
        "paths: {/a: {get: {}}}\nservers: [{url: /v1}, {url: 'https://h/v1'}]",
    ),
    (
        "server-variable-default-changed",
        "paths: {/a: {get: {}}}\nservers: [{url: 'https://{a}/', variables: {a: {default: b}}}]",
        "paths: {/a: {get: {}}}\nservers: [{url: 'https://{a}/', variables: {a: {default: c}}}]",
    ),
    (
        "server-variable-value-added",
        "paths: {/a: {get: {}}}\nservers: [{url: 'https://{a}/', variables: {a: {default: b, enum: [b]}}}]",
        "paths: {/a: {get: {}}}\nservers: [{url: 'https://{a}/', variables: {a: {default: b, enum: [b, c]}}}]",
    ),
    (
        "server-documentation-changed",
        "paths: {/a: {get: {}}}\nservers: [{url: /v1}]",
        "paths: {/a: {get: {}}}\nservers: [{url: /v1, description: d}]",
    ),
];
