//! What must hold for an operation among others: its path's parameters, its route, its name.

use std::rc::Rc;

use super::operation::Found;
use super::{At, Parser, path};
use crate::codes;
use crate::spec::{Location, Operation, Parameter};

impl<'a> Parser<'a, '_> {
    pub(super) fn check_path(&mut self, operation: &mut Operation) {
        if let Some(path) = path::plain(&operation.path, |name| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| parameter.location == Location::Path && *parameter.name == *name)
        }) {
            operation.path = Rc::new(path);
        }
        let declared = |name: &str| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| parameter.location == Location::Path && *parameter.name == *name)
        };
        let undeclared: Vec<String> =
            path::names(&operation.path).filter(|name| !declared(name)).map(str::to_owned).collect();
        let path = operation.path.clone();
        let in_template = |name: &str| path::names(&path).any(|known| known == name);
        let unused: Vec<Rc<Parameter>> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path && !in_template(&parameter.name))
            .cloned()
            .collect();
        for name in undeclared {
            let message = format!("parameter `{name}` of the path is not declared");
            // A declared one that the path lacks is most likely the one that is meant.
            let meant = unused.first();
            let span = meant.map_or(operation.span, |parameter| parameter.name_span);
            let help = match meant {
                Some(parameter) => {
                    let other = path.text.replace(&format!("{{{name}}}"), &format!("{{{}}}", parameter.name));
                    format!("rename it to `{name}`, or change the path to `{other}`")
                }
                None => {
                    format!("add `{{ name: {name}, in: path, required: true, schema: {{ type: string }} }}`")
                }
            };
            if let Some(finding) = self.refuse(&codes::PATH_UNDECLARED, span, message) {
                finding.help = Some(help);
                finding.notes.push((path.span, "the path".to_owned()));
            }
            self.broken.get_or_insert((&codes::PATH_UNDECLARED, span));
        }
        for parameter in &unused {
            if self.told.contains(&(codes::PATH_UNDECLARED.id, parameter.name_span)) {
                continue;
            }
            let message =
                format!("the parameter `{}` does not stand in the path `{}`", parameter.name, path.text);
            self.tell(&codes::PATH_UNUSED, parameter.name_span, message);
        }
        operation.parameters.retain(|parameter| !unused.iter().any(|it| Rc::ptr_eq(it, parameter)));
    }

    pub(super) fn check_shape(&mut self, found: &mut Found, operation: &Operation) {
        let shape = format!("{} {}", operation.method, path::shape(&operation.path));
        if let Some(first) = found.shapes.get(&shape) {
            let first = *first;
            let message = format!("`{} {}` exists already", operation.method, operation.path.text);
            if let Some(finding) = self.refuse(&codes::DUPLICATE_OPERATION, operation.span, message) {
                finding.notes.push((first, "it stands here first".to_owned()));
            }
        } else {
            found.shapes.insert(shape, operation.span);
        }
    }

    pub(super) fn check_id(&mut self, found: &mut Found, operation: &mut Operation, at: &At<'a>) {
        let Some(id) = &operation.id else { return };
        let span = at.node.get("operationId").map_or(operation.span, |node| node.span);
        if let Some(first) = found.ids.get(id) {
            let first = *first;
            let message = format!("`operationId: {id}` exists already");
            if let Some(finding) = self.tell(&codes::DUPLICATE_ID, span, message) {
                finding.notes.push((first, "it stands here first".to_owned()));
            }
            operation.id = None;
        } else {
            found.ids.insert(id.clone(), span);
        }
    }
}
