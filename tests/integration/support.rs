//! What several tests need: git repositories made on the spot, and the real program in a clean environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

/// A git repository in a temporary folder, made without a git binary.
pub(crate) struct TestRepository {
    folder: tempfile::TempDir,
    repository: gix::Repository,
    files: BTreeMap<String, (EntryKind, Vec<u8>)>,
    head: Option<gix::ObjectId>,
}

impl TestRepository {
    pub(crate) fn new() -> Self {
        Self::make(gix::init)
    }

    pub(crate) fn bare() -> Self {
        Self::make(gix::init_bare)
    }

    fn make(init: impl Fn(PathBuf) -> gix::Result<gix::Repository>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("widget");
        std::fs::create_dir(&path).unwrap();
        let repository = init(path).unwrap();
        Self { folder, repository, files: BTreeMap::new(), head: None }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("widget")
    }

    /// Puts a file into the next commit.
    pub(crate) fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.to_owned(), (EntryKind::Blob, content.as_ref().to_vec()));
        self
    }

    /// Puts a symbolic link into the next commit.
    pub(crate) fn link(mut self, path: &str, target: &str) -> Self {
        self.files.insert(path.to_owned(), (EntryKind::Link, target.as_bytes().to_vec()));
        self
    }

    /// Puts a submodule into the next commit, at some commit of another repository.
    pub(crate) fn submodule(mut self, path: &str) -> Self {
        self.files.insert(path.to_owned(), (EntryKind::Commit, b"another repository".to_vec()));
        self
    }

    /// Commits the files, on a day of 2026, with these extra headers.
    pub(crate) fn commit(self, message: &str, author: &str, day: &str) -> Self {
        self.commit_with(message, author, day, &[])
    }

    pub(crate) fn commit_with(mut self, message: &str, author: &str, day: &str, headers: &[(&str, &str)]) -> Self {
        let tree = self.write_tree("");
        let seconds = day.parse::<chrono::NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp();
        let person = gix::actor::Signature {
            name: author.into(),
            email: format!("{}@example.org", author.to_lowercase()).into(),
            time: gix::date::Time::new(seconds, 0),
        };
        let commit = Commit {
            tree,
            parents: self.head.into_iter().collect(),
            author: person.clone(),
            committer: person,
            encoding: None,
            message: message.into(),
            extra_headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        let id = self.repository.write_object(&commit).unwrap().detach();
        self.set("refs/heads/main", &id);
        self.head = Some(id);
        self
    }

    /// Names HEAD with a plain tag.
    pub(crate) fn tag(self, name: &str) -> Self {
        let id = self.head.unwrap();
        self.set(&format!("refs/tags/{name}"), &id);
        self
    }

    /// Gives the repository a remote.
    pub(crate) fn remote(self, address: &str) -> Self {
        let config = self.repository.git_dir().join("config");
        let mut text = std::fs::read_to_string(&config).unwrap();
        text.push_str(&format!(
            "[remote \"origin\"]\n\turl = {address}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
        ));
        std::fs::write(config, text).unwrap();
        self
    }

    fn set(&self, reference: &str, id: &gix::ObjectId) {
        let path = self.repository.git_dir().join(reference);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("{id}\n")).unwrap();
        std::fs::write(self.repository.git_dir().join("HEAD"), "ref: refs/heads/main\n").unwrap();
    }

    fn write_tree(&self, folder: &str) -> gix::ObjectId {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for (path, (kind, content)) in &self.files {
            let Some(rest) = path.strip_prefix(folder) else { continue };
            let (name, entry_kind, oid) = match rest.split_once('/') {
                Some((name, _)) if entries.contains_key(name) => continue,
                Some((name, _)) => (name, EntryKind::Tree, self.write_tree(&format!("{folder}{name}/"))),
                None => (rest, *kind, self.repository.write_blob(content).unwrap().detach()),
            };
            entries.insert(name.to_owned(), Entry { mode: entry_kind.into(), filename: name.into(), oid });
        }
        let mut entries: Vec<Entry> = entries.into_values().collect();
        entries.sort();
        self.repository.write_object(&Tree { entries }).unwrap().detach()
    }
}

