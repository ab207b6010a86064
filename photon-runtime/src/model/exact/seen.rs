//! Which items or members of one value a schema has looked at, for `unevaluatedItems` and `unevaluatedProperties`.

/// Places of one value.
#[derive(Debug, Default)]
pub(super) struct Seen {
    all: bool,
    places: Vec<bool>,
}

impl Seen {
    pub(super) fn put(&mut self, place: usize) {
        if self.places.len() <= place {
            self.places.resize(place + 1, false);
        }
        self.places[place] = true;
    }

    pub(super) fn put_all(&mut self) {
        self.all = true;
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.all || self.places.get(place).is_some_and(|seen| *seen)
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.all |= other.all;
        if self.places.len() < other.places.len() {
            self.places.resize(other.places.len(), false);
        }
        for (place, seen) in self.places.iter_mut().zip(&other.places) {
            *place |= seen;
        }
    }
}
