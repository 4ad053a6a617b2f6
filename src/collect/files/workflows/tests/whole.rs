//! Workflows as projects write them, and such as nobody writes.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

#[test]
fn commands_of_a_matrix() {
    let text = "on: pull_request
jobs:
  a:
    name: T
    runs-on: x
    strategy:
      matrix:
        suite: [{name: unit, run: cargo test}, {name: none, run: echo}]
        include: [{lint: cargo clippy}]
    steps:
      - run: |
          echo
          ${{ matrix.suite.run }}
      - run: ${{ matrix.lint }} --all
      - run: echo ${{ matrix.suite.run }}
";
    let repository = one_workflow(text);
    assert_eq!(lines(&of(&repository, "tests")), [13]);
    assert_eq!(lines(&of(&repository, "lint")), [14]);
    assert_eq!(of(&repository, "tests").places[0].note.as_deref(), Some("cargo-test: cargo test"));
    let echoed = text.replace("          ${{ matrix.suite.run }}\n", "");
    assert_eq!(of(&one_workflow(&echoed), "tests").state, State::Absent);
}

/// A repository with several workflows as projects write them.
pub(super) fn real() -> Repository {
    workflows(&[
        (
            ".github/workflows/ci.yml",
            r"name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
env:
  CARGO_TERM_COLOR: always
jobs:
  test:
    name: Test ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, windows-latest]
    runs-on: ${{ matrix.os }}
    steps:
      - uses: actions/checkout@v4
      - name: Run tests
        run: |
          # cargo test would be first
          cargo build --all
          cargo test --all
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: cargo fmt --check && cargo clippy -- -D warnings
      - run: cargo deny check
        if: github.event_name == 'push'
  codeql:
    name: Analyse
    runs-on: ubuntu-latest
    permissions:
      security-events: write
    steps:
      - uses: github/codeql-action/init@v3
      - uses: github/codeql-action/analyze@v3
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/dependency-review-action@v4
      - uses: gitleaks/gitleaks-action@v2
",
        ),
        (
            ".github/workflows/release.yml",
            r#"on:
  push:
    tags: ["v*"]
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions: { contents: write, id-token: write, attestations: write }
    steps:
      - uses: actions/checkout@v4
      - uses: sigstore/cosign-installer@v3
      - run: |
          npm publish --provenance
          for f in dist/*; do
            cosign sign-blob --yes "$f"
          done
      - uses: actions/attest-build-provenance@v2
      - uses: anchore/sbom-action@v0
      - uses: softprops/action-gh-release@v2
"#,
        ),
        (
            ".github/workflows/fuzz.yml",
            "on: {schedule: [{cron: '0 0 * * *'}]}\njobs:\n  fuzz:\n    runs-on: x\n    steps:\n      - run: cargo fuzz run parse -- -max_total_time=60\n",
        ),
    ])
}

#[test]
fn tools_of_real_workflows() {
    let repository = real();
    for (key, expected, at) in [
        (
            "pull_request_checks",
            &["Test ubuntu-latest", "Test windows-latest", "lint", "Analyse", "review"][..],
            &[11, 24, 31, 39][..],
        ),
        ("tests", &["Test ubuntu-latest", "Test windows-latest"], &[23]),
        ("lint", &["lint"], &[28]),
        ("sast", &["codeql"], &[38]),
        ("sast_checks", &["Analyse"], &[38]),
        ("sca", &["cargo-deny", "dependency-review"], &[29, 42]),
        ("sca_checks", &["review"], &[42]),
        ("secret_scanning", &["gitleaks"], &[43]),
        ("fuzzing", &["cargo-fuzz"], &[6]),
        ("release", &[".github/workflows/release.yml"], &[13, 19]),
        ("signing", &["cosign"], &[15]),
        ("provenance", &["npm-provenance", "attest-build-provenance"], &[13, 17]),
        ("sbom", &["syft"], &[18]),
    ] {
        let observation = of(&repository, key);
        assert_eq!(observation.value(), Some(&list(expected)), "{key}");
        assert_eq!(lines(&observation), at, "{key}");
    }
}

#[test]
fn a_large_workflow_is_read_in_time() {
    let mut text = "on: pull_request\njobs:\n".to_owned();
    for job in 0..90 {
        writeln!(text, "  j{job}:\n    runs-on: x\n    steps:").unwrap();
        for _ in 0..20 {
            writeln!(text, "      - run: |\n          echo ${{{{ github.head_ref }}}}\n          cargo test --all -- some long arguments {}", "y".repeat(30)).unwrap();
        }
    }
    assert!((200_000..256 * 1024).contains(&text.len()), "{}", text.len());
    let start = std::time::Instant::now();
    let repository = one_workflow(&text);
    assert_eq!(of(&repository, "script_injections").value(), Some(&Value::Count(1800)));
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());

    let larger = one_workflow(&text.repeat(5));
    assert!(matches!(of(&larger, "tests").state, State::Failed { .. }));
}

/// Workflows and actions that call each other without end, many times each.
#[test]
fn calls_without_end_are_cut() {
    let call = |number: usize| format!("  j{number}:\n    uses: ./.github/workflows/ci.yml\n");
    let round =
        format!("on: [pull_request, workflow_call]\njobs:\n{}", (0..200).map(call).collect::<Vec<_>>().concat());
    let uses = "    - uses: ./a\n".repeat(100);
    let action = format!("runs:\n  using: composite\n  steps:\n{uses}");
    let user = format!("on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n{uses}");
    let start = std::time::Instant::now();
    let repository = workflows(&[(NAME, &round), (".github/workflows/user.yml", &user), ("a/action.yml", &action)]);
    for key in ["tests", "sast"] {
        assert_eq!(of(&repository, key).state.word(), "unavailable", "{key}");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

fn fragment() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "on: ",
        "jobs:\n",
        "  a:\n",
        "    runs-on: x\n",
        "    steps:\n",
        "      - run: ",
        "cargo test",
        "\n",
        "${{ ",
        "github.head_ref",
        " }}",
        "pull_request",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "&a ",
        "*a",
        "- ",
        "|",
        "'",
        "\"",
        "#",
        "    uses: ",
        "./.github/workflows/ci.yml",
        "x/y@v1",
        "    strategy: {matrix: {os: [a, 1.0]}}\n",
        "permissions: write-all\n",
        "é",
        "\t",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}") {
        analyse(&one_workflow(&text));
    }

    #[test]
    fn arbitrary_workflows_never_panic(parts in prop::collection::vec(fragment(), 0..40)) {
        analyse(&one_workflow(&parts.concat()));
        analyse(&one_workflow(&format!("on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {}", parts.concat())));
    }
}
