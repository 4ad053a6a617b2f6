//! How long the parts of `assess` take without a network: collecting from a checkout, loading the questionnaires,
//! assessing under all models, and writing the report; and how much memory questionnaires and an assessment take.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to say")]
#![expect(clippy::print_stdout, reason = "the memory that it measures is printed, as criterion prints times")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};
use seaworthy::answers::Answers;
use seaworthy::assess::assess;
use seaworthy::assess::record::Assessment;
use seaworthy::collect::checkout;
use seaworthy::evidence::Evidence;
use seaworthy::questionnaire::Questionnaires;
use seaworthy::report::{self, Format};
use seaworthy::yaml::Document;

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();

/// The files of a repository of middling size: 3,000 sources, the usual policies, and workflows.
fn files() -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        (0..3000).map(|n| (format!("src/part{}/file{n}.rs", n / 50), format!("pub const N: u32 = {n};\n"))).collect();
    for n in 0..20 {
        files.insert(format!("docs/chapter{n}.md"), "# Chapter\n\nRun the tests with `make check`.\n".repeat(40));
        let workflow = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n";
        files.insert(format!(".github/workflows/job{n}.yml"), workflow.to_owned());
    }
    for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE-MIT"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_default();
        files.insert(name.to_owned(), text);
    }
    files
}

/// Commits files to a new repository.
fn commit(folder: &Path, files: &BTreeMap<String, String>) {
    let repository = gix::init(folder).unwrap();
    let tree = write_tree(&repository, files, "");
    let time = gix::date::Time::new(1_790_000_000, 0);
    let person = gix::actor::Signature { name: "Alice".into(), email: "alice@example.org".into(), time };
    let commit = Commit {
        tree,
        parents: Vec::new().into(),
        author: person.clone(),
        committer: person,
        encoding: None,
        message: "Start".into(),
        extra_headers: Vec::new(),
    };
    let id = repository.write_object(&commit).unwrap();
    std::fs::write(repository.git_dir().join("refs/heads/main"), format!("{id}\n")).unwrap();
    std::fs::write(repository.git_dir().join("HEAD"), "ref: refs/heads/main\n").unwrap();
}

fn write_tree(repository: &gix::Repository, files: &BTreeMap<String, String>, folder: &str) -> gix::ObjectId {
    let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
    for (path, content) in files {
        let Some(rest) = path.strip_prefix(folder) else { continue };
        let name = rest.split('/').next().unwrap_or(rest);
        if entries.contains_key(name) {
            continue;
        }
        let (kind, oid) = if name == rest {
            (EntryKind::Blob, repository.write_blob(content).unwrap().detach())
        } else {
            (EntryKind::Tree, write_tree(repository, files, &format!("{folder}{name}/")))
        };
        entries.insert(name, Entry { mode: kind.into(), filename: name.into(), oid });
    }
    let mut entries: Vec<Entry> = entries.into_values().collect();
    entries.sort();
    repository.write_object(&Tree { entries }).unwrap().detach()
}

/// Evidence and answers of an example.
fn example(questionnaires: &Questionnaires) -> (Evidence, Answers) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/exemplary");
    let evidence = std::fs::read_to_string(folder.join("evidence.json")).unwrap();
    let answers = std::fs::read_to_string(folder.join("answers.yaml")).unwrap();
    let (answers, _) = Answers::read(&Document::new("answers.yaml", answers), questionnaires);
    (Evidence::from_json(&evidence).unwrap(), answers.unwrap())
}

fn assessed(questionnaires: &Questionnaires, evidence: &Evidence, answers: &Answers) -> Assessment {
    let models: Vec<_> = questionnaires.models().iter().collect();
    assess(evidence, Some(answers), questionnaires, &models, DAY).unwrap()
}

/// The memory that the process holds, in KiB, where the system tells it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Prints by how much the process grew. Measured before anything else, so that no freed memory is used again.
fn memory() {
    let before = resident();
    let questionnaires = Questionnaires::built_in().unwrap();
    let loaded = resident();
    let (evidence, answers) = example(&questionnaires);
    let read = resident();
    let record = assessed(&questionnaires, &evidence, &answers);
    let judged = resident();
    let grown = |from: Option<u64>, to: Option<u64>| from.zip(to).map_or(0, |(from, to)| to.saturating_sub(from));
    println!("memory of all questionnaires: {} KiB", grown(before, loaded));
    println!("memory of one assessment under all {} models: {} KiB", record.models.len(), grown(read, judged));
}

fn benchmarks(criterion: &mut Criterion) {
    memory();
    let folder = tempfile::tempdir().unwrap();
    commit(folder.path(), &files());
    let now: DateTime<Utc> = DAY.and_hms_opt(12, 0, 0).unwrap().and_utc();
    criterion.bench_function("collect 3,000 files", |bench| {
        bench.iter(|| checkout::collect(folder.path(), "github.com", now).unwrap());
    });
    criterion.bench_function("load the questionnaires", |bench| bench.iter(|| Questionnaires::built_in().unwrap()));
    let questionnaires = Questionnaires::built_in().unwrap();
    let (evidence, answers) = example(&questionnaires);
    criterion.bench_function("assess under all models", |bench| {
        bench.iter_with_large_drop(|| assessed(&questionnaires, &evidence, &answers));
    });
    let record = assessed(&questionnaires, &evidence, &answers);
    // Part of assessing: the record is written as JSON for it.
    let bare = Assessment { digest: String::new(), ..record.clone() };
    criterion.bench_function("of that, take the digest of the record", |bench| {
        bench.iter(|| bare.computed_digest().unwrap());
    });
    criterion.bench_function("write HTML", |bench| bench.iter(|| report::render(&record, Format::Html).unwrap()));
}

criterion_group!(all, benchmarks);
criterion_main!(all);
