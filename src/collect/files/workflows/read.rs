//! Finds the workflow files of a repository and reads them with the typed models.

use std::collections::{BTreeMap, HashSet};

use github_actions_models::workflow::Workflow;
use serde_yaml::{Mapping, Value};

use super::super::yaml::parse_bounded;
use super::super::{Content, EntryKind, Repository};
use super::lines::{Lines, Part};
use super::steps::jobs;
use crate::evidence::{Place, State};

/// The folder that GitHub reads workflows from; folders inside it are not read.
const FOLDER: &str = ".github/workflows/";

/// The most workflows that are read.
const MAX_WORKFLOWS: usize = 1000;

/// The most bytes of workflows that are read in all: read ones take up some fifty times as much memory.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The longest note of a place, in characters.
const MAX_NOTE: usize = 120;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Workflow,
    /// An action of this repository, taken as a workflow with one job that holds its steps.
    Action,
}

/// A workflow that was read.
pub(super) struct Flow<'a> {
    pub(super) path: &'a str,
    pub(super) shape: Shape,
    pub(super) workflow: Workflow,
    /// The inputs of an action, with the values that they have when they are not given.
    pub(super) defaults: BTreeMap<String, String>,
    pub(super) lines: Lines<'a>,
}

impl Flow<'_> {
    /// The place of a value in this workflow.
    pub(super) fn place(&self, path: &[Part<'_>], note: &str) -> Place {
        self.place_at(self.lines.of(path), note)
    }

    /// A line of this workflow, where it is known.
    pub(super) fn place_at(&self, line: Option<u32>, note: &str) -> Place {
        let place = match line {
            Some(line) => Place::line(self.path, line),
            None => Place::file(self.path),
        };
        place.noted(short(note))
    }
}

/// The workflows of a repository.
pub(super) struct Flows<'a> {
    /// All workflow files, also those that could not be read.
    pub(super) files: Vec<&'a str>,
    pub(super) read: Vec<Flow<'a>>,
    /// The actions of this repository that workflows use, by folder, as far as they could be read.
    pub(super) actions: BTreeMap<String, Flow<'a>>,
    /// Files that could not be read, with the reason.
    pub(super) unreadable: Vec<(&'a str, String)>,
    /// Files whose contents did not come, with the reason.
    pub(super) missing: Vec<(&'a str, String)>,
    /// Whether there can be no workflows beyond `files`.
    pub(super) complete: bool,
}

impl Flows<'_> {
    /// Why something that was not seen may be there all the same. None where all workflows were read.
    pub(super) fn doubt(&self) -> Option<State> {
        unread(self.unreadable.iter().chain(&self.missing)).or_else(|| self.cut())
    }

    /// Why there may be more files that cannot be read.
    pub(super) fn unseen(&self) -> Option<State> {
        unread(self.missing.iter()).or_else(|| self.cut())
    }

    /// Why there may be more workflows.
    pub(super) fn cut(&self) -> Option<State> {
        let reason = "the list of files was cut, so absence proves nothing";
        (!self.complete).then(|| State::Unavailable { reason: reason.to_owned() })
    }
}

/// That some files could not be read.
fn unread<'a>(mut files: impl Iterator<Item = &'a (&'a str, String)>) -> Option<State> {
    let (path, reason) = files.next()?;
    let name = path.strip_prefix(FOLDER).unwrap_or(path);
    let more = match files.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(State::Failed { reason: format!("{} could not be read: {reason}{more}", short(name)) })
}

/// Reads all workflows.
pub(super) fn read(repository: &Repository) -> Flows<'_> {
    let mut flows = Flows {
        files: Vec::new(),
        read: Vec::new(),
        actions: BTreeMap::new(),
        unreadable: Vec::new(),
        missing: Vec::new(),
        complete: repository.complete,
    };
    let mut found: BTreeMap<&str, EntryKind> = BTreeMap::new();
    for entry in repository.entries.iter().filter(|entry| is_workflow(&entry.path)) {
        found.insert(&entry.path, entry.kind);
    }
    let mut left = MAX_BYTES;
    for (path, kind) in found {
        if kind == EntryKind::Submodule {
            continue;
        }
        flows.files.push(path);
        if flows.files.len() > MAX_WORKFLOWS {
            flows.unreadable.push((path, format!("there are more than {MAX_WORKFLOWS} workflows")));
            continue;
        }
        if let Some(reason) = missing(repository, path, kind) {
            flows.missing.push((path, short(&reason)));
            continue;
        }
        let text = text(repository, path, kind).and_then(|text| within(text, &mut left));
        match text.and_then(|text| Ok((text, parse(text)?))) {
            Ok((text, workflow)) => {
                let (shape, defaults) = (Shape::Workflow, BTreeMap::new());
                flows.read.push(Flow { path, shape, workflow, defaults, lines: Lines::read(text) });
            }
            Err(reason) => flows.unreadable.push((path, short(&reason))),
        }
    }
    flows.actions = actions(repository, &flows.read);
    flows
}

