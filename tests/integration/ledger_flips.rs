//! Whatever happens to a byte of a ledger, `verify` finds it and names the file.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::ledger::files;
use seaworthy::ledger::verify::{Kind, verify};

/// What happens to a file, by itself or by somebody.
#[derive(Clone, Debug)]
enum Damage {
    /// Some bits of a byte.
    Flip(Index, u8),
    /// All from a byte on is lost.
    Cut(Index),
    /// A byte is put in.
    Insert(Index, u8),
    /// A byte is taken out.
    Remove(Index),
    Append(Vec<u8>),
    /// The file is gone.
    Gone,
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<Index>;
    prop_oneof![
        8 => (place(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        2 => place().prop_map(Damage::Cut),
        2 => (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        2 => place().prop_map(Damage::Remove),
        1 => prop::collection::vec(any::<u8>(), 1..40).prop_map(Damage::Append),
        1 => prop_oneof![Just(b"\n".to_vec()), Just(b" ".to_vec()), Just(vec![0])].prop_map(Damage::Append),
        1 => Just(Damage::Gone),
    ]
}

/// The bytes after the damage. None where the file is gone.
fn damaged(bytes: &[u8], damage: &Damage) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let length = bytes.len();
    match damage {
        Damage::Flip(at, bits) => bytes[at.index(length)] ^= bits,
        Damage::Cut(at) => bytes.truncate(at.index(length)),
        Damage::Insert(at, byte) => bytes.insert(at.index(length + 1), *byte),
        Damage::Remove(at) => {
            bytes.remove(at.index(length));
        }
        Damage::Append(more) => bytes.extend(more),
        Damage::Gone => return None,
    }
    Some(bytes)
}

/// A sealed ledger of two records that is small, so that it is verified in no time.
fn small() -> &'static Path {
    static LEDGER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LEDGER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats/v1/ledger");
        std::fs::create_dir(folder.path().join("objects")).unwrap();
        for file in files(&from) {
            std::fs::copy(&file, folder.path().join(file.strip_prefix(&from).unwrap())).unwrap();
        }
        let path = folder.path().to_owned();
        (folder, path)
    });
    path
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without any key: the seal too is held by the head.
    #[test]
    fn damage_anywhere_is_found_and_its_file_is_named(file in any::<Index>(), damage in damage()) {
        let ledger = small();
        let path = file.get(&files(ledger)).clone();
        let name = path.strip_prefix(ledger).unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        match damaged(&bytes, &damage) {
            Some(changed) => std::fs::write(&path, changed).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let verification = verify(ledger, None);
        // Before anything can fail, so that the next case begins with a whole ledger.
        std::fs::write(&path, bytes).unwrap();
        let verification = verification.unwrap();
        let here = verification.found.iter().filter(|found| found.path == name);
        let kinds: Vec<Kind> = here.map(|found| found.kind).collect();
        let is_gone = matches!(damage, Damage::Gone);
        if is_gone && name == "head.json" {
            // Ledgers of before the head have none.
            prop_assert_eq!(kinds, [Kind::NoHead]);
        } else if is_gone && name == "2026-11-24T000000Z.json" {
            // Nothing names a record but the one after it, by its digest.
            let next = verification.found.iter().find(|found| found.path == "2026-12-24T000000Z.json").unwrap();
            prop_assert_eq!(next.kind, Kind::Chain);
        } else {
            prop_assert!(kinds.iter().any(|kind| kind.is_fault()), "{}: {:?}", name, verification.found);
        }
    }
}
