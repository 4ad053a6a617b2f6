//! The GitHub Action: its steps are run as a runner would run them, with the built program and a fake GitHub; and the
//! workflows of its page are read by our own analysis.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use seaworthy::evidence::{Evidence, State, Value as Seen};
use serde_yaml::Value;

use crate::fake_github::{FakeGitHub, TOKEN};
use crate::support::{TestRepository, run_in};
use crate::validators;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn action() -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

fn steps(action: &Value) -> Vec<Value> {
    action["runs"]["steps"].as_sequence().unwrap().clone()
}

/// A runner: its folders, and what the steps left.
struct Runner {
    folder: tempfile::TempDir,
    api: String,
    outputs: BTreeMap<String, String>,
}

impl Runner {
    /// With a `cargo` whose installation is a copy of the program that was built for the tests.
    fn new(api: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_seaworthy"));
        let cargo = format!(
            "#!/bin/sh\n[ \"$1 $2 $3 $4\" = \"install --locked --path {}\" ] || exit 9\n[ \"$5\" = --root ] || exit 9\n\
             mkdir -p \"$6/bin\" && cp '{}' \"$6/bin/seaworthy\"\n",
            root().display(),
            program.display()
        );
        std::fs::write(bin.join("cargo"), cargo).unwrap();
        std::fs::set_permissions(bin.join("cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder, api: api.to_owned(), outputs: BTreeMap::new() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the script of a step. Gives its exit status and what it printed.
    fn step(&mut self, step: &Value, inputs: &BTreeMap<String, String>, workspace: &Path) -> (i32, String) {
        let output = self.at("output");
        std::fs::write(&output, "").unwrap();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
        command.current_dir(workspace).env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.at("bin").display()));
        command.env("HOME", self.folder.path()).env("SEAWORTHY_NO_CACHE", "1").env("GITHUB_API_URL", &self.api);
        command.env("GITHUB_ACTION_PATH", root()).env("RUNNER_TEMP", self.at("temp")).env("GITHUB_OUTPUT", &output);
        command.env("GITHUB_STEP_SUMMARY", self.at("summary")).env("GITHUB_REPOSITORY", "acme/widget");
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(name.as_str().unwrap(), evaluated(value.as_str().unwrap(), inputs));
        }
        let done = command.output().unwrap();
        for line in std::fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            self.outputs.insert(name.to_owned(), value.to_owned());
        }
        let told = [done.stdout, done.stderr].concat();
        (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&told).into_owned())
    }

    /// Runs all steps that are scripts, until one fails.
    fn run(&mut self, given: &[(&str, &str)], workspace: &Path) -> (i32, String) {
        let action = action();
        let mut inputs: BTreeMap<String, String> = BTreeMap::new();
        for (name, input) in action["inputs"].as_mapping().unwrap() {
            let default = match input["default"].as_str().unwrap() {
                "${{ github.repository }}" => "acme/widget",
                "${{ github.token }}" => TOKEN,
                plain => plain,
            };
            inputs.insert(name.as_str().unwrap().to_owned(), default.to_owned());
        }
        for (name, value) in given {
            assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name}");
        }
        std::fs::create_dir_all(self.at("temp")).unwrap();
        let mut told = String::new();
        for step in steps(&action).iter().filter(|step| step["run"].is_string()) {
            let (status, printed) = self.step(step, &inputs, workspace);
            told.push_str(&printed);
            if status != 0 {
                return (status, told);
            }
        }
        (0, told)
    }

    fn output(&self, name: &str) -> String {
        std::fs::read_to_string(&self.outputs[name]).unwrap()
    }
}

/// The value of `${{ inputs.NAME }}`.
fn evaluated(text: &str, inputs: &BTreeMap<String, String>) -> String {
    let name = text.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
    inputs[name.unwrap_or(text)].clone()
}

#[tokio::test]
async fn the_steps_assess_a_repository() {
    let fake = FakeGitHub::start(crate::github_cli::whole()).await;
    let api = fake.url();
    tokio::task::spawn_blocking(move || {
        let mut runner = Runner::new(&api);
        let workspace = tempfile::tempdir().unwrap();
        let (status, told) = runner.run(&[("require", "osps-baseline=1 osps-baseline=2:possible")], workspace.path());
        assert_eq!(status, 0, "{told}");
        assert_eq!(runner.outputs["reached"], "false");
        assert_eq!(runner.outputs["digest"].len(), 64);
        let record = validators::json(&runner.output("record"));
        assert_eq!(record["subject"]["id"], "github.com/acme/widget");
        assert_eq!(record["inputs"]["evidence"]["access"], "read");
        assert_eq!(validators::sarif(&validators::json(&runner.output("sarif"))), Vec::<String>::new());
        assert_eq!(validators::badge(&runner.output("badge")), Vec::<String>::new());
        assert!(runner.output("report").to_lowercase().contains("<html"));
        let summary = std::fs::read_to_string(runner.at("summary")).unwrap();
        assert!(summary.contains("# Security assessment of"), "{summary}");
        assert!(!told.contains(TOKEN) && !summary.contains(TOKEN));
    })
    .await
    .unwrap();
}