/// The most actions of the repository that are read.
const MAX_ACTIONS: usize = 200;

/// Reads the actions that workflows use, and those that these use in turn.
fn actions<'a>(repository: &'a Repository, workflows: &[Flow<'a>]) -> BTreeMap<String, Flow<'a>> {
    let mut found: BTreeMap<String, Flow<'a>> = BTreeMap::new();
    let mut waiting: Vec<String> = workflows.iter().flat_map(actions_used).collect();
    let mut seen: HashSet<String> = HashSet::new();
    while let Some(folder) = waiting.pop() {
        if seen.len() < MAX_ACTIONS
            && seen.insert(folder.clone())
            && let Some(action) = read_action(repository, &folder)
        {
            waiting.extend(actions_used(&action));
            found.insert(folder, action);
        }
    }
    found
}

fn actions_used(flow: &Flow<'_>) -> Vec<String> {
    jobs(flow).flat_map(|view| view.steps()).filter_map(|step| step.local_action()).collect()
}

/// The folder of an action of this repository, from the path that a step names.
pub(super) fn folder_of_action(uses: &str) -> Option<String> {
    let path = uses.strip_prefix("./").or_else(|| uses.strip_prefix("$/"))?;
    Some(path.trim_end_matches('/').to_owned())
}

fn read_action<'a>(repository: &'a Repository, folder: &str) -> Option<Flow<'a>> {
    ["action.yml", "action.yaml"].iter().find_map(|name| {
        let path = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
        let (path, content) = repository.contents.get_key_value(&path)?;
        let Content::Text(text) = content else { return None };
        let (workflow, defaults) = parse_action(text).ok()?;
        Some(Flow { path, shape: Shape::Action, workflow, defaults, lines: Lines::read(text) })
    })
}

/// An action as a workflow with one job, and the defaults of its inputs. One that is no list of steps has no job.
fn parse_action(text: &str) -> Result<(Workflow, BTreeMap<String, String>), String> {
    let action = parse_bounded(text)?;
    let runs = action.get("runs").ok_or("it is no action: it has no `runs`")?;
    let mut jobs = Mapping::new();
    if let Some(steps) = runs.get("steps") {
        let job = [("runs-on", Value::from("composite")), ("steps", steps.clone())];
        let job: Mapping = job.into_iter().map(|(key, value)| (Value::from(key), value)).collect();
        jobs.insert(Value::from("action"), Value::Mapping(job));
    }
    let workflow = [("on", Value::from("workflow_call")), ("jobs", Value::Mapping(jobs))];
    let workflow: Mapping = workflow.into_iter().map(|(key, value)| (Value::from(key), value)).collect();
    let mut workflow = Value::Mapping(workflow);
    complete_uses(&mut workflow);
    let workflow = serde_yaml::from_value(workflow).map_err(|error| format!("it is no action: {error}"))?;
    Ok((workflow, defaults(&action)))
}

fn defaults(action: &Value) -> BTreeMap<String, String> {
    let inputs = action.get("inputs").and_then(Value::as_mapping).into_iter().flatten();
    inputs
        .filter_map(|(name, input)| {
            let default = match input.get("default") {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Bool(flag)) => flag.to_string(),
                Some(Value::Number(number)) => number.to_string(),
                _ => String::new(),
            };
            Some((name.as_str()?.to_ascii_lowercase(), default))
        })
        .collect()
}

fn is_workflow(path: &str) -> bool {
    let Some((name, ending)) = path.strip_prefix(FOLDER).and_then(|name| name.rsplit_once('.')) else { return false };
    !name.contains('/') && ["yml", "yaml"].contains(&ending)
}

/// Why the content of a file is missing, if it is.
fn missing(repository: &Repository, path: &str, kind: EntryKind) -> Option<String> {
    match repository.contents.get(path) {
        _ if kind == EntryKind::Symlink => None,
        Some(Content::Unread { reason }) => Some(reason.clone()),
        None => Some("its content was not read".to_owned()),
        Some(_) => None,
    }
}

fn text<'a>(repository: &'a Repository, path: &str, kind: EntryKind) -> Result<&'a str, String> {
    if kind == EntryKind::Symlink {
        return Err("it is a symbolic link".to_owned());
    }
    match repository.contents.get(path) {
        Some(Content::Text(text)) => Ok(text),
        Some(Content::Binary(_)) => Err("it is not text".to_owned()),
        Some(Content::TooLarge(size)) => Err(format!("it is too large ({size} bytes)")),
        Some(Content::Unread { reason }) => Err(reason.clone()),
        None => Err("its content was not read".to_owned()),
    }
}

/// Keeps the sum of all workflows within bounds.
fn within<'a>(text: &'a str, left: &mut usize) -> Result<&'a str, String> {
    *left = left
        .checked_sub(text.len())
        .ok_or_else(|| format!("the workflows are larger than {} KiB in all", MAX_BYTES / 1024))?;
    Ok(text)
}

