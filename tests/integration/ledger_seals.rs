//! `seal`, and `verify` by keys.

use serde_json::Value;

use crate::ledger::{kinds, three};
use crate::support::run_in;
use seaworthy::ledger::verify::{Kind, verify};

pub(crate) const PEM_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
pub(crate) const PEM_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

#[test]
fn a_ledger_is_sealed_and_verified_by_keys() {
    let (repository, folder) = three();
    let root = repository.path();
    let run = |arguments: &[&str]| run_in(&root, arguments);
    std::fs::write(root.join("key.pem"), PEM_KEY).unwrap();
    std::fs::write(root.join("pub.pem"), PEM_PUBLIC).unwrap();
    std::fs::write(root.join("id"), include_str!("../fixtures/keys/id_ed25519")).unwrap();
    std::fs::write(root.join("id.pub"), include_str!("../fixtures/keys/id_ed25519.pub")).unwrap();
    let public = include_str!("../fixtures/keys/id_ed25519.pub");
    std::fs::write(root.join("signers"), format!("ann@example.org namespaces=\"git,seaworthy\" {public}")).unwrap();
    std::fs::write(root.join("git-only"), format!("ann@example.org namespaces=\"git\" {public}")).unwrap();
    let unsealed = run(&["verify", "--key", "pub.pem"]);
    assert_eq!(unsealed.status, 3);
    assert!(unsealed.stdout.contains("unsealed"), "{}", unsealed.stdout);
    let done = run(&["seal", "--key", "id"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stdout.contains("SHA256:"), "{}", done.stdout);
    for key in ["id.pub", "signers"] {
        let verified = run(&["verify", "--key", key]);
        assert_eq!(verified.status, 0, "{key}: {}{}", verified.stdout, verified.stderr);
        assert!(verified.stdout.contains("Sealed up to 2027-03-01T000000Z.json"), "{}", verified.stdout);
    }
    for (key, word) in [("pub.pem", "another key than those named"), ("git-only", "not allowed to sign for")] {
        let refused = run(&["verify", "--key", key]);
        assert_eq!(refused.status, 3);
        assert!(refused.stdout.replace("\n  ", " ").contains(word), "{key}: {}", refused.stdout);
    }
    // A second key signs the same statement; the same key signs once.
    assert_eq!(run(&["seal", "--key", "key.pem"]).status, 0);
    let again = run(&["seal", "--key", "key.pem"]);
    assert!(again.stdout.contains("Sealed already"), "{}", again.stdout);
    for key in ["id.pub", "pub.pem"] {
        assert_eq!(run(&["verify", "--key", key]).status, 0, "{key}");
    }
    assert_eq!(run(&["verify"]).status, 0);
    let lines: Value = serde_json::from_str(&run(&["history", "--format", "json"]).stdout).unwrap();
    assert_eq!((&lines[1]["sealed"], &lines[2]["sealed"]), (&Value::Bool(false), &Value::Bool(true)));
    // The seal of one record does not do for another.
    std::fs::copy(folder.join("2027-03-01T000000Z.seal.json"), folder.join("2027-02-01T000000Z.seal.json")).unwrap();
    assert!(kinds(&verify(&folder, None).unwrap()).contains(&Kind::Seal));
    let refused = run(&["seal", "--key", "key.pem"]);
    assert_eq!(refused.status, 3, "what does not hold is not sealed");
}

#[test]
fn keys_that_cannot_seal_are_told() {
    let (repository, _folder) = three();
    let cases = [
        ("encrypted", include_str!("../fixtures/keys/id_encrypted"), "the key is encrypted"),
        ("rsa", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", "only Ed25519 keys seal"),
        (
            "locked",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "the key is encrypted",
        ),
        ("public", PEM_PUBLIC, "no private key"),
        ("text", "hello", "no private key"),
    ];
    for (name, text, word) in cases {
        std::fs::write(repository.path().join(name), text).unwrap();
        let run = run_in(&repository.path(), &["seal", "--key", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.stderr);
        assert!(run.stderr.contains(word), "{name}: {}", run.stderr);
        assert!(!run.stderr.contains("AAAA"));
    }
    std::fs::write(repository.path().join("private"), PEM_KEY).unwrap();
    let run = run_in(&repository.path(), &["verify", "--key", "private"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("name the public one"), "{}", run.stderr);
}
