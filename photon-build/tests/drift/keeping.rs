//! The lock: what it holds, when it is written, and what is told of it.

use std::path::Path;

use photon_build::Verdict;

use crate::folder;

const PETS: &str = "openapi: 3.0.3
info: { title: Pets, version: 1.2.0 }
paths:
  /pets/{id}:
    get:
      summary: Find a pet.
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer, format: int64 } }
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: { $ref: 'pet.yaml#/Pet' }
components:
  schemas:
    Unused: { type: string, nullable: true, description: 'A: text' }
";

const PET: &str = "Pet:
  type: object
  required: [name]
  properties:
    name: { type: string, minLength: 1, example: Rex }
    parent: { $ref: '#/Pet' }
";

fn write(folder: &Path, pets: &str, pet: &str) {
    std::fs::write(folder.join("pets.yaml"), pets).unwrap();
    std::fs::write(folder.join("pet.yaml"), pet).unwrap();
}

/// Whether this run rewrites: then locks are not compared.
fn is_updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// The lock of the two texts, as it was written before.
fn locked(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    write(&folder, PETS, PET);
    std::fs::copy("tests/drift/pets.lock", folder.join("pets.lock")).unwrap();
    folder
}

#[test]
fn a_lock_is_a_normal_form() {
    if is_updating() {
        return;
    }
    // What `UPDATE=1` writes is compared with the golden by the test below, in a process of its own.
    let folder = locked("golden");
    photon_build::lock(folder.join("pets.yaml")).unwrap();
    let changes = photon_build::configure().changes(folder.join("pets.yaml")).unwrap();
    assert!(changes.is_empty(), "{}", changes.text());
    // It is YAML to others, too.
    let text = std::fs::read_to_string("tests/drift/pets.lock").unwrap();
    let value: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(value["contract"]["info"]["version"].as_str(), Some("1.2.0"));
}

#[test]
fn places_of_both_sides_are_told() {
    let folder = locked("places");
    write(&folder, PETS, &PET.replace("  required: [name]\n", ""));
    let changes = photon_build::configure().changes(folder.join("pets.yaml")).unwrap();
    let change = changes.iter().next().unwrap();
    assert_eq!(change.kind.id, "response-property-became-optional");
    assert_eq!((change.old.line, change.new.line), (3, 4));
    assert!(change.old.file.ends_with("places/pet.yaml"), "{}", change.old);
    assert!(change.new.file.ends_with("places/pet.yaml"), "{}", change.new);
    assert_eq!(change.operations, ["GET /pets/{id}"]);
}

#[test]
fn what_breaks_is_told_at_once() {
    let folder = locked("report");
    let pets = PETS.replace("format: int64", "format: int32").replace("Find a pet", "Find it");
    write(&folder, &pets, &PET.replace("type: string, minLength: 1", "type: string, maxLength: 9"));
    let changes = photon_build::configure().changes(folder.join("pets.yaml")).unwrap();
    let text = changes.text().replace(&folder.display().to_string(), "..");
    let golden = "tests/drift/report.txt";
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(golden, format!("{text}\n")).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(golden).unwrap_or_default().replace("\r\n", "\n"),
        format!("{text}\n")
    );
    assert!(!changes.is_allowed());
    assert_eq!(changes.of(Verdict::Breaking).count(), 2);
    let panic = std::panic::catch_unwind(|| photon_build::assert_compatible(folder.join("pets.yaml")));
    let message = panic.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("breaks clients that keep to"), "{message}");
}

#[test]
fn a_version_that_says_so_may_break() {
    let folder = locked("version");
    let pets = PETS.replace("format: int64", "format: int32");
    write(&folder, &pets.replace("1.2.0", "2.0.0"), PET);
    photon_build::assert_compatible(folder.join("pets.yaml"));
    write(&folder, &pets.replace("1.2.0", "1.3.0"), PET);
    let changes = photon_build::configure().changes(folder.join("pets.yaml")).unwrap();
    assert!(!changes.is_allowed() && !changes.may_break());
}

#[test]
fn a_lock_that_lacks_something_is_told() {
    if is_updating() {
        return;
    }
    let folder = locked("stale");
    // Words and lines may change; what is promised must be locked.
    write(&folder, &PETS.replace("Find a pet", "Find it").replace("paths:", "\n\npaths:"), PET);
    photon_build::lock(folder.join("pets.yaml")).unwrap();
    write(&folder, PETS, &format!("{PET}    born: {{ type: string }}\n"));
    photon_build::assert_compatible(folder.join("pets.yaml"));
    let error = photon_build::lock(folder.join("pets.yaml")).unwrap_err();
    assert!(error.to_string().contains("compatible[response-property-added]"), "{error}");
    std::fs::remove_file(folder.join("pets.lock")).unwrap();
    let error = photon_build::lock(folder.join("pets.yaml")).unwrap_err();
    assert!(error.to_string().contains("UPDATE=1"), "{error}");
}

#[test]
fn what_is_no_contract_is_told() {
    if is_updating() {
        return;
    }
    let folder = locked("unfit");
    let check = |text: &str, expected: &str| {
        std::fs::write(folder.join("pets.lock"), text).unwrap();
        let error = photon_build::lock(folder.join("pets.yaml")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("photon-lock: 99\n", "format 99");
    check("photon-lock: 1\n", "no `contract`");
    check("a: 1\n", "neither an OpenAPI 3 document nor a lock");
    check("<<<<<<< HEAD\nphoton-lock: 1\n=======\n", "P0003");
}

/// `UPDATE` is read from the environment, which tests share: so the test runs itself.
#[test]
fn a_lock_is_written_when_it_is_asked_for() {
    if let Some(document) = std::env::var_os("PHOTON_DRIFT_DOCUMENT") {
        return photon_build::lock(Path::new(&document)).unwrap();
    }
    let folder = folder("written");
    drop(std::fs::remove_file(folder.join("pets.lock")));
    write(&folder, PETS, PET);
    let update = |value: &str| {
        let mut test = std::process::Command::new(std::env::current_exe().unwrap());
        test.args(["--exact", "keeping::a_lock_is_written_when_it_is_asked_for"]);
        test.env("PHOTON_DRIFT_DOCUMENT", folder.join("pets.yaml")).env("UPDATE", value);
        test.output().unwrap().status.success()
    };
    let lock = || std::fs::read_to_string(folder.join("pets.lock")).unwrap_or_default();
    assert!(!update("0") && lock().is_empty());
    assert!(update("1"));
    let golden = "tests/drift/pets.lock";
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(golden, lock()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(golden).unwrap_or_default().replace("\r\n", "\n"), lock());

    // What breaks is not accepted in passing.
    write(&folder, &PETS.replace("int64", "int32"), PET);
    let before = lock();
    assert!(!update("1"));
    assert_eq!(lock(), before);
    assert!(update("breaking"));
    assert!(lock().contains("int32"));
}
