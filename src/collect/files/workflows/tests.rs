//! Whole workflows, and what they tell.

mod untrusted;
mod whole;

use std::sync::Arc;

use self::whole::real;
use super::super::fixture::{repository, with};
use super::super::{Content, EntryKind};
use super::*;
use crate::evidence::{State, Value, Vocabulary};

const NAME: &str = ".github/workflows/ci.yml";

/// A repository with one workflow.
pub(super) fn one_workflow(text: &str) -> Repository {
    workflows(&[(NAME, text)])
}

/// A repository with these workflows.
fn workflows(files: &[(&str, &str)]) -> Repository {
    files.iter().fold(repository(&[]), |repository, (path, text)| {
        with(repository, path, EntryKind::File, Content::Text(Arc::from(*text)))
    })
}

fn of(repository: &Repository, key: &str) -> Observation {
    let observations = analyse(repository);
    let mut found = observations.into_iter().filter(|observation| observation.key == format!("workflows.{key}"));
    let first = found.next().unwrap_or_else(|| panic!("no {key}"));
    assert!(found.next().is_none(), "{key} stands twice");
    first
}

fn lines(observation: &Observation) -> Vec<u32> {
    observation.places.iter().filter_map(|place| place.line).collect()
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| (*item).to_owned()).collect())
}

/// Each key of the group is written once, with a value of its type, in every case.
#[test]
fn every_key_is_told() {
    let vocabulary = Vocabulary::built_in();
    let group = vocabulary.groups().iter().find(|group| group.id == "workflows").unwrap();
    let mut expected: Vec<&str> =
        group.observations.iter().map(|info| info.key.as_str()).filter(|key| *key != "workflows.other_ci").collect();
    expected.sort_unstable();
    let mut cut = repository(&[]);
    cut.complete = false;
    for repository in [repository(&[]), cut, one_workflow("a: ["), one_workflow("on: push\njobs: {}\n"), real()] {
        let observations = analyse(&repository);
        for observation in &observations {
            if let Some(value) = observation.value() {
                assert!(vocabulary.get(&observation.key).unwrap().kind.admits(value), "{observation:?}");
            }
        }
        let mut keys: Vec<&str> = observations.iter().map(|observation| observation.key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, expected);
    }
}

#[test]
fn without_workflows_all_is_absent_unless_the_list_was_cut() {
    let mut none = repository(&[("README.md", "x")]);
    for observation in analyse(&none) {
        assert_eq!(observation.state, State::Absent, "{}", observation.key);
    }
    none.complete = false;
    for observation in analyse(&none) {
        assert!(matches!(observation.state, State::Unavailable { .. }), "{}", observation.key);
    }
}

#[test]
fn a_workflow_that_cannot_be_read_leaves_doubt() {
    let unread = workflows(&[
        (
            NAME,
            "on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v1\n      - run: echo ${{ github.event.issue.title }}\n",
        ),
        (".github/workflows/other.yml", "a: ["),
    ]);
    assert_eq!(of(&unread, "unreadable").value(), Some(&list(&[".github/workflows/other.yml"])));
    assert_eq!(of(&unread, "files").value(), Some(&list(&[NAME, ".github/workflows/other.yml"])));
    let injections = of(&unread, "script_injections");
    assert_eq!(injections.value(), Some(&Value::Count(1)));
    assert!(injections.detail.unwrap().starts_with("at least: other.yml could not be read"));
    assert_eq!(of(&unread, "unpinned").value(), Some(&list(&["a/b@v1"])));
    for key in ["permissions_declared", "pinned_percent", "write_all", "tests", "self_hosted_runners"] {
        let state = of(&unread, key).state;
        assert!(matches!(&state, State::Failed { reason } if reason.starts_with("other.yml")), "{key}: {state:?}");
    }
}

