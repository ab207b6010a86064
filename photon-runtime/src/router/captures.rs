//! The parameters of a path as they were found: still escaped, in order, without allocation for up to eight.

/// How many parameters fit without allocation.
const INLINE: usize = 8;

/// A short list of pieces of the path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captures<'r> {
    inline: [&'r str; INLINE],
    more: Vec<&'r str>,
    len: usize,
}

impl<'r> Captures<'r> {
    pub(crate) fn push(&mut self, piece: &'r str) {
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = piece,
            None => self.more.push(piece),
        }
        self.len += 1;
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = len.min(self.len);
        self.more.truncate(self.len.saturating_sub(INLINE));
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, index: usize) -> Option<&'r str> {
        if index >= self.len {
            return None;
        }
        self.inline.get(index).or_else(|| self.more.get(index - INLINE)).copied()
    }
}
