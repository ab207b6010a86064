//! The texts that a segment may be, each with where it leads: a hash table where there are many, so that a document's size
//! costs no request anything.
//!
//! Texts come from documents, never from requests, so nobody can make them collide on purpose. Knows no paths.

/// Texts that are looked through one after another.
const FEW: usize = 4;

/// An odd number with its bits well mixed: what is left of the golden ratio's fraction.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Texts with the nodes that they lead to.
#[derive(Debug, Default)]
pub(super) struct Literals {
    entries: Vec<(Box<str>, usize)>,
    /// Where texts stand among the entries, by their hash; at least half of it is free. A power of two, or nothing.
    slots: Box<[Slot]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// A part of the hash, so that few texts are looked at in vain.
    tag: u32,
    /// The entry's number and one; 0 is free.
    entry: u32,
}

impl Literals {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where a text leads.
    pub(super) fn get(&self, text: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().find(|(known, _)| **known == *text).map(|(_, node)| *node);
        }
        let (mut at, tag) = self.place(text);
        loop {
            let Slot { tag: found, entry } = *self.slots.get(at)?;
            let (known, node) = self.entries.get((entry as usize).checked_sub(1)?)?;
            if found == tag && **known == *text {
                return Some(*node);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    /// Adds a text that is not there yet.
    pub(super) fn insert(&mut self, text: &str, node: usize) {
        self.entries.push((text.into(), node));
        if self.entries.len() <= FEW {
            return;
        }
        if self.slots.len() < 2 * self.entries.len() {
            self.slots = vec![Slot::default(); (4 * self.entries.len()).next_power_of_two()].into();
            (0..self.entries.len()).for_each(|entry| self.enter(entry));
        } else {
            self.enter(self.entries.len() - 1);
        }
    }

    fn enter(&mut self, entry: usize) {
        let (mut at, tag) = self.place(&self.entries[entry].0);
        while self.slots[at].entry != 0 {
            at = (at + 1) % self.slots.len();
        }
        let entry = u32::try_from(entry + 1).unwrap_or(0);
        assert!(entry != 0, "a document has fewer paths than a number of 32 bits can count");
        self.slots[at] = Slot { tag, entry };
    }

    /// Where a text is looked for first, and its tag.
    #[allow(clippy::cast_possible_truncation)] // Parts of a hash.
    fn place(&self, text: &str) -> (usize, u32) {
        let hash = hash(text.as_bytes());
        ((hash as usize) & self.slots.len().wrapping_sub(1), (hash >> 32) as u32)
    }
}

/// Every bit of the text moves about half of the hash's.
fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain(std::iter::once(&last)).map(|word| u64::from_le_bytes(*word));
    let hash = words.fold(bytes.len() as u64, |hash, word| {
        let product = u128::from(hash ^ word ^ FACTOR) * u128::from(FACTOR);
        #[allow(clippy::cast_possible_truncation)] // Both halves are used.
        let folded = (product as u64) ^ ((product >> 64) as u64);
        folded
    });
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_found_and_nothing_else() {
        let name = |number: usize| format!("resource{}{number}", "-".repeat(number % 13));
        let mut literals = Literals::default();
        assert!(literals.is_empty());
        for number in 0..5_000 {
            assert_eq!(literals.get(&name(number)), None, "{number}");
            literals.insert(&name(number), number);
            assert_eq!(literals.get(&name(number)), Some(number));
            assert_eq!(literals.get(&name(number / 2)), Some(number / 2), "{number}");
        }
        for other in ["", "resource", "resource0 ", "Resource0"] {
            assert_eq!(literals.get(other), None, "{other}");
        }
        let probes: usize = (0..5_000)
            .map(|number| {
                let (first, _) = literals.place(&name(number));
                let wanted = u32::try_from(number + 1).unwrap();
                (0..literals.slots.len())
                    .take_while(|step| literals.slots[(first + step) % literals.slots.len()].entry != wanted)
                    .count()
            })
            .sum();
        assert!(probes < 5_000, "texts are spread: {probes} steps beyond the first");
    }
}
