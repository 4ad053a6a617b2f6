//! Which known tools a step calls, and for what purpose. The tools themselves are data: `questionnaires/tools.yaml`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use github_actions_models::common::EnvValue;
use serde::Deserialize;

use super::pattern::{Pattern, options_at_start, program, word_fits};
use super::script::Command;
use crate::built_in::TOOLS;

/// What a tool is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Purpose {
    Tests,
    Lint,
    Sast,
    Sca,
    SecretScanning,
    Fuzzing,
    Release,
    Signing,
    Provenance,
    Sbom,
}

/// A tool, as the file describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub(super) id: String,
    pub(super) purposes: Vec<Purpose>,
    /// Actions, reusable workflows or images (`docker://...`) that are the tool, without their versions; `/*` at the
    /// end stands for all paths below.
    #[serde(default)]
    actions: Vec<String>,
    /// Inputs that the action must be given, with the values that count; `*` ends a beginning.
    #[serde(default)]
    with: BTreeMap<String, Vec<String>>,
    /// Inputs that the action must not be given, with the values that exclude it.
    #[serde(default)]
    without: BTreeMap<String, Vec<String>>,
    /// Patterns of commands that are the tool.
    #[serde(default)]
    commands: Vec<String>,
    /// Patterns of commands that are not, although one of `commands` fits.
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    /// Commands that run the command behind them.
    wrappers: Vec<String>,
    /// Options whose value is the next word.
    options_with_values: Vec<String>,
    #[serde(default)]
    bystanders: Bystanders,
    tools: Vec<Tool>,
}

/// Words in the file name of a workflow of another repository, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bystanders {
    /// They tell that the workflow runs nothing that the table looks for,
    words: Vec<String>,
    /// unless one of these stands there too.
    unless: Vec<String>,
}

/// First arguments with which a tool only tells about itself.
const ASKS_ABOUT_ITSELF: [&str; 6] = ["--version", "-V", "version", "--help", "-h", "help"];

/// All known tools.
#[derive(Debug, Default)]
pub(super) struct Tools {
    known: Vec<Tool>,
    wrappers: Vec<Pattern>,
    options_with_values: HashSet<String>,
    /// Patterns by their first word, each with the position of its tool.
    commands: HashMap<String, Vec<(Pattern, usize)>>,
    except: HashMap<usize, Vec<Pattern>>,
    bystanders: Bystanders,
}