#[test]
fn permissions() {
    let job = |more: &str| format!("  {{J}}:\n    runs-on: x\n{more}    steps: [{{run: x}}]\n");
    let flow = |top: &str, jobs: &[&str]| {
        let mut text = format!("on: push\n{top}jobs:\n");
        for (number, more) in jobs.iter().enumerate() {
            text += &job(more).replace("{J}", &format!("j{number}"));
        }
        text
    };
    let own = "    permissions: {contents: read}\n";
    let cases = [
        (flow("permissions: read-all\n", &["", ""]), true, 0, 0),
        (flow("permissions: {}\n", &["", ""]), true, 0, 0),
        (flow("", &[own, own]), true, 0, 0),
        (flow("", &[own, ""]), false, 0, 0),
        (flow("permissions: write-all\n", &[""]), true, 1, 0),
        (flow("permissions: write-all\n", &["", ""]), true, 1, 1),
        (flow("", &["    permissions: write-all\n", own]), true, 1, 0),
        (flow("permissions: {contents: write}\n", &["", ""]), true, 0, 1),
        (flow("permissions: {contents: write}\n", &[""]), true, 0, 0),
        (flow("permissions: {contents: write}\n", &["", own]), true, 0, 0),
        (flow("permissions: {contents: read}\n", &["", ""]), true, 0, 0),
        ("on: push\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@v1\n".to_owned(), false, 0, 0),
        (
            "on: push\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@v1\n    permissions: {}\n".to_owned(),
            true,
            0,
            0,
        ),
    ];
    for (text, declared, all, broad) in cases {
        let repository = one_workflow(&text);
        assert_eq!(of(&repository, "permissions_declared").value(), Some(&declared.into()), "{text}");
        assert_eq!(of(&repository, "write_all").value(), Some(&Value::Count(all)), "{text}");
        assert_eq!(of(&repository, "broad_permissions").value(), Some(&Value::Count(broad)), "{text}");
    }
    let undeclared = of(&one_workflow(&flow("", &[own, ""])), "permissions_declared");
    assert_eq!(lines(&undeclared), [7]);
}