#[test]
fn the_steps_assess_a_checkout_and_tell_what_goes_wrong() {
    let repository = TestRepository::new().file("README.md", "# Widget\n").commit("Begin", "Alice", "2026-06-01");
    let mut runner = Runner::new("http://127.0.0.1:1");
    let (status, told) = runner.run(&[("subject", "."), ("summary", "false")], &repository.path());
    assert_eq!((status, runner.outputs["reached"].as_str()), (0, "true"), "{told}");
    assert!(!runner.at("summary").exists());
    let (status, told) = runner.run(&[("subject", "."), ("record", "ledger")], &repository.path());
    assert_eq!(status, 0, "{told}");
    assert_eq!(run_in(&repository.path(), &["verify", "ledger"]).status, 0);
    // Nothing of an input is taken for a script or an option.
    for (name, value, wanted) in [
        ("subject", "$(touch hacked)", 2..=4),
        ("subject", "--help", 2..=4),
        ("subject", "; touch hacked", 2..=4),
        ("model", "none `touch hacked`", 2..=2),
        ("model", "osps-baseline --api-url", 2..=2),
        ("require", "osps-baseline=9", 2..=2),
        ("answers", "$(touch hacked).yaml", 1..=1),
        ("subject", "acme/widget", 4..=4),
    ] {
        let mut given = vec![("subject", "."), (name, value)];
        if name == "subject" {
            given.remove(0);
        }
        let (status, told) = runner.run(&given, &repository.path());
        assert!(wanted.contains(&status), "{name} {value}: {status} {told}");
        assert!(!repository.path().join("hacked").exists(), "{name} {value}");
    }
}

#[test]
fn the_action_is_safe_to_call() {
    let action = action();
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    for step in steps(&action) {
        if let Some(script) = step["run"].as_str() {
            assert!(!script.contains("${{"), "{script}");
            assert!(script.starts_with("set -euo pipefail\n"), "{script}");
            assert_eq!(step["shell"].as_str(), Some("bash"));
        }
        if let Some(uses) = step["uses"].as_str() {
            let (_, pin) = uses.split_once('@').unwrap();
            assert!(pin.len() == 40 && pin.chars().all(|digit| digit.is_ascii_hexdigit()), "{uses}");
            assert!(text.contains(&format!("{uses} # v")), "{uses}");
        }
    }
    let page = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    for part in ["inputs", "outputs"] {
        for (name, _) in action[part].as_mapping().unwrap() {
            assert!(page.contains(&format!("`{}`", name.as_str().unwrap())), "{name:?}");
        }
    }
}

/// The workflows of the page: path, text.
fn workflows() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|parts| parts.0);
    blocks
        .filter_map(|block| {
            let path = block.lines().next()?.strip_prefix("# ")?;
            path.starts_with(".github/workflows/").then(|| (path.to_owned(), block.to_owned()))
        })
        .collect()
}