fn parse(text: &str) -> Result<Workflow, String> {
    let mut value = parse_bounded(text)?;
    complete_uses(&mut value);
    serde_yaml::from_value(value).map_err(|error| format!("it is no workflow: {error}"))
}

/// Appends an empty version to each action that is named without one, which the models refuse. GitHub refuses it too
/// when the job runs, but the rest of such a workflow tells its worth all the same.
fn complete_uses(workflow: &mut Value) {
    let Some(jobs) = workflow.get_mut("jobs").and_then(Value::as_mapping_mut) else { return };
    for (_, job) in jobs {
        if let Some(steps) = job.get_mut("steps").and_then(Value::as_sequence_mut) {
            steps.iter_mut().for_each(complete_use);
        }
        complete_use(job);
    }
}

fn complete_use(holder: &mut Value) {
    if let Some(Value::String(uses)) = holder.get_mut("uses") {
        let elsewhere = ["./", "$/", "docker://"].iter().any(|prefix| uses.trim_start().starts_with(prefix));
        if !elsewhere && !uses.contains('@') {
            uses.push('@');
        }
    }
}

/// A text for a note: on one line, without control characters, at most 120 characters.
pub(super) fn short(text: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.retain(|c| !c.is_control());
    if words.chars().count() <= MAX_NOTE {
        return words;
    }
    let mut cut: String = words.chars().take(MAX_NOTE - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::fixture::{repository, with};
    use super::*;

    const GOOD: &str = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";

    fn with_text(path: &str, text: &str) -> Repository {
        with(repository(&[]), path, EntryKind::File, Content::Text(Arc::from(text)))
    }

    #[test]
    fn only_files_directly_in_the_folder_are_workflows() {
        for (path, expected) in [
            (".github/workflows/a.yml", true),
            (".github/workflows/a.yaml", true),
            (".github/workflows/a/b.yml", false),
            (".github/workflows/README.md", false),
            ("x/.github/workflows/a.yml", false),
            (".github/workflows.yml", false),
        ] {
            assert_eq!(!read(&with_text(path, GOOD)).files.is_empty(), expected, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let item = format!("*a{}", level - 1);
            format!("{text}a{level}: &a{level} [{}]\n", [item.as_str(); 9].join(", "))
        });
        let large = format!("{GOOD}{}", "# x\n".repeat(260_000));
        let cases = [
            (Content::Text(Arc::from("a: [")), "not valid"),
            (Content::Text(Arc::from("- a")), "no workflow"),
            (Content::Text(Arc::from("")), "no workflow"),
            (Content::Text(Arc::from("on: push\njobs: {a: {runs-on: x}}")), "no workflow"),
            (Content::Text(Arc::from(laughs.as_str())), "aliases"),
            (Content::Text(Arc::from(large.as_str())), "larger than"),
            (Content::TooLarge(5_000_000), "too large (5000000 bytes)"),
            (Content::Binary(vec![0]), "not text"),
        ];
        for (content, expected) in cases {
            let repository = with(repository(&[]), ".github/workflows/ci.yml", EntryKind::File, content);
            let flows = read(&repository);
            assert!(flows.read.is_empty());
            assert!(flows.unreadable[0].1.contains(expected), "{} lacks {expected}", flows.unreadable[0].1);
            assert!(matches!(flows.doubt(), Some(State::Failed { reason }) if reason.starts_with("ci.yml could not")));
        }
    }

    #[test]
    fn what_did_not_come_is_not_what_cannot_be_read() {
        let unread = Content::Unread { reason: "HTTP 502".to_owned() };
        let repository = with(repository(&[]), ".github/workflows/ci.yml", EntryKind::File, unread);
        let flows = read(&repository);
        assert!(flows.read.is_empty() && flows.unreadable.is_empty());
        let failed = State::Failed { reason: "ci.yml could not be read: HTTP 502".to_owned() };
        assert_eq!((flows.doubt(), flows.unseen()), (Some(failed.clone()), Some(failed)));
    }

    #[test]
    fn anchors_missing_versions_and_empty_triggers_are_read() {
        let text = "on:\n  pull_request:\njobs:\n  a:\n    runs-on: x\n    steps: &s\n      - uses: actions/checkout\n  b:\n    runs-on: x\n    steps: *s\n";
        let repository = with_text(".github/workflows/ci.yml", text);
        let flows = read(&repository);
        assert_eq!(flows.unreadable, []);
        assert!(flows.read[0].workflow.on.events.pull_request.is_present());
        assert!(flows.doubt().is_none());
    }

    #[test]
    fn the_sum_of_all_workflows_is_bounded() {
        let mut left = 5;
        assert_eq!(within("abc", &mut left), Ok("abc"));
        assert!(within("abc", &mut left).unwrap_err().contains("in all"));
        assert_eq!(within("ab", &mut left), Ok("ab"));
    }

    #[test]
    fn notes_are_short_and_plain() {
        assert_eq!(short("a\n  b\u{1b}[31m"), "a b[31m");
        assert_eq!(short(&"é".repeat(500)).chars().count(), 120);
    }
}
