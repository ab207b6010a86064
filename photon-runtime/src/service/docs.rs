//! Swagger UI under `/docs`, out of the archive that its crate embeds.
//!
//! What the archive holds deflated is sent as gzip, for the two differ only in what stands around the data: nothing is
//! inflated here. Browsers all take gzip; who says nothing of encodings takes any (RFC 9110, section 12.5.3).

use std::borrow::Cow;
use std::sync::LazyLock;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;

use crate::contract::Response;

/// Where the pages of the UI stand in the archive.
const FOLDER: &str = "/dist/";

/// Has the UI read the document that is served beside it.
const INITIALIZER: &str = r##"window.onload = function () {
  window.ui = SwaggerUIBundle({
    url: "../openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout"
  });
};
"##;

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| files(ARCHIVE).unwrap_or_default());

/// One file of the archive.
struct File {
    name: &'static str,
    is_deflated: bool,
    data: &'static [u8],
    crc: u32,
    size: u32,
}

/// Answers what follows `/docs` in a path.
pub(super) fn answer(base: &str, rest: &str) -> Response {
    let mut response = Response::new(200, &[]);
    let name = match rest {
        "" => {
            response.status(308).header("location", &format!("{base}/docs/"));
            return response;
        }
        "/" => "index.html",
        rest => rest.trim_start_matches('/'),
    };
    if name == "swagger-initializer.js" {
        response.media(media_type(name)).text(INITIALIZER);
        return response;
    }
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        response.status(404).text("there is no such page");
        return response;
    };
    if file.is_deflated {
        response.header("content-encoding", &"gzip".to_owned());
    }
    response.media(media_type(name)).bytes(&file.content());
    response
}

impl File {
    /// The content as sent: the data as stored, between the head and the tail of gzip (RFC 1952) if it is deflated.
    fn content(&self) -> Cow<'static, [u8]> {
        if !self.is_deflated {
            return Cow::Borrowed(self.data);
        }
        let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        Cow::Owned([&head, self.data, &self.crc.to_le_bytes(), &self.size.to_le_bytes()].concat())
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// The files of the UI's folder, by the archive's directory at its end (APPNOTE 6.3, sections 4.3.12 and 4.3.16).
fn files(archive: &'static [u8]) -> Option<Vec<File>> {
    let end = memchr::memmem::rfind(archive, b"PK\x05\x06")?;
    let count = u16_at(archive, end + 10)?;
    let mut at = u32_at(archive, end + 16)? as usize;
    let mut files = Vec::new();
    for _ in 0..count {
        let lengths = [u16_at(archive, at + 28)?, u16_at(archive, at + 30)?, u16_at(archive, at + 32)?]
            .map(usize::from);
        let path = std::str::from_utf8(archive.get(at + 46..at + 46 + lengths[0])?).ok()?;
        let name = path.split_once(FOLDER).filter(|(root, name)| !root.contains('/') && !name.is_empty());
        if let Some((_, name)) = name {
            files.push(file(archive, at, name)?);
        }
        at += 46 + lengths.iter().sum::<usize>();
    }
    Some(files)
}

/// The file of an entry in the directory. Its data follows a header of its own.
fn file(archive: &'static [u8], entry: usize, name: &'static str) -> Option<File> {
    let header = u32_at(archive, entry + 42)? as usize;
    let start =
        header + 30 + usize::from(u16_at(archive, header + 26)?) + usize::from(u16_at(archive, header + 28)?);
    let length = u32_at(archive, entry + 20)? as usize;
    Some(File {
        name,
        is_deflated: u16_at(archive, entry + 10)? == 8,
        data: archive.get(start..start + length)?,
        crc: u32_at(archive, entry + 16)?,
        size: u32_at(archive, entry + 24)?,
    })
}

fn u16_at(archive: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(archive.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(archive: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(archive.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use crate::service::Service;

    #[test]
    fn the_pages_are_served_beside_the_document() {
        let service = Service::new((), "{}").base_path("/v1");
        let moved = service.get("/v1/docs").send();
        assert_eq!((moved.status.as_u16(), moved.headers["location"].to_str().unwrap()), (308, "/v1/docs/"));

        let index = service.get("/v1/docs/").send();
        assert_eq!(index.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(index.headers["content-encoding"], "gzip");
        assert!(index.body.starts_with(&[0x1f, 0x8b]));

        let bundle = service.get("/v1/docs/swagger-ui-bundle.js").send();
        assert_eq!(bundle.status, 200);
        assert!(bundle.body.len() > 100_000);
        assert!(service.get("/v1/docs/swagger-initializer.js").send().text().contains("../openapi.json"));
        assert!(!service.get("/v1/docs/favicon-16x16.png").send().headers.contains_key("content-encoding"));
        for missing in ["/v1/docs/none.js", "/v1/docs/../dist", "/v1/docsx"] {
            assert_eq!(service.get(missing).send().status, 404, "{missing}");
        }
    }
}
