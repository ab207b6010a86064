//! The lines of the sources that a contract was written on, a text for each operation and component.
//!
//! `0 +6 /paths/~1pets/get 0 1 1 2` reads: of file 0, beginning 6 lines below the block before, the operation `get` of
//! `/pets`; its values in their order stand 0, 1, 1 and 2 lines below the one before. `1:20` is line 20 of file 1.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::drift::tree::{Place, Tree, Value};
use crate::resolve::escape;

/// A file and a line.
type Line = (u32, u32);

/// A block and the lines of its values.
type Block = (String, Vec<Option<Line>>);

/// Lines by the blocks that they are in; `line` says where a value was written.
pub(super) fn write(tree: &mut Tree, line: &mut dyn FnMut(Place) -> Option<Line>) -> Vec<String> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    visit(tree, &mut |block, tree| {
        let at = *known.entry(block.to_owned()).or_insert_with(|| {
            blocks.push((block.to_owned(), Vec::new()));
            blocks.len() - 1
        });
        blocks[at].1.push(line(tree.place));
    });
    let mut blocks: Vec<(Line, Block)> = blocks
        .into_iter()
        .map(|(block, lines)| (lines.iter().flatten().next().copied().unwrap_or((0, 1)), (block, lines)))
        .collect();
    blocks.sort();
    let mut before = (0, 0);
    let texts = blocks.into_iter().map(|(start, (block, lines))| {
        if before.0 != start.0 {
            before = (start.0, 0);
        }
        let mut text = format!("{} +{} {block}/", start.0, start.1 - before.1);
        before = start;
        let mut last = start.1;
        for place in lines {
            match place {
                Some((file, line)) if file == start.0 => {
                    _ = write!(text, " {}", i64::from(line) - i64::from(last));
                    last = line;
                }
                Some((file, line)) => _ = write!(text, " {file}:{line}"),
                None => text.push_str(" -"),
            }
        }
        text
    });
    texts.collect()
}

/// Gives each value of a contract the place that `texts` have for it; where they do not fit, it keeps its own.
pub(super) fn read(tree: &mut Tree, texts: &[&str]) {
    let mut blocks: HashMap<String, std::vec::IntoIter<Option<Place>>> = HashMap::new();
    let mut before = (0, 0);
    for text in texts {
        if let Some((block, places)) = block(text, &mut before) {
            blocks.insert(block, places.into_iter());
        }
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    visit(tree, &mut |block, _| *counts.entry(block.to_owned()).or_default() += 1);
    blocks.retain(|block, places| counts.get(block) == Some(&places.len()));
    visit(tree, &mut |block, tree| {
        if let Some(Some(place)) = blocks.get_mut(block).and_then(Iterator::next) {
            tree.place = place;
        }
    });
}

fn block(text: &str, before: &mut (u32, u32)) -> Option<(String, Vec<Option<Place>>)> {
    let mut words = text.split(' ');
    let file: u32 = words.next()?.parse().ok()?;
    if before.0 != file {
        *before = (file, 0);
    }
    let step: u32 = words.next()?.strip_prefix('+')?.parse().ok()?;
    before.1 = before.1.checked_add(step)?;
    let block = words.next()?.strip_suffix('/')?.to_owned();
    let mut last = i64::from(before.1);
    let places = words.map(|word| {
        if word == "-" {
            return Some(None);
        }
        if let Some((file, line)) = word.split_once(':') {
            return Some(Some(Place::Line { file: file.parse().ok()?, line: line.parse().ok()? }));
        }
        last = last.checked_add(word.parse().ok()?)?;
        Some(Some(Place::Line { file, line: u32::try_from(last).ok()? }))
    });
    Some((block, places.collect::<Option<_>>()?))
}

/// Calls `each` with every value and the pointer of its block, in order.
fn visit(tree: &mut Tree, each: &mut dyn FnMut(&str, &mut Tree)) {
    visit_below(tree, &mut Vec::new(), "", each);
}

/// Keys from the root to a block: `paths`, path, method.
const BLOCK_DEPTH: usize = 3;

fn visit_below(tree: &mut Tree, path: &mut Vec<String>, block: &str, each: &mut dyn FnMut(&str, &mut Tree)) {
    let is_start =
        path.len() == BLOCK_DEPTH && matches!(path[0].as_str(), "paths" | "webhooks" | "components");
    let own;
    let block = if is_start {
        // Spaces stand between words.
        own =
            path.iter().fold(String::new(), |pointer, key| pointer + "/" + &escape(key).replace(' ', "%20"));
        &own
    } else {
        block
    };
    each(block, tree);
    match &mut tree.value {
        Value::List(items) => {
            path.push(String::new());
            for item in items {
                visit_below(item, path, block, each);
            }
            path.pop();
        }
        Value::Map(entries) => {
            for (key, tree) in entries {
                path.push(if path.len() < BLOCK_DEPTH { key.to_string() } else { String::new() });
                visit_below(tree, path, block, each);
                path.pop();
            }
        }
        _ => {}
    }
}
