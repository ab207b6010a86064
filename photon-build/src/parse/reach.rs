//! Which operations hold a broken schema: these are refused, and no others.

use std::collections::HashMap;

use super::operation::{Found, refused};
use super::{Fault, Parser};
use crate::schema::SchemaId;
use crate::spec::{Encoding, Header, MediaType, Operation};

impl Parser<'_, '_> {
    /// Moves operations that cannot be served from `found.operations` to `found.refused`.
    pub(super) fn refuse_broken(&mut self, found: &mut Found) {
        if self.broken_schemas.is_empty() {
            return;
        }
        let broken = self.all_broken();
        let operations = std::mem::take(&mut found.operations);
        for operation in operations {
            match first_broken(&operation, &broken) {
                Some((code, span)) => found.refused.push(refused(&operation, code.id, span)),
                None => found.operations.push(operation),
            }
        }
        found.webhooks.retain(|webhook| first_broken(webhook, &broken).is_none());
    }

    /// The broken schemas, and those that hold one, however deep.
    fn all_broken(&self) -> HashMap<SchemaId, Fault> {
        let mut holders: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for (index, schema) in self.schemas.iter().enumerate() {
            let holder = SchemaId(u32::try_from(index).unwrap_or(u32::MAX));
            schema.each_child(|child| holders.entry(child).or_default().push(holder));
        }
        let mut broken = self.broken_schemas.clone();
        let mut open: Vec<SchemaId> = broken.keys().copied().collect();
        open.sort_unstable();
        while let Some(id) = open.pop() {
            let Some(fault) = broken.get(&id).copied() else { continue };
            for holder in holders.get(&id).into_iter().flatten() {
                if !broken.contains_key(holder) {
                    broken.insert(*holder, fault);
                    open.push(*holder);
                }
            }
        }
        broken
    }
}

fn first_broken(operation: &Operation, broken: &HashMap<SchemaId, Fault>) -> Option<Fault> {
    let mut ids = Vec::new();
    for parameter in &operation.parameters {
        ids.extend(parameter.schema);
        add_content(&parameter.content, &mut ids);
    }
    if let Some(body) = &operation.body {
        add_content(&body.content, &mut ids);
    }
    for response in &operation.responses {
        add_headers(&response.reply.headers, &mut ids);
        add_content(&response.reply.content, &mut ids);
    }
    if let Some(socket) = &operation.websocket {
        ids.extend(socket.receive);
        ids.extend(socket.send);
    }
    ids.iter().find_map(|id| broken.get(id).copied())
}

fn add_content(content: &[MediaType], ids: &mut Vec<SchemaId>) {
    for media_type in content {
        ids.extend(media_type.schema);
        ids.extend(media_type.item_schema);
        let named = media_type.encoding.iter().map(|(_, encoding)| encoding);
        let unnamed = media_type.prefix_encoding.iter().chain(media_type.item_encoding.as_deref());
        named.chain(unnamed).for_each(|encoding: &Encoding| add_headers(&encoding.headers, ids));
    }
}

fn add_headers(headers: &[Header], ids: &mut Vec<SchemaId>) {
    for header in headers {
        ids.extend(header.schema);
        add_content(&header.content, ids);
    }
}
