//! The operations of a document, their parameters, bodies and answers, with all references followed.

use super::{Document, Node};

/// The methods that a path item may hold, lower case.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// One operation: a method of a path.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// Upper case.
    pub method: String,
    /// As the document writes it.
    pub path: &'d str,
    /// The path item.
    pub item: Node<'d>,
    /// The operation object.
    pub node: Node<'d>,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// It is the whole query (OpenAPI 3.2).
    QueryString,
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'d> {
    /// The name on the wire.
    pub name: &'d str,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be there.
    pub required: bool,
    /// The parameter object.
    pub node: Node<'d>,
    /// What its value must be.
    pub schema: Option<Node<'d>>,
    /// The media type that it is written in, for `content` parameters.
    pub media_type: Option<&'d str>,
}

/// A request's body.
#[derive(Clone, Debug)]
pub struct Body<'d> {
    /// Whether it must be there.
    pub required: bool,
    /// The media types with their media type objects, in the document's order.
    pub content: Vec<(&'d str, Node<'d>)>,
}

/// One declared answer.
#[derive(Clone, Debug)]
pub struct Response<'d> {
    /// `200`, `4XX`, `default`.
    pub status: &'d str,
    /// The media types with their media type objects.
    pub content: Vec<(&'d str, Node<'d>)>,
    /// The headers with their header objects.
    pub headers: Vec<(&'d str, Node<'d>)>,
}

impl Document {
    /// Every operation under `paths`, path items behind references included.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        let Some(paths) = self.root().get("paths") else { return operations };
        let paths = self.resolve(paths).unwrap_or(paths);
        for (path, item) in paths.members().filter(|(path, _)| path.starts_with('/')) {
            // A path item may hold operations beside its reference.
            for item in [Some(item), self.resolve(item).filter(|other| other.key() != item.key())] {
                let Some(item) = item else { continue };
                let additional = item.get("additionalOperations").into_iter().flat_map(|all| all.members());
                let fixed = item.members().filter(|(key, _)| METHODS.contains(key));
                for (method, node) in fixed.chain(additional) {
                    // Some documents keep each operation in a file of its own.
                    let node = self.resolve(node).unwrap_or(node);
                    if node.value.is_object() {
                        operations.push(Operation { method: method.to_uppercase(), path, item, node });
                    }
                }
            }
        }
        operations
    }

    /// The path under which the operations are mounted: that of the first server, without a slash at its end.
    pub fn base_path(&self) -> String {
        server_path(self.root()).unwrap_or_default()
    }

    /// The path under which this operation is mounted: its own servers come before its path item's and the document's.
    pub fn base_path_of(&self, operation: &Operation<'_>) -> String {
        let own = server_path(operation.node).or_else(|| server_path(operation.item));
        own.unwrap_or_else(|| self.base_path())
    }

    /// The scopes that any requirement of the document names.
    pub fn scopes(&self) -> Vec<String> {
        let root = self.root();
        let own = self.operations().into_iter().map(|operation| operation.node);
        let mut scopes: Vec<String> = std::iter::once(root)
            .chain(own)
            .filter_map(|node| node.get("security"))
            .flat_map(|security| security.items())
            .flat_map(|requirement| requirement.members())
            .flat_map(|(_, scopes)| scopes.items())
            .filter_map(|scope| scope.value.as_str().map(str::to_owned))
            .collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }
}

impl<'d> Operation<'d> {
    /// What it is called in messages: `GET /pets/{petId}`.
    pub fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Its parameters, those of its path item included.
    pub fn parameters(&self, document: &'d Document) -> Vec<Parameter<'d>> {
        let mut parameters: Vec<Parameter<'d>> = Vec::new();
        for node in [self.node, self.item] {
            for written in node.get("parameters").into_iter().flat_map(|all| all.items()) {
                let Some(parameter) = document.resolve(written).and_then(|node| parameter(node)) else {
                    continue;
                };
                let known =
                    |own: &Parameter<'_>| own.name == parameter.name && own.location == parameter.location;
                if !parameters.iter().any(known) {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// Its body.
    pub fn body(&self, document: &'d Document) -> Option<Body<'d>> {
        let node = document.resolve(self.node.get("requestBody")?)?;
        let content = content(document, node);
        (!content.is_empty()).then(|| Body { required: node.flag("required"), content })
    }

    /// Its answers, in the document's order.
    pub fn responses(&self, document: &'d Document) -> Vec<Response<'d>> {
        let responses = self.node.get("responses").into_iter().flat_map(|all| all.members());
        responses
            .filter_map(|(status, written)| {
                let node = document.resolve(written)?;
                let headers = node.get("headers").into_iter().flat_map(|all| all.members());
                let headers = headers.filter_map(|(name, node)| Some((name, document.resolve(node)?)));
                Some(Response { status, content: content(document, node), headers: headers.collect() })
            })
            .collect()
    }
}

/// The path of the first server that a node lists, without a slash at its end.
fn server_path(node: Node<'_>) -> Option<String> {
    let server = node.get("servers")?.items().next()?;
    let mut url = server.text("url").unwrap_or_default().to_owned();
    for (name, variable) in server.get("variables").into_iter().flat_map(|all| all.members()) {
        url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map(|(_, path)| path.to_owned()).unwrap_or_default(),
        None => match url.strip_prefix("//") {
            Some(rest) => rest.split_once('/').map(|(_, path)| path.to_owned()).unwrap_or_default(),
            None => url,
        },
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    Some(if path.is_empty() || path == "." { String::new() } else { format!("/{path}") })
}

fn parameter(node: Node<'_>) -> Option<Parameter<'_>> {
    let location = match node.text("in")? {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "querystring" => Location::QueryString,
        _ => return None,
    };
    let content = node.get("content").and_then(|content| content.members().next());
    Some(Parameter {
        name: node.text("name")?,
        location,
        required: node.flag("required") || location == Location::Path,
        node,
        schema: content.map_or_else(|| node.get("schema"), |(_, media)| media.get("schema")),
        media_type: content.map(|(media_type, _)| media_type),
    })
}

fn content<'d>(document: &'d Document, node: Node<'d>) -> Vec<(&'d str, Node<'d>)> {
    let content = node.get("content").into_iter().flat_map(|all| all.members());
    content.filter_map(|(media_type, node)| Some((media_type, document.resolve(node)?))).collect()
}