#[test]
fn pins() {
    let sha = "0123456789abcdef0123456789abcdef01234567";
    let digest = "a".repeat(64);
    let text = format!(
        "on: push
jobs:
  a:
    runs-on: x
    container: node:20
    services:
      db:
        image: postgres@sha256:{digest}
      made:
        image: ${{{{ matrix.image }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@{sha} # v4
      - uses: actions/checkout@v4
      - uses: ./local
      - uses: docker://alpine:3.8
      - uses: docker://alpine@sha256:{digest}
      - uses: some/action
      - uses: some/action@{}
  b:
    uses: x/y/.github/workflows/z.yml@main
",
        &sha[..7]
    );
    let repository = one_workflow(&text);
    let unpinned = of(&repository, "unpinned");
    assert_eq!(
        unpinned.value(),
        Some(&list(&[
            "docker://node:20",
            "actions/checkout@v4",
            "docker://alpine:3.8",
            "some/action",
            &format!("some/action@{}", &sha[..7]),
            "x/y/.github/workflows/z.yml@main",
        ]))
    );
    assert_eq!(lines(&unpinned), [5, 12, 14, 16, 18, 19, 21]);
    let percent = of(&repository, "pinned_percent");
    assert_eq!(percent.value(), Some(&Value::Count(30)));
    assert_eq!(percent.detail.as_deref(), Some("3 of 10"));
    assert_eq!(of(&one_workflow("on: push\njobs: {}\n"), "pinned_percent").state, State::Absent);
}

/// A workflow with these triggers, environment and steps.
fn steps(on: &str, steps: &str) -> Repository {
    one_workflow(&format!("on: {on}\njobs:\n  a:\n    runs-on: x\n    steps:\n{steps}"))
}

#[test]
fn configuration_of_a_release_tool_counts() {
    let workflow = "on: push\njobs: {}\n";
    let config = "sboms:\n  - artifacts: archive\nsigns:\n  - artifacts: checksum\n";
    let configured = repository(&[(NAME, workflow), (".goreleaser.yml", config)]);
    for (key, line) in [("sbom", 1), ("signing", 3)] {
        let observation = of(&configured, key);
        assert_eq!(observation.value(), Some(&list(&["goreleaser"])), "{key}");
        assert_eq!(lines(&observation), [line]);
        let unread = of(&repository(&[(NAME, workflow), (".goreleaser.yml", "a: [")]), key);
        assert!(matches!(unread.state, State::Unavailable { .. }), "{key}");
        assert_eq!(of(&repository(&[(NAME, workflow)]), key).state, State::Absent);
    }
}

#[test]
fn triggers_and_runners() {
    let text = "on:\n  push:\n  pull_request_target:\n    types: [opened]\n  issue_comment:\njobs: {}\n";
    let observation = of(&one_workflow(text), "privileged_triggers");
    assert_eq!(observation.value(), Some(&list(&[NAME])));
    assert_eq!(lines(&observation), [3, 5]);
    assert_eq!(of(&one_workflow("on: [push, pull_request]\njobs: {}\n"), "privileged_triggers").state, State::Absent);
    assert_eq!(lines(&of(&one_workflow("name: x\non: [push, issue_comment]\njobs: {}\n"), "privileged_triggers")), [2]);
    for (runs_on, expected) in [
        ("ubuntu-latest", 0),
        ("self-hosted", 1),
        ("[self-hosted, linux]", 1),
        ("{labels: [Self-Hosted]}", 1),
        ("{group: big}", 0),
        ("'${{ matrix.os }}'\n    strategy: {matrix: {os: [ubuntu-latest, self-hosted]}}", 1),
        ("'${{ matrix.os }}'\n    strategy: {matrix: {include: [{os: [self-hosted, arm]}]}}", 1),
        ("'${{ matrix.os }}'\n    strategy: {matrix: {os: [ubuntu-latest]}}", 0),
    ] {
        let text = format!("on: push\njobs:\n  a:\n    runs-on: {runs_on}\n    steps: [{{run: x}}]\n");
        let observation = of(&one_workflow(&text), "self_hosted_runners");
        assert_eq!(observation.value(), Some(&Value::Count(expected)), "{runs_on}");
    }
}

#[test]
fn checks_on_pull_requests() {
    let job = "    runs-on: x\n    steps: [{run: cargo test}]\n";
    let flow = |on: &str, more: &str| format!("on: {on}\njobs:\n  a:\n{more}{job}");
    for (on, more, expected) in [
        ("pull_request", "", true),
        ("{pull_request: }", "", true),
        ("[push, pull_request]", "", true),
        ("merge_group", "", true),
        ("pull_request_target", "", true),
        ("push", "", false),
        ("{pull_request: {types: [closed]}}", "", false),
        ("{pull_request: {types: [opened, labeled]}}", "", true),
        ("[push, pull_request]", "    if: github.event_name == 'push'\n", false),
        ("[push, pull_request]", "    if: github.event_name != 'push'\n", true),
        ("[push, pull_request]", "    if: false\n", false),
        ("workflow_call", "", false),
    ] {
        for key in ["pull_request_checks", "tests"] {
            let observation = of(&one_workflow(&flow(on, more)), key);
            let state = if expected { State::Observed(list(&["a"])) } else { State::Absent };
            assert_eq!(observation.state, state, "{key} {on} {more}");
        }
    }
    let called = format!("on: workflow_call\njobs:\n  unit:\n    name: Unit\n{job}");
    let caller = "on: pull_request\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n  far:\n    uses: x/y/.github/workflows/z.yml@v1\n";
    let both = workflows(&[(NAME, caller), (".github/workflows/called.yml", &called)]);
    assert_eq!(of(&both, "pull_request_checks").value(), Some(&list(&["call / Unit", "far"])));
    assert_eq!(of(&both, "tests").value(), Some(&list(&["call / Unit"])));
    let round = "on: [pull_request, workflow_call]\njobs:\n  again:\n    uses: ./.github/workflows/ci.yml\n";
    assert_eq!(of(&one_workflow(round), "pull_request_checks").places.len(), 1);
}

#[test]
fn actions_of_a_checkout_beside_the_usual_place() {
    let action = "runs:\n  using: composite\n  steps:\n    - run: cargo test\n      shell: bash\n";
    let flow = |with: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n        with: {with}\n      - uses: ./beside/.github/actions/x\n"
        )
    };
    for (with, expected) in [("{path: beside}", true), ("{path: beside, repository: a/b}", false), ("{path: y}", false)]
    {
        let repository = workflows(&[(NAME, &flow(with)), (".github/actions/x/action.yml", action)]);
        let tests = of(&repository, "tests");
        assert_eq!(tests.value().is_some(), expected, "{with}");
        assert_eq!(tests.state.is_known(), expected, "{with}");
    }
}

#[test]
fn a_called_workflow_of_another_repository_leaves_doubt_unless_its_name_tells() {
    let call = |name: &str| format!("on: pull_request\njobs:\n  a:\n    uses: x/y/.github/workflows/{name}@v1\n");
    assert!(matches!(of(&one_workflow(&call("ci.yml")), "sast").state, State::Unavailable { .. }));
    assert_eq!(of(&one_workflow(&call("dependabot-auto-merge.yml")), "sast").state, State::Absent);
}

#[test]
fn actions_of_the_repository() {
    let flow = "on: pull_request
jobs:
  a:
    runs-on: x
    steps:
      - uses: ./.github/actions/test
";
    let unread = one_workflow(flow);
    let state = of(&unread, "tests").state;
    assert!(matches!(&state, State::Unavailable { reason } if reason.contains("./.github/actions/test")), "{state:?}");

    let action = "name: x\nruns:\n  using: composite\n  steps:\n    - run: cargo test\n      shell: bash\n    - uses: ./.github/actions/test\n";
    let read = workflows(&[(NAME, flow), (".github/actions/test/action.yml", action)]);
    let tests = of(&read, "tests");
    assert_eq!(tests.value(), Some(&list(&["a"])));
    assert_eq!(tests.places[0].path.as_deref(), Some(".github/actions/test/action.yml"));
    assert_eq!(lines(&tests), [5]);

    let switched = "inputs:\n  full: {default: false}\nruns:\n  using: composite\n  steps:\n    - run: cargo test\n      shell: bash\n      if: inputs.full == 'true'\n";
    for (with, expected) in
        [("", false), ("        with: {full: true}\n", true), ("        with: {full: '${{ x }}'}\n", true)]
    {
        let repository = workflows(&[(NAME, &format!("{flow}{with}")), (".github/actions/test/action.yml", switched)]);
        assert!(of(&repository, "tests").state.is_known(), "{with}");
        assert_eq!(of(&repository, "tests").value().is_some(), expected, "{with}");
    }

    let docker = "name: x\nruns: {using: node20, main: index.js}\n";
    let plain = workflows(&[(NAME, flow), (".github/actions/test/action.yml", docker)]);
    assert_eq!(of(&plain, "tests").state, State::Absent);
}

#[test]
fn workflows_elsewhere_leave_doubt() {
    let call = |uses: &str| one_workflow(&format!("on: pull_request\njobs:\n  a:\n    uses: {uses}\n"));
    let unknown = call("x/y/.github/workflows/z.yml@main");
    for key in ["tests", "sast", "sca_checks", "release"] {
        let state = of(&unknown, key).state;
        assert!(matches!(&state, State::Unavailable { reason } if reason.contains("x/y/")), "{key} {state:?}");
    }
    let known = call("google/osv-scanner-action/.github/workflows/osv-scanner-reusable-pr.yml@v2");
    assert_eq!(of(&known, "sca_checks").value(), Some(&list(&["a"])));
    assert_eq!(of(&known, "sast").state, State::Absent);
}
