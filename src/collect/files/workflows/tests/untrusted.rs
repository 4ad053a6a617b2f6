//! What outsiders write, and where it is run.

use super::*;

#[test]
fn script_injections() {
    let title = "      - run: echo ${{ github.event.issue.title }}\n";
    let cases: &[(&str, &str, i64)] = &[
        ("issues", title, 1),
        ("push", title, 0),
        ("[push, issues]", title, 1),
        ("workflow_dispatch", title, 0),
        ("workflow_call", title, 1),
        ("pull_request", "      - run: echo ${{ github.head_ref }} ${{ github.head_ref }}\n", 2),
        ("pull_request", "      - run: echo ${{ github.base_ref }} ${{ github.sha }}\n", 0),
        ("pull_request", "      - if: github.head_ref == 'x'\n        run: make\n", 0),
        ("pull_request", "      - env: {X: '${{ github.head_ref }}'}\n        run: echo $X\n", 0),
        ("pull_request", "      - env: {X: '${{ github.head_ref }}'}\n        run: echo ${{ env.X }}\n", 1),
        ("pull_request", "      - env: {X: fixed}\n        run: echo ${{ env.X }}\n", 0),
        (
            "pull_request",
            "      - uses: actions/github-script@v7\n        with: {script: 'x(`${{ github.event.pull_request.body }}`)'}\n",
            1,
        ),
        (
            "pull_request",
            "      - uses: other/action@v7\n        with: {script: '${{ github.event.pull_request.body }}'}\n",
            0,
        ),
        (
            "issue_comment",
            "      - run: |\n          a\n          echo ${{\n            github.event.comment.body }}\n",
            1,
        ),
        ("issue_comment", "      - run: x ${{ toJSON(github.event) }}\n", 1),
        ("issue_comment", "      - run: x ${{ contains(github.event.comment.body, 'y') }}\n", 0),
        ("push", "      - run: x ${{ github.event.head_commit.message }}\n", 0),
    ];
    for (on, text, expected) in cases {
        let observation = of(&steps(on, text), "script_injections");
        assert_eq!(observation.value(), Some(&Value::Count(*expected)), "{on} {text}");
    }
    let text = "      - run: |\n          echo ok\n          echo ${{ github.event.issue.title }}\n\n          echo ${{ github.event.issue.title }}\n";
    let observation = of(&steps("issues", text), "script_injections");
    assert_eq!(lines(&observation), [8, 10]);
    assert_eq!(observation.places[0].note.as_deref(), Some("${{ github.event.issue.title }}"));
}

#[test]
fn injections_through_a_call() {
    let called =
        "on: workflow_call\njobs:\n  b:\n    runs-on: x\n    steps:\n      - run: echo ${{ github.head_ref }}\n";
    for (on, expected) in [("push", 0), ("pull_request", 1)] {
        let caller = format!("on: {on}\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n");
        let repository = workflows(&[(NAME, &caller), (".github/workflows/called.yml", called)]);
        assert_eq!(of(&repository, "script_injections").value(), Some(&Value::Count(expected)), "{on}");
    }
}

#[test]
fn input_injections() {
    let flow = |kind: &str, run: &str| {
        one_workflow(&format!(
            "on:\n  workflow_dispatch:\n    inputs:\n      x:\n        {kind}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {run}\n"
        ))
    };
    let text = "type: string";
    for (kind, run, expected) in [
        (text, "echo ${{ inputs.x }}", 1),
        (text, "echo ${{ github.event.inputs.x }}", 1),
        (text, "echo ${{ inputs['X'] }}", 1),
        (text, "echo ${{ toJSON(inputs) }}", 1),
        ("description: y", "echo ${{ inputs.x }}", 1),
        ("type: boolean", "echo ${{ inputs.x }}", 0),
        ("type: number", "echo ${{ inputs.x }}", 0),
        ("{type: choice, options: [a]}", "echo ${{ inputs.x }}", 0),
        (text, "echo ${{ inputs.y }}", 0),
        (text, "echo ${{ inputs.x == 'a' && 'b' || 'c' }}", 0),
        (text, "echo $X", 0),
    ] {
        let kind = if kind.starts_with('{') {
            kind.trim_matches(['{', '}']).replace(", ", "\n        ")
        } else {
            kind.to_owned()
        };
        assert_eq!(of(&flow(&kind, run), "input_injections").value(), Some(&Value::Count(expected)), "{kind} {run}");
    }
    let call = "on:\n  workflow_call:\n    inputs: {x: {type: string}, y: {type: number}}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ inputs.x }} ${{ inputs.y }}\n";
    assert_eq!(lines(&of(&one_workflow(call), "input_injections")), [8]);
}