/// The real program, with nothing of the environment that could change what it does.
pub(crate) fn seaworthy() -> Command {
    let mut command = Command::cargo_bin("seaworthy").unwrap();
    command.env_clear().env("PATH", "/nonexistent").env("HOME", "/nonexistent").env("SEAWORTHY_NO_CACHE", "1");
    command
}

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let output = seaworthy().current_dir(folder).args(arguments).output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Assesses evidence with the `answers.yaml` of a folder as of the day of the examples.
pub(crate) fn assess_answers(folder: &Path, evidence: &Path, more: &[&str]) -> Run {
    let evidence = evidence.to_string_lossy();
    let common = ["assess", "--evidence", &evidence, "--answers", "answers.yaml", "--as-of", "2026-11-24"];
    run_in(folder, &[&common, more].concat())
}

/// Runs the program in the project's own folder.
pub(crate) fn run(arguments: &[&str]) -> Run {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// Questions of every type that need no evidence, and a model that needs them.
pub(crate) const DEMO_QUESTIONS: &str = "\
schema: seaworthy.questions/1
topic: demo
title: Demonstration
questions:
  - { id: demo.second-factor, ask: Does everyone use a second factor?, why: Passwords leak., how: Require it., evidence: The setting., answer: yes-no, because: required, valid_for: 1 year }
  - { id: demo.reply-days, ask: How many days until a reporter gets a reply?, why: They wait., how: Agree on it., answer: days, valid_for: 1 year }
  - { id: demo.maintainers, ask: Who may merge?, why: Users trust them., how: Name them., answer: people, valid_for: 6 months }
  - { id: demo.coverage, ask: How much of the code is reviewed?, why: Two see more than one., how: Require it., answer: coverage, valid_for: 1 year }
  - { id: demo.licence, ask: Is there a licence file?, why: Users need it., how: Add LICENSE., answer: yes-no, valid_for: 1 year, observe: [{ value: yes, when: { license.files: { present: true } }, certainty: proof }] }
";
pub(crate) const DEMO_MODEL: &str = "\
schema: seaworthy.model/1
id: demo
title: Demonstration
version: '1'
source: https://example.org/demo
about: A model for tests.
scoring: cumulative-levels
levels:
  - { id: 1, title: One, meaning: The first. }
  - { id: 2, title: Two, meaning: The second. }
areas:
  - { id: P, title: People }
  - { id: C, title: Code }
requirements:
  - { id: P-1, area: P, levels: [1], demands: Two factors., met_when: { demo.second-factor: yes } }
  - { id: P-2, area: P, levels: [2], demands: Reply soon., met_when: { demo.reply-days: { at_most: 14 } } }
  - { id: P-3, area: P, levels: [2], demands: Two maintainers., met_when: { demo.maintainers: { at_least: 2 } } }
  - { id: C-1, area: C, levels: [1], demands: Review., met_when: { demo.coverage: { one_of: [most, all] } } }
  - { id: C-2, area: C, levels: [1], demands: License., met_when: { demo.licence: yes } }
";

/// A project of a maintainer: a repository with a licence, and beside it the folder of the demonstration model.
pub(crate) fn demo_project() -> TestRepository {
    let repository = TestRepository::new()
        .file("README.md", "# Widget\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .commit("Begin", "Alice", "2026-06-01")
        .remote("https://github.com/acme/widget.git");
    let folder = repository.path().join("../questionnaires");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("questions.yaml"), DEMO_QUESTIONS).unwrap();
    std::fs::write(folder.join("model.yaml"), DEMO_MODEL).unwrap();
    repository
}

/// The options that every run in such a project takes.
pub(crate) const DEMO: [&str; 7] =
    ["-q", "--questionnaires", "../questionnaires", "--model", "demo", "--on", "2026-11-24"];
