//! Circles: schemas that contain themselves in place, so that no value would ever end their check.
//!
//! Circles of mere references are endless and refused. Others are cut: a subtype that contains its base, while the
//! base lists its subtypes, gets the base without the list.

use super::Parser;
use crate::codes;
use crate::schema::{Schema, SchemaId};

/// Circles that are cut with care; in more than these whoever wrote them is not served by care.
const CIRCLES_MAX: usize = 5_000;

/// How one schema holds another in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Reference,
    AllOf(usize),
    AnyOf(usize),
    OneOf(usize),
    Not,
    If,
    Then,
    Else,
    Dependent(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

/// A step of the way from the start of a search.
struct Step {
    from: SchemaId,
    edges: Vec<(Edge, SchemaId)>,
    next: usize,
}

impl Parser<'_, '_> {
    /// Finds and cuts all circles.
    pub(super) fn cut_circles(&mut self) {
        let mut states = vec![State::Unseen; self.schemas.len()];
        let (mut start, mut cuts) = (0, 0);
        while start < self.schemas.len() {
            if states.get(start).is_none_or(|state| *state == State::Unseen) {
                let id = SchemaId(u32::try_from(start).unwrap_or(u32::MAX));
                while let Some(circle) = self.find_circle(id, &mut states) {
                    cuts += 1;
                    self.cut(&circle, cuts > CIRCLES_MAX);
                }
            }
            start += 1;
        }
    }

    /// The edges of a circle that can be reached from `start`, or none.
    fn find_circle(
        &self,
        start: SchemaId,
        states: &mut Vec<State>,
    ) -> Option<Vec<(SchemaId, Edge, SchemaId)>> {
        states.resize(self.schemas.len(), State::Unseen);
        let mut way = vec![self.open(start, states)];
        while let Some(step) = way.last_mut() {
            let Some((_, to)) = step.edges.get(step.next).copied() else {
                states[step.from.0 as usize] = State::Done;
                way.pop();
                continue;
            };
            step.next += 1;
            match states[to.0 as usize] {
                State::Done => {}
                State::Unseen => way.push(self.open(to, states)),
                State::Open => {
                    let first = way.iter().position(|step| step.from == to).unwrap_or(0);
                    let circle = way[first..].iter().map(|step| {
                        let (edge, to) = step.edges[step.next - 1];
                        (step.from, edge, to)
                    });
                    let circle = circle.collect();
                    // What is on the way is searched again once the circle is cut.
                    for step in &way {
                        states[step.from.0 as usize] = State::Unseen;
                    }
                    return Some(circle);
                }
            }
        }
        None
    }

    fn open(&self, id: SchemaId, states: &mut [State]) -> Step {
        states[id.0 as usize] = State::Open;
        Step { from: id, edges: edges(&self.schemas[id.0 as usize]), next: 0 }
    }

    fn cut(&mut self, circle: &[(SchemaId, Edge, SchemaId)], is_too_many: bool) {
        let Some((last, _, _)) = circle.last().copied() else { return };
        if circle.iter().all(|(_, edge, _)| *edge == Edge::Reference) {
            let span = self.schemas[last.0 as usize].span;
            for (from, _, _) in circle {
                self.broken_schemas.insert(*from, (&codes::REFERENCE_ENDLESS, span));
            }
            self.schemas[last.0 as usize].reference = None;
            let name = self.schemas[last.0 as usize].name.as_ref();
            let name =
                name.map_or_else(|| "this reference".to_owned(), |name| format!("the reference `{name}`"));
            self.tell(&codes::REFERENCE_ENDLESS, span, format!("{name} leads back to itself"));
            return;
        }
        // Best cut before a list of alternatives: what holds the base then gets it without the list.
        let lists = |edge: Edge| matches!(edge, Edge::OneOf(_) | Edge::AnyOf(_));
        let at = (0..circle.len()).find(|at| lists(circle[(at + 1) % circle.len()].1));
        let at = at.unwrap_or(circle.len() - 1);
        let (from, edge, to) = circle[at];
        let (_, back, _) = circle[(at + 1) % circle.len()];
        let span = self.schemas[to.0 as usize].span;
        let base = &self.schemas[to.0 as usize];
        let own_part = if is_too_many { Schema { span, ..Schema::default() } } else { without(base, back) };
        let own_part = self.new_schema(own_part);
        replace(&mut self.schemas[from.0 as usize], edge, own_part);
        let name = self.schemas[to.0 as usize].name.clone();
        let name = name.map_or_else(|| "this schema".to_owned(), |name| format!("`{name}`"));
        self.tell(&codes::SCHEMA_CIRCLE, span, format!("{name} contains itself in place"));
    }
}

fn edges(schema: &Schema) -> Vec<(Edge, SchemaId)> {
    let mut edges: Vec<(Edge, SchemaId)> = Vec::new();
    edges.extend(schema.reference.map(|id| (Edge::Reference, id)));
    if let Some(logic) = &schema.logic {
        edges.extend(logic.all_of.iter().enumerate().map(|(at, id)| (Edge::AllOf(at), *id)));
        edges.extend(logic.any_of.iter().enumerate().map(|(at, id)| (Edge::AnyOf(at), *id)));
        edges.extend(logic.one_of.iter().enumerate().map(|(at, id)| (Edge::OneOf(at), *id)));
        let single = [
            (Edge::Not, logic.not),
            (Edge::If, logic.if_),
            (Edge::Then, logic.then),
            (Edge::Else, logic.else_),
        ];
        edges.extend(single.into_iter().filter_map(|(edge, id)| id.map(|id| (edge, id))));
    }
    if let Some(object) = &schema.object {
        let dependent = object.dependent_schemas.iter().enumerate();
        edges.extend(dependent.map(|(at, (_, id))| (Edge::Dependent(at), *id)));
    }
    edges
}

fn replace(schema: &mut Schema, edge: Edge, id: SchemaId) {
    if edge == Edge::Reference {
        schema.reference = Some(id);
        return;
    }
    if let Edge::Dependent(at) = edge {
        let dependent = schema.object.get_or_insert_default();
        if let Some((_, held)) = dependent.dependent_schemas.get_mut(at) {
            *held = id;
        }
        return;
    }
    let logic = schema.logic.get_or_insert_default();
    let held = match edge {
        Edge::AllOf(at) => logic.all_of.get_mut(at),
        Edge::AnyOf(at) => logic.any_of.get_mut(at),
        Edge::OneOf(at) => logic.one_of.get_mut(at),
        Edge::Not => logic.not.as_mut(),
        Edge::If => logic.if_.as_mut(),
        Edge::Then => logic.then.as_mut(),
        Edge::Else => logic.else_.as_mut(),
        Edge::Reference | Edge::Dependent(_) => None,
    };
    if let Some(held) = held {
        *held = id;
    }
}

/// The schema without what leads back by `edge`; it has no name, for it is a part.
fn without(schema: &Schema, edge: Edge) -> Schema {
    let mut part = Schema { name: None, ..schema.clone() };
    if edge == Edge::Reference {
        part.reference = None;
        return part;
    }
    if let Edge::Dependent(at) = edge {
        part.object.get_or_insert_default().dependent_schemas.remove(at);
        return part;
    }
    let logic = part.logic.get_or_insert_default();
    match edge {
        Edge::AllOf(at) => drop(logic.all_of.remove(at)),
        Edge::AnyOf(_) => logic.any_of.clear(),
        Edge::OneOf(_) => logic.one_of.clear(),
        Edge::Not => logic.not = None,
        Edge::If | Edge::Then | Edge::Else => (logic.if_, logic.then, logic.else_) = (None, None, None),
        Edge::Reference | Edge::Dependent(_) => {}
    }
    if matches!(edge, Edge::AnyOf(_) | Edge::OneOf(_)) {
        part.discriminator = None;
    }
    part
}
