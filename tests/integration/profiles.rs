//! Profiles: models that are derived from another one, and what is wrong with some.

use crate::support::run_in;

/// A profile of the OSPS Baseline with this body.
fn profile(id: &str, extends: &str, body: &str) -> String {
    format!(
        "schema: seaworthy.model/1\nid: {id}\ntitle: T\nversion: '1'\nextends: {extends}\n\
         source: https://example.org/x\nabout: A.\n{body}"
    )
}

/// What lint says of profiles in a folder.
fn lint(files: &[(&str, String)]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join("own").join(name), text).unwrap();
    }
    let run = run_in(folder.path(), &["lint", "own", "--deny", "warnings"]);
    (run.status, run.stderr)
}

#[test]
fn what_is_wrong_with_a_profile_is_told_at_its_line() {
    for (body, line, message) in [
        ("drop: { OSPS-LE-01.02: Why. }\n", 8, "is no requirement or area of `osps-baseline`"),
        ("drop:\n  OSPS-LE-01.01:\n", 9, "say why `OSPS-LE-01.01` is dropped"),
        ("choose: { areas: [ACC] }\n", 8, "`ACC` is no area of `osps-baseline`"),
        ("choose: {}\n", 8, "`choose` chooses nothing"),
        ("choose: { levels: [7] }\n", 5, "has no level 7 to choose"),
        ("of_version: '2025.10.10'\n", 8, "it was written for osps-baseline 2025.10.10"),
        ("scoring: completeness\n", 8, "a profile scores as the model that it extends"),
        ("requirements:\n  - id: OSPS-AC-03.11\n    levels: [1]\n", 9, "is no requirement of `osps-baseline`"),
        (
            "drop: { OSPS-AC-03.01: Why. }\nrequirements:\n  - { id: OSPS-AC-03.01, levels: [1] }\n",
            10,
            "is changed, but not taken over",
        ),
        (
            "requirements:\n  - id: OSPS-AC-03.01\n    met_when: { access.branch-guarded: yes }\n",
            10,
            "would be met where the model does not meet it",
        ),
        ("requirements:\n  - id: OSPS-AC-03.01\n    levels: [3]\n", 10, "would count from level 3 on"),
        (
            "requirements:\n  - id: OSPS-AC-03.01\n    not_applicable_when: { quality.source-public: no }\n",
            10,
            "would not apply where it does in the model",
        ),
        ("requirements:\n  - id: OSPS-AC-03.01\n    loosens: No reason.\n", 10, "is nowhere looser"),
        (
            "requirements:\n  - id: OSPS-AC-03.01\n    also_when: { access.direct-push-blocked: no }\n",
            10,
            "nothing can ever meet `OSPS-AC-03.01`",
        ),
        (
            "requirements:\n  - id: OSPS-AC-03.01\n    also_when: { access.direct-push-bloked: yes }\n",
            10,
            "`access.direct-push-bloked` is no question",
        ),
        ("requirements:\n  - id: OSPS-AC-03.01\n    worth_of: access.branch-guarded\n", 9, "cannot be changed"),
    ] {
        let (status, told) = lint(&[("p.yaml", profile("ours", "osps-baseline", body))]);
        assert_eq!(status, 2, "{body}");
        assert!(told.contains(message), "{body}{told}");
        assert!(told.contains(&format!("p.yaml:{line}:")), "{body}{told}");
    }
}

#[test]
fn what_is_stricter_needs_no_word() {
    for body in [
        "requirements:\n  - id: OSPS-AC-03.01\n    also_when: { access.branch-guarded: yes }\n",
        "requirements:\n  - id: OSPS-AC-03.01\n    met_when: { access.direct-push-blocked: yes, access.branch-guarded: yes }\n",
        "requirements:\n  - id: OSPS-AC-04.01\n    levels: [1, 2, 3]\n",
        "requirements:\n  - id: OSPS-AC-03.01\n    demands: In our words.\n",
        "choose: { levels: [1] }\n",
        "choose: { levels: [1, 2], areas: [AC, BR], requirements: [OSPS-VM-02.01] }\ndrop: { OSPS-BR-01.01: Why. }\n",
        "drop: { LE: We have lawyers. }\n",
        "levels:\n  - { id: 1, title: One, meaning: All of it. }\n  - { id: 2, title: Two, meaning: More. }\n\
         drop: { OSPS-AC-04.02: Why. }\nchoose: { levels: [1, 2] }\n",
    ] {
        let (status, told) = lint(&[("p.yaml", profile("ours", "osps-baseline", body))]);
        assert_eq!(status, 0, "{body}{told}");
    }
}

#[test]
fn profiles_of_profiles_are_made_in_any_order_and_circles_are_refused() {
    let (status, told) = lint(&[
        ("a.yaml", profile("team", "company", "requirements:\n  - { id: OSPS-AC-03.01, demands: Ours. }\n")),
        ("b.yaml", profile("company", "osps-baseline", "choose: { levels: [1] }\n")),
    ]);
    assert_eq!(status, 0, "{told}");
    let (status, told) = lint(&[("a.yaml", profile("one", "two", "")), ("b.yaml", profile("two", "one", ""))]);
    assert_eq!(status, 2);
    assert!(told.contains("a.yaml:5:") && told.contains("b.yaml:5:") && told.contains("in a circle"), "{told}");
    let (_, told) = lint(&[("a.yaml", profile("one", "one", ""))]);
    assert!(told.contains("`one` cannot extend itself"), "{told}");
    let (_, told) = lint(&[("a.yaml", profile("one", "osps-basline", ""))]);
    assert!(told.contains("there is no model `osps-basline` to extend") && told.contains("`osps-baseline`"), "{told}");
}

#[test]
fn requirements_are_named_by_their_other_names_too() {
    let body =
        "drop: { D-TA-B-1: Nobody models threats here. }\nrequirements:\n  - { id: D-TA-A-1, aliases: [OWN-1] }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/p.yaml"), profile("ours", "owasp-samm", body)).unwrap();
    let run = run_in(folder.path(), &["models", "show", "ours", "--questionnaires", "own"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("89 of 90 requirements are taken over."), "{}", run.stdout);
    assert!(run.stdout.contains("D-TA-1-A is changed: aliases"), "{}", run.stdout);
    assert!(run.stdout.contains("also written D-TA-A-1, OWN-1"), "aliases are inherited: {}", run.stdout);
}
