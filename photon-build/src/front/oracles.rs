//! Our reading of our own documents, held against two well-kept readers: `serde_yaml` for the tree, `oas3` for what the
//! document says.

use std::path::Path;

use crate::config::Config;
use crate::finding::Findings;

#[test]
fn other_readers_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let mut documents = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut findings = Findings::default();
        let (document, json) = super::read(&Config::default(), &path, &mut findings).unwrap();

        let ours: serde_json::Value = serde_json::from_str(&json).unwrap();
        let theirs: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(ours, theirs, "{}", path.display());

        let spec = oas3::from_yaml(&text).unwrap();
        assert_eq!(*document.info.title, *spec.info.title, "{}", path.display());
        // `query` is of OpenAPI 3.2, which `oas3` does not know.
        let operations = document.operations.iter().filter(|operation| &*operation.method != "QUERY");
        assert_eq!(operations.count(), spec.operations().count(), "{}", path.display());
        documents += 1;
    }
    assert!(documents > 0);
}