impl Tools {
    /// The built-in table. It is part of the program and a test reads it; should it be broken all the same, it is empty.
    pub(super) fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Tools> = OnceLock::new();
        BUILT_IN.get_or_init(|| TOOLS.read().and_then(Self::of).unwrap_or_default())
    }

    /// Takes in what was read. The error says what is wrong.
    fn of(file: File) -> Result<Self, String> {
        if file.schema != "seaworthy.tools/1" {
            return Err(format!("schema is `{}`, must be `seaworthy.tools/1`", file.schema));
        }
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::parse(text)).collect::<Result<Vec<_>, _>>();
        let mut table = Self {
            wrappers: patterns(&file.wrappers)?,
            options_with_values: file.options_with_values.into_iter().collect(),
            bystanders: file.bystanders,
            ..Self::default()
        };
        for (position, tool) in file.tools.iter().enumerate() {
            if tool.purposes.is_empty() || (tool.actions.is_empty() && tool.commands.is_empty()) {
                return Err(format!("tool `{}` needs purposes, and actions or commands", tool.id));
            }
            for pattern in patterns(&tool.commands)? {
                for word in pattern.first_words()? {
                    table.commands.entry(word).or_default().push((pattern.clone(), position));
                }
            }
            table.except.insert(position, patterns(&tool.except)?);
        }
        table.known = file.tools;
        Ok(table)
    }

    /// Whether the name of a called workflow tells that it runs none of the tools, such as `auto-merge.yml`.
    pub(super) fn is_bystander(&self, workflow: &str) -> bool {
        let file = workflow.rsplit('/').next().unwrap_or_default();
        let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
        let words: Vec<&str> = name.split(['-', '_', '.']).collect();
        let has_one_of = |list: &[String]| list.iter().any(|word| words.contains(&word.as_str()));
        has_one_of(&self.bystanders.words) && !has_one_of(&self.bystanders.unless)
    }

    /// The tools that an action is.
    pub(super) fn of_action(&self, action: &str, input: &dyn Fn(&str) -> Option<String>) -> Vec<&Tool> {
        self.known.iter().filter(|tool| tool.is_action(action, input)).collect()
    }

    /// The tools that a command calls.
    pub(super) fn of_command(&self, command: &Command) -> Vec<&Tool> {
        let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
        let words = self.unwrapped(&words);
        let Some(first) = words.first() else { return Vec::new() };
        if words.get(1).is_some_and(|word| ASKS_ABOUT_ITSELF.contains(word)) {
            return Vec::new();
        }
        let valued = &self.options_with_values;
        let mut found: Vec<&Tool> = Vec::new();
        for (pattern, position) in self.commands.get(program(first)).into_iter().flatten() {
            let excepted =
                self.except.get(position).into_iter().flatten().any(|exception| exception.matches(words, valued));
            if let Some(tool) = self.known.get(*position)
                && !excepted
                && pattern.matches(words, valued)
                && !found.iter().any(|other| other.id == tool.id && other.purposes == tool.purposes)
            {
                found.push(tool);
            }
        }
        found
    }

    /// The command behind `sudo`, `npx`, `poetry run` and the like.
    fn unwrapped<'w, 'a>(&self, words: &'w [&'a str]) -> &'w [&'a str] {
        let mut words = words;
        loop {
            let longest =
                self.wrappers.iter().filter_map(|wrapper| wrapper.length_in(words, &self.options_with_values)).max();
            let Some(rest) = longest.and_then(|length| words.get(length..)) else { return words };
            match rest.get(options_at_start(rest, &self.options_with_values)..) {
                Some(inner) if !inner.is_empty() => words = inner,
                _ => return words,
            }
        }
    }
}

impl Tool {
    fn is_action(&self, action: &str, input: &dyn Fn(&str) -> Option<String>) -> bool {
        let named = self.actions.iter().any(|name| match name.strip_suffix("/*") {
            Some(above) => action.strip_prefix(above).is_some_and(|below| below.is_empty() || below.starts_with('/')),
            None => action == name,
        });
        named
            && self.with.iter().all(|(name, values)| input(name).is_some_and(|given| one_fits(values, &given)))
            && !self.without.iter().any(|(name, values)| input(name).is_some_and(|given| one_fits(values, &given)))
    }
}

fn one_fits(values: &[String], given: &str) -> bool {
    values.iter().any(|value| word_fits(value, given.trim()))
}