/// What our own analysis of workflows finds in these.
fn analysed(workflows: &[(String, String)]) -> Evidence {
    let mut repository = TestRepository::new().file("README.md", "# Widget\n");
    for (path, text) in workflows {
        repository = repository.file(path, text);
    }
    let repository = repository.commit("Begin", "Alice", "2026-06-01");
    let run = run_in(&repository.path(), &["collect", "."]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    Evidence::from_json(&run.stdout).unwrap()
}

/// Whether nothing of the kind was found.
fn is_absent(evidence: &Evidence, key: &str) -> bool {
    matches!(&evidence.get(key).unwrap().state, State::Absent | State::Observed(Seen::Count(0)))
}

const FAULTS: [&str; 8] = [
    "workflows.unreadable",
    "workflows.write_all",
    "workflows.broad_permissions",
    "workflows.unpinned",
    "workflows.script_injections",
    "workflows.input_injections",
    "workflows.untrusted_checkouts",
    "workflows.privileged_triggers",
];

#[test]
fn the_workflows_of_the_page_are_without_fault() {
    let workflows = workflows();
    assert!(workflows.len() >= 2);
    let evidence = analysed(&workflows);
    for key in FAULTS {
        assert!(is_absent(&evidence, key), "{:?}", evidence.get(key).unwrap());
    }
    assert_eq!(evidence.get("workflows.permissions_declared").unwrap().value(), Some(&Seen::Bool(true)));
    // The same analysis finds what is wrong.
    for (from, to, key) in [
        ("@8aad20d150bbac5944a9f9d289da16a4b0d87c1e", "@v4", "workflows.unpinned"),
        ("permissions: {}", "permissions: write-all", "workflows.write_all"),
        (
            "          subject: .\n",
            "          subject: .\n      - run: echo ${{ github.event.pull_request.title }}\n",
            "workflows.script_injections",
        ),
    ] {
        let broken: Vec<(String, String)> =
            workflows.iter().map(|(path, text)| (path.clone(), text.replace(from, to))).collect();
        assert_ne!(broken, workflows, "{from}");
        assert!(!is_absent(&analysed(&broken), key), "{key}");
    }
}

/// The commands with which the page keeps a ledger by pull request: on a repository with a remote of its own, with a `gh` that
/// writes down what it is asked.
#[test]
fn the_ledger_comes_as_a_pull_request() {
    let (_, workflow) = workflows().into_iter().find(|(path, _)| path.ends_with("seaworthy-ledger.yml")).unwrap();
    let workflow: Value = serde_yaml::from_str(&workflow).unwrap();
    let steps = workflow["jobs"]["record"]["steps"].as_sequence().unwrap();
    let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let [script] = scripts[..] else { panic!("one script was expected: {scripts:?}") };
    assert!(!script.contains("${{"), "{script}");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("bin")).unwrap();
    let asked = at("asked");
    let gh = format!("#!/bin/sh\n[ \"$GH_TOKEN\" = a-token ] || exit 9\necho \"$@\" >> '{}'\n", asked.display());
    std::fs::write(at("bin/gh"), gh).unwrap();
    std::fs::set_permissions(at("bin/gh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let bash = |script: &str, workspace: &Path| {
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(workspace).env_clear();
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", at("bin").display())).env("HOME", folder.path());
        command.env("GH_TOKEN", "a-token").env("GIT_CONFIG_NOSYSTEM", "1");
        let done = command.output().unwrap();
        let told = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        (done.status.success(), told)
    };
    let set_up = "git init -q --bare -b main remote.git && git clone -q remote.git checkout 2>/dev/null && cd checkout && \
                  git switch -q -c main && echo '# Widget' > README.md && git add . && \
                  git -c user.name=ann -c user.email=ann@example.org commit -q -m Begin && git push -q origin HEAD";
    let (done, told) = bash(set_up, folder.path());
    assert!(done, "{told}");
    let checkout = at("checkout");
    let recorded = run_in(&checkout, &["assess", ".", "--record=.seaworthy/assessments"]);
    assert_eq!(recorded.status, 0, "{}", recorded.stderr);
    std::fs::write(checkout.join("other.txt"), "not to be committed").unwrap();
    let (done, told) = bash(script, &checkout);
    assert!(done, "{told}");
    let asked = std::fs::read_to_string(asked).unwrap();
    assert!(asked.contains("auth setup-git") && asked.contains("pr create --fill"), "{asked}");
    // The branch is in the remote, with the ledger and nothing else, and main is as it was.
    let show = "git --git-dir=remote.git log --format=%s main; git --git-dir=remote.git branch --format='%(refname:short)'; \
                git --git-dir=remote.git diff --name-only main \"$(git --git-dir=remote.git branch --list 'seaworthy/*' | tr -d ' *')\"";
    let (done, told) = bash(show, folder.path());
    assert!(done, "{told}");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "Begin");
    assert!(lines.iter().any(|line| line.starts_with("seaworthy/20")), "{told}");
    let files: Vec<&&str> = lines.iter().filter(|line| line.contains('.')).collect();
    assert!(files.len() > 3 && files.iter().all(|file| file.starts_with(".seaworthy/assessments/")), "{told}");
    assert!(files.contains(&&".seaworthy/assessments/head.json"), "{told}");
    let copy =
        "git clone -q -b \"$(git --git-dir=remote.git branch --list 'seaworthy/*' | tr -d ' *')\" remote.git copy";
    assert!(bash(copy, folder.path()).0);
    assert_eq!(run_in(&at("copy"), &["verify"]).status, 0, "what was pushed holds");
}
