//! What has been received and not yet used. Knows bytes only.

/// Room that every connection has on its own stack; most requests need no other.
const SMALL: usize = 4 << 10;

/// Room that is wanted for a read.
const SPACE_MIN: usize = 1 << 10;

/// A buffer that is filled at its end and used at its start.
pub(super) struct Input {
    small: [u8; SMALL],
    /// Takes the place of `small` while it is not empty.
    large: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    pub(super) fn new() -> Self {
        Self { small: [0; SMALL], large: Vec::new(), start: 0, end: 0 }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        if self.large.is_empty() {
            &self.small[self.start..self.end]
        } else {
            &self.large[self.start..self.end]
        }
    }

    /// Marks bytes at the start as used.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Marks bytes of the space as filled.
    #[inline]
    pub(super) fn fill(&mut self, count: usize) {
        self.end += count;
    }

    /// Room for a read, at least 1 KiB unless `bytes_max` are held already.
    #[inline]
    pub(super) fn space(&mut self, bytes_max: usize) -> &mut [u8] {
        if self.is_empty() {
            self.start = 0;
            self.end = 0;
            if !self.large.is_empty() {
                self.large = Vec::new();
            }
        } else {
            self.compact(bytes_max);
        }
        if self.large.is_empty() { &mut self.small[self.end..] } else { &mut self.large[self.end..] }
    }

    /// Puts other bytes in the place of what is held.
    pub(super) fn replace(&mut self, bytes: &[u8]) {
        self.start = 0;
        self.end = bytes.len();
        self.large = Vec::new();
        match self.small.get_mut(..bytes.len()) {
            Some(room) => room.copy_from_slice(bytes),
            None => self.large = bytes.to_vec(),
        }
    }

    fn compact(&mut self, bytes_max: usize) {
        let (start, end) = (self.start, self.end);
        let held = if self.large.is_empty() { &mut self.small[..] } else { &mut self.large[..] };
        if start > 0 {
            held.copy_within(start..end, 0);
            self.start = 0;
            self.end = end - start;
        }
        if held.len() - self.end >= SPACE_MIN {
            return;
        }
        let wanted = (held.len() * 2).min(bytes_max + SPACE_MIN);
        if wanted > held.len() {
            let mut grown = vec![0; wanted];
            grown[..self.end].copy_from_slice(&held[..self.end]);
            self.large = grown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_growth_and_compaction() {
        let mut input = Input::new();
        let (mut written, mut read) = (0u32, 0u32);
        for round in 1..200 {
            let space = input.space(16 << 10);
            let count = space.len().min(round * 37);
            for byte in &mut space[..count] {
                *byte = written.to_le_bytes()[0];
                written += 1;
            }
            input.fill(count);
            let used = input.bytes().len() / 2;
            for byte in &input.bytes()[..used] {
                assert_eq!(*byte, read.to_le_bytes()[0]);
                read += 1;
            }
            input.consume(used);
        }
        input.replace(&[7; 9000]);
        assert_eq!(input.bytes(), [7; 9000]);
        input.consume(9000);
        assert_eq!(input.space(16 << 10).len(), SMALL);
    }
}