/// The text of an input.
pub(super) fn input_text(value: &EnvValue) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::script::commands;
    use super::*;

    fn called(script: &str) -> Vec<(String, Purpose)> {
        let tools = TOOLS.read().and_then(Tools::of).unwrap();
        commands(script)
            .iter()
            .flat_map(|command| tools.of_command(command).into_iter().map(|tool| (tool.id.clone(), tool.purposes[0])))
            .collect()
    }

    fn purposes(script: &str) -> Vec<Purpose> {
        called(script).into_iter().map(|(_, purpose)| purpose).collect()
    }

    #[test]
    fn the_built_in_table_is_read() {
        let tools = TOOLS.read().and_then(Tools::of).unwrap();
        assert!(tools.known.len() > 60);
        for tool in &tools.known {
            for action in &tool.actions {
                assert_eq!(*action, action.to_lowercase(), "{}", tool.id);
                assert!(!action.contains('@'), "{}: {action} has a version", tool.id);
            }
        }
    }

    #[test]
    fn broken_tables_are_refused() {
        for (yaml, expected) in [
            ("schema: other\nwrappers: []\noptions_with_values: []\ntools: []", "schema"),
            (
                "schema: seaworthy.tools/1\nwrappers: []\noptions_with_values: []\ntools: [{id: a, purposes: [tests]}]",
                "needs purposes",
            ),
            (
                "schema: seaworthy.tools/1\nwrappers: []\noptions_with_values: []\ntools: [{id: a, purposes: [x], commands: [a]}]",
                "x",
            ),
            ("schema: seaworthy.tools/1\nwrappers: [...]\noptions_with_values: []\ntools: []", "must begin"),
            (
                "schema: seaworthy.tools/1\nwrappers: []\noptions_with_values: []\ntools: [{id: a, purposes: [tests], commands: ['a*']}]",
                "whole",
            ),
            (
                "schema: seaworthy.tools/1\nwrappers: []\noptions_with_values: []\ntools: [{id: a, purposes: [tests], command: [a]}]",
                "command",
            ),
        ] {
            let error =
                serde_saphyr::from_str(yaml).map_err(|error| error.to_string()).and_then(Tools::of).unwrap_err();
            assert!(error.contains(expected), "{error} lacks {expected}");
        }
    }

    #[test]
    fn commands_that_run_tests() {
        for script in [
            "cargo test",
            "cargo +nightly --locked test --all",
            "cargo nextest run",
            "sudo -E env X=1 cargo test",
            "npm test",
            "npm run test",
            "npm run test:unit",
            "npm t",
            "yarn test",
            "pnpm -r test",
            "npx jest",
            "go test ./...",
            "pytest -v",
            "python -m pytest tests",
            "python3 -W error -m pytest",
            "poetry run pytest",
            "uv run pytest",
            "xvfb-run -a npm test",
            "timeout 30m cargo test",
            "tox",
            "tox -e py312",
            "nox -s tests",
            "mvn -B verify",
            "./mvnw -B -ntp clean test",
            "./gradlew check",
            "gradle clean build",
            "make test",
            "make -j4 check",
            "dotnet test --no-build",
            "ctest --output-on-failure",
            "bundle exec rspec",
            "bundle exec rake test",
            "vendor/bin/phpunit",
            "deno test -A",
            "swift test",
            "mix test",
            "bazel test //...",
            "just test",
            "node --test",
            "if ! cargo test; then exit 1; fi",
            "uv run --locked --group dev tox run",
            "npm --prefix web test",
            "pnpm --filter './packages/*' test",
            "make -C build check",
            "cargo --manifest-path x/Cargo.toml test",
            "out=$(cargo test 2>&1)",
            "make ci",
        ] {
            assert!(purposes(script).contains(&Purpose::Tests), "{script}");
        }
    }

    #[test]
    fn commands_that_run_no_tests() {
        for script in [
            "# cargo test",
            "echo cargo test",
            "echo \"npm test\"",
            "cargo build",
            "cargo test --no-run",
            "cat <<EOF\ncargo test\nEOF",
            "mvn -B package -DskipTests",
            "./gradlew build -x test",
            "npm install",
            "git commit -m 'npm test'",
            "tox -e lint",
            "nox -s lint",
            "test -f Cargo.toml",
            "pip install pytest",
            "apt-get install -y cargo test",
            "make",
            "go build",
            "pytest --version",
            "make -C bld V=1 -C tests",
            "tox run -e typing",
            "npm --prefix test install",
        ] {
            assert!(!purposes(script).contains(&Purpose::Tests), "{script}: {:?}", called(script));
        }
    }

    #[test]
    fn commands_of_other_purposes() {
        let cases = [
            ("cargo clippy -- -D warnings", "clippy", Purpose::Lint),
            ("cargo fmt --all --check", "rustfmt", Purpose::Lint),
            ("npm run lint", "npm-lint", Purpose::Lint),
            ("pre-commit run --all-files", "pre-commit", Purpose::Lint),
            ("tox -e lint", "tox-lint", Purpose::Lint),
            ("golangci-lint run", "golangci-lint", Purpose::Lint),
            ("semgrep ci", "semgrep", Purpose::Sast),
            ("gosec ./...", "gosec", Purpose::Sast),
            ("python -m bandit -r src", "bandit", Purpose::Sast),
            ("cargo audit", "cargo-audit", Purpose::Sca),
            ("cargo deny check", "cargo-deny", Purpose::Sca),
            ("npm audit --audit-level=high", "npm-audit", Purpose::Sca),
            ("govulncheck ./...", "govulncheck", Purpose::Sca),
            ("trivy fs .", "trivy", Purpose::Sca),
            ("gitleaks detect", "gitleaks", Purpose::SecretScanning),
            ("cargo fuzz run target", "cargo-fuzz", Purpose::Fuzzing),
            ("go test -fuzz=FuzzX -fuzztime=30s ./x", "go-fuzz", Purpose::Fuzzing),
            ("cargo publish", "cargo-publish", Purpose::Release),
            ("npm publish --access public", "npm-publish", Purpose::Release),
            ("gh release create v1 dist/*", "gh-release", Purpose::Release),
            ("twine upload dist/*", "twine", Purpose::Release),
            ("docker push x/y", "docker-push", Purpose::Release),
            ("cosign sign-blob --yes x", "cosign", Purpose::Signing),
            ("gpg --batch --armor --detach-sign x", "gpg", Purpose::Signing),
            ("npm publish --provenance", "npm-provenance", Purpose::Provenance),
            ("syft . -o spdx-json", "syft", Purpose::Sbom),
            ("cargo cyclonedx", "cargo-cyclonedx", Purpose::Sbom),
        ];
        for (script, id, purpose) in cases {
            assert!(called(script).contains(&(id.to_owned(), purpose)), "{script}: {:?}", called(script));
        }
        for script in [
            "cosign version",
            "gpg --import key",
            "npm publish --dry-run",
            "cargo publish --workspace --dry-run",
            "ko publish --insecure-registry -B x",
        ] {
            assert!(called(script).is_empty(), "{script}: {:?}", called(script));
        }
    }

    #[test]
    fn workflows_that_are_about_something_else() {
        let tools = TOOLS.read().and_then(Tools::of).unwrap();
        let at = |name: &str| format!("acme/.github/.github/workflows/{name}");
        for name in ["dependabot-auto-merge.yml", "stale.yaml", "issues.yml", "lock_threads.yml", "congratsbot.yml"] {
            assert!(tools.is_bystander(&at(name)), "{name}");
        }
        for name in ["ci.yml", "merge-queue.yml", "label-and-test.yml", "release.yml", "reusable.yml", "go.yml"] {
            assert!(!tools.is_bystander(&at(name)), "{name}");
        }
    }

    #[test]
    fn actions_with_their_inputs() {
        let tools = TOOLS.read().and_then(Tools::of).unwrap();
        let ids = |action: &str, inputs: &[(&str, &str)]| -> Vec<String> {
            let input = |name: &str| inputs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            tools.of_action(action, &input).into_iter().map(|tool| tool.id.clone()).collect()
        };
        assert_eq!(ids("github/codeql-action/analyze", &[]), ["codeql"]);
        assert!(ids("github/codeql-action/init", &[]).is_empty());
        assert!(ids("github/codeql-action/upload-sarif", &[]).is_empty());
        assert_eq!(ids("actions/dependency-review-action", &[]), ["dependency-review"]);
        for installer in ["sigstore/cosign-installer", "snyk/actions/setup", "anchore/sbom-action/download-syft"] {
            assert!(ids(installer, &[]).is_empty(), "{installer}");
        }
        assert_eq!(ids("oxsecurity/megalinter/flavors/python", &[]), ["megalinter"]);
        assert!(ids("docker/build-push-action", &[("push", "false")]).is_empty());
        assert_eq!(
            ids("docker/build-push-action", &[("push", "true"), ("sbom", "true")]),
            ["docker-build-push", "docker-sbom"]
        );
        assert_eq!(ids("docker://zricethezav/gitleaks", &[]), ["gitleaks"]);
        assert!(ids("pypa/gh-action-pypi-publish", &[("password", "x")]).iter().all(|id| id != "pypi-attestations"));
        let slsa = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";
        assert_eq!(ids(slsa, &[]), ["slsa-github-generator"]);
    }
}
