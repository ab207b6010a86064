//! What of this layer the laws of `fuzzing` look at. For tests and fuzz targets only.

use bytes::Bytes;

use super::body::{Body, multipart as form};
use super::content;
use super::cookie::cookies as read_cookies;
use super::multipart;
use super::query::pairs;
use super::reader::{BodyReader, Incoming as _, Part, Parts};
use crate::media::Media;
use crate::model::types::Json;
use crate::model::{Shape, Value};

static FORM: Body = form();

/// How many cuts of one query are looked at.
const CUTS_MAX: usize = 50;

/// The media type of forms that end at `b`.
const MEDIA: &str = "multipart/form-data; boundary=b";

/// A query has the same pairs as its halves, wherever it is cut between two.
pub(crate) fn query(text: &str) {
    let whole: Vec<_> = pairs(text).collect();
    for (at, _) in text.match_indices('&').take(CUTS_MAX) {
        let halves: Vec<_> = pairs(&text[..at]).chain(pairs(&text[at + 1..])).collect();
        assert_eq!(halves, whole, "cut at {at}");
    }
}

/// Cookies are the same in one line as in several.
pub(crate) fn cookies(bytes: &[u8]) {
    let lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').filter(|line| str::from_utf8(line).is_ok()).collect();
    let several: Vec<(&str, &str)> = read_cookies(lines.iter().copied()).collect();
    let joined = lines.join(&b"; "[..]);
    let one: Vec<(&str, &str)> = read_cookies(std::iter::once(&*joined)).collect();
    assert_eq!(one, several);
    assert!(several.iter().all(|(name, value)| !name.is_empty() && !value.contains(';')));
}

/// The names of a file, and what is in it.
pub(crate) type Content = (String, Option<String>, Vec<u8>);

/// The files of a form that arrives in pieces of so many bytes, then its fields. None where it is refused.
pub(crate) fn parts<T: Value>(
    body: &Bytes,
    piece: usize,
    mut read: impl FnMut(&mut Part<'_>) -> Option<Content>,
) -> Option<(Vec<Content>, T)> {
    let mut form = Parts::<T>::empty();
    form.begin(BodyReader::in_pieces(body.clone(), MEDIA, piece), &FORM).ok()?;
    let mut files = Vec::new();
    while let Some(mut part) = form.next_file().ok()? {
        files.push(read(&mut part)?);
    }
    Some((files, form.finish().ok()?))
}

/// A form that is there as a whole is taken where one that arrives is, but for files that are no text.
pub(crate) fn same_at_once(body: &Bytes, is_taken: bool) {
    let Some(media) = Media::parse(MEDIA) else { return };
    let is_read = multipart::read(body, &media, &FORM, &Shape::Any).is_ok();
    let fits = content::fits(&FORM, &media, body, &mut Json::empty());
    let is_text = str::from_utf8(body).is_ok();
    assert!(is_read || !is_taken, "it is taken in pieces only");
    assert!(is_taken || !is_text || !fits, "it is taken as a whole only");
}