#[test]
fn untrusted_checkouts() {
    let checkout = |with: &str| format!("      - uses: actions/checkout@v4\n        with: {{{with}}}\n");
    let head = checkout("ref: '${{ github.event.pull_request.head.sha }}'");
    let run_head = checkout("ref: '${{ github.event.workflow_run.head_sha }}'");
    let cases = [
        ("pull_request_target", head.clone(), 1),
        ("pull_request", head.clone(), 0),
        ("pull_request_target", checkout("fetch-depth: 0"), 0),
        ("pull_request_target", checkout("ref: '${{ github.base_ref }}'"), 0),
        ("pull_request_target", checkout("ref: 'refs/pull/${{ github.event.number }}/merge'"), 1),
        ("pull_request_target", checkout("repository: '${{ github.event.pull_request.head.repo.full_name }}'"), 1),
        ("{workflow_run: {workflows: [x]}}", run_head.clone(), 1),
        ("{workflow_run: {workflows: [x]}}", run_head + "        if: github.event.workflow_run.event == 'push'\n", 0),
        ("issue_comment", "      - run: gh pr checkout 1\n".to_owned(), 1),
        ("issue_comment", "      - run: git fetch origin pull/1/head:pr\n".to_owned(), 1),
        ("issue_comment", "      - run: git fetch origin main\n".to_owned(), 0),
        ("pull_request_target", "      - run: git checkout ${{ github.event.pull_request.head.sha }}\n".to_owned(), 1),
        ("[pull_request, pull_request_target]", head + "        if: github.event_name == 'pull_request'\n", 0),
    ];
    for (on, text, expected) in cases {
        assert_eq!(of(&steps(on, &text), "untrusted_checkouts").value(), Some(&Value::Count(expected)), "{on}\n{text}");
    }
}

#[test]
fn a_checkout_that_only_the_run_can_tell_is_unknown() {
    let step = |text: &str| format!("      - uses: actions/checkout@v4\n        with: {{ref: '{text}'}}\n");
    for text in [
        step("${{ steps.config.outputs.head }}"),
        step("${{ needs.a.outputs.sha }}"),
        step("${{ env.REF || github.ref }}"),
        "      - run: git checkout ${{ steps.pr.outputs.sha }}\n".to_owned(),
    ] {
        let observation = of(&steps("issue_comment", &text), "untrusted_checkouts");
        assert!(matches!(observation.state, State::Unavailable { .. }), "{text}: {observation:?}");
        assert_eq!(observation.places.len(), 1);
        assert_eq!(of(&steps("pull_request", &text), "untrusted_checkouts").value(), Some(&Value::Count(0)));
        let both = format!("{text}{}", step("refs/pull/1/merge"));
        assert_eq!(of(&steps("issue_comment", &both), "untrusted_checkouts").value(), Some(&Value::Count(1)));
    }
}

#[test]
fn a_privileged_call_of_a_workflow_that_was_not_read_is_unknown() {
    let call = |on: &str, name: &str| {
        let flow = format!("on: {on}\njobs:\n  a:\n    uses: x/y/.github/workflows/{name}@v1\n");
        of(&one_workflow(&flow), "untrusted_checkouts")
    };
    let unknown = call("pull_request_target", "pull-requests.yml");
    assert!(matches!(&unknown.state, State::Unavailable { reason } if reason.contains("call of x/y")), "{unknown:?}");
    assert_eq!(lines(&unknown), [4]);
    assert_eq!(call("pull_request", "pull-requests.yml").value(), Some(&Value::Count(0)));
    assert_eq!(call("pull_request_target", "labeler.yml").value(), Some(&Value::Count(0)));
}
