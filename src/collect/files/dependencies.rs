//! Dependencies: manifests, lock files, tools that propose updates, and submodules.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value as Yaml;

use super::library::{CUT, MAX_ITEMS, absent, content_text, list};
use super::manifests::{self, Kind};
use super::note::{note, plain};
use super::pattern::Pattern;
use super::{Content, EntryKind, Repository, paths, yaml};
use crate::evidence::{Observation, Place};

/// Ecosystems whose applications pin their dependencies in a lock file as a rule.
const LOCKING: [&str; 6] = ["cargo", "npm", "gomod", "pip", "bundler", "composer"];

const DEPENDABOT: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];

const RENOVATE: [&str; 11] = [
    "renovate.json",
    "renovate.json5",
    "renovate.jsonc",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
    ".github/renovate.jsonc",
];

/// Whether a path configures a tool that proposes updates.
pub(super) fn is_update_configuration(path: &str) -> bool {
    DEPENDABOT.contains(&path) || RENOVATE.contains(&path)
}

/// The observations of the group `dependencies`.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let manifests: Vec<(&str, &Kind)> = repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .filter_map(|entry| Some((entry.path.as_str(), manifests::kind_of(&entry.path)?)))
        .filter(|(path, _)| manifests::is_manifest(repository, path))
        .collect();
    let ecosystems = manifests.iter().map(|(path, kind)| (kind.ecosystem.to_owned(), Place::file(*path))).collect();
    let paths = manifests.iter().map(|(path, _)| ((*path).to_owned(), Place::file(*path))).collect();
    let locks = repository
        .entries
        .iter()
        .filter(|entry| manifests::locked_by(&entry.path).is_some())
        .map(|entry| (entry.path.clone(), Place::file(&entry.path)))
        .collect();
    let mut observations = vec![
        list(repository, "dependencies.ecosystems", ecosystems),
        list(repository, "dependencies.manifests", paths),
        list(repository, "dependencies.lock_files", locks),
        without_lock(repository, &manifests),
    ];
    observations.extend(update_tools(repository));
    observations.push(submodules(repository));
    observations
}

fn without_lock(repository: &Repository, manifests: &[(&str, &Kind)]) -> Observation {
    const KEY: &str = "dependencies.without_lock";
    if !repository.complete {
        return Observation::unavailable(KEY, CUT);
    }
    let files: BTreeSet<&str> = repository.entries.iter().map(|entry| entry.path.as_str()).collect();
    let found: Vec<(String, Place)> = manifests
        .iter()
        .filter(|(path, kind)| LOCKING.contains(&kind.ecosystem) && needs_lock(repository, path))
        .filter(|(path, kind)| !has_lock(&files, path, kind))
        .map(|(path, _)| ((*path).to_owned(), Place::file(*path)))
        .collect();
    let count = found.len();
    let observation = list(repository, KEY, found);
    if count == 0 {
        return observation;
    }
    let mut detail = "libraries and packages without dependencies may do without a lock file".to_owned();
    if count > MAX_ITEMS {
        detail = format!("{count} in all, {MAX_ITEMS} listed; {detail}");
    }
    observation.detail(detail)
}

/// Whether a lock file is to be expected. Where only the name of the manifest is known, it is.
fn needs_lock(repository: &Repository, path: &str) -> bool {
    static REQUIRE: Pattern = Pattern::new(r"(?m)^\s*require\b");
    static LOCKING_TOOL: Pattern = Pattern::new(r"(?m)^\s*\[tool\.(poetry|pdm|uv)\b");
    static DEPENDENCIES: Pattern = Pattern::new(r#""(dev|optional|peer)?dependencies"\s*:\s*\{\s*""#);
    let text = match repository.contents.get(path) {
        Some(Content::Text(text)) => Some(text.as_ref()),
        _ => None,
    };
    let name = paths::name(path);
    match (name, text) {
        ("go.mod", Some(text)) => REQUIRE.is_match(text),
        ("package.json", Some(text)) => DEPENDENCIES.is_match(text),
        ("pyproject.toml", Some(text)) => LOCKING_TOOL.is_match(text),
        ("Pipfile" | "go.mod" | "package.json" | "Cargo.toml" | "Gemfile" | "gems.rb" | "composer.json", _) => true,
        _ => false,
    }
}

/// Whether a lock file lies beside or above a manifest. Go reads the one beside it only.
fn has_lock(files: &BTreeSet<&str>, path: &str, kind: &Kind) -> bool {
    let mut folder = paths::folder(path);
    loop {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        if kind.locks.iter().any(|lock| files.contains(format!("{prefix}{lock}").as_str())) {
            return true;
        }
        if folder.is_empty() || kind.ecosystem == "gomod" {
            return false;
        }
        folder = paths::folder(folder);
    }
}

/// `dependencies.update_tools` and `dependencies.updated_ecosystems`.
fn update_tools(repository: &Repository) -> [Observation; 2] {
    const TOOLS: &str = "dependencies.update_tools";
    const ECOSYSTEMS: &str = "dependencies.updated_ecosystems";
    let mut tools = Vec::new();
    let mut ecosystems = Observation::absent(ECOSYSTEMS);
    let mut failure = None;
    match dependabot(repository) {
        Some(Ok((path, updates))) if !updates.is_empty() => {
            tools.push(("dependabot".to_owned(), Place::file(path)));
            let items =
                updates.into_iter().map(|(ecosystem, line)| (ecosystem, Place { line, ..Place::file(path) })).collect();
            ecosystems = list(repository, ECOSYSTEMS, items);
        }
        Some(Err(reason)) => failure = Some(reason),
        Some(Ok(_)) | None => ecosystems = absent(repository, ECOSYSTEMS),
    }
    if let Some(place) = renovate(repository) {
        tools.push(("renovate".to_owned(), place));
        if !matches!(ecosystems.state, crate::evidence::State::Observed(_)) && failure.is_none() {
            ecosystems = ecosystems.detail("renovate is configured, which covers all it recognises");
        }
    }
    match failure {
        Some(reason) if tools.is_empty() => {
            [Observation::failed(TOOLS, &reason), Observation::failed(ECOSYSTEMS, reason)]
        }
        Some(reason) => [list(repository, TOOLS, tools), Observation::failed(ECOSYSTEMS, reason)],
        None => [list(repository, TOOLS, tools), ecosystems],
    }
}

type Updates = BTreeMap<String, Option<u32>>;

/// The ecosystems that Dependabot proposes new versions for, each with its line.
fn dependabot(repository: &Repository) -> Option<Result<(&'static str, Updates), String>> {
    let path = *DEPENDABOT.iter().find(|path| repository.entries.iter().any(|entry| entry.path == **path))?;
    Some(read_dependabot(repository, path).map(|updates| (path, updates)))
}

fn read_dependabot(repository: &Repository, path: &str) -> Result<Updates, String> {
    let text = content_text(repository.contents.get(path), path)?;
    let document = yaml::parse_bounded(text).map_err(|reason| format!("{path}: {}", note(&reason)))?;
    let updates = document.get("updates").and_then(Yaml::as_sequence).map(Vec::as_slice).unwrap_or_default();
    let mut found = Updates::new();
    for update in updates {
        // With a limit of 0 Dependabot only proposes security updates.
        let is_on = update.get("open-pull-requests-limit").and_then(Yaml::as_u64) != Some(0);
        if let Some(ecosystem) = update.get("package-ecosystem").and_then(Yaml::as_str).filter(|_| is_on) {
            let line = text
                .lines()
                .position(|line| line.contains("package-ecosystem") && line.contains(ecosystem))
                .and_then(|index| u32::try_from(index + 1).ok());
            found.insert(super::note::shortened(&plain(ecosystem), 60), line);
        }
    }
    Ok(found)
}

fn renovate(repository: &Repository) -> Option<Place> {
    let own = repository.entries.iter().find(|entry| RENOVATE.contains(&entry.path.as_str()));
    if let Some(entry) = own {
        return (!is_switched_off(repository, &entry.path)).then(|| Place::file(&entry.path));
    }
    let Some(Content::Text(text)) = repository.contents.get("package.json") else { return None };
    let manifest: serde_json::Value = serde_json::from_str(text).ok()?;
    manifest.get("renovate")?.as_object()?;
    Some(Place::file("package.json").noted("renovate"))
}

fn is_switched_off(repository: &Repository, path: &str) -> bool {
    let Some(Content::Text(text)) = repository.contents.get(path) else { return false };
    let settings: Option<serde_json::Value> = serde_json::from_str(text).ok();
    settings.and_then(|settings| settings.get("enabled")?.as_bool()) == Some(false)
}

/// Submodules of the tree, and those that `.gitmodules` names where the source does not list them.
fn submodules(repository: &Repository) -> Observation {
    let urls = match repository.contents.get(".gitmodules") {
        Some(Content::Text(text)) => gitmodules(text),
        _ => BTreeMap::new(),
    };
    let mut found: BTreeMap<String, Place> = urls
        .iter()
        .map(|(path, (line, url))| (path.clone(), Place::line(".gitmodules", *line).noted(note(url))))
        .collect();
    for entry in repository.entries.iter().filter(|entry| entry.kind == EntryKind::Submodule) {
        found.entry(entry.path.clone()).or_insert_with(|| Place::file(&entry.path));
    }
    list(repository, "dependencies.submodules", found.into_iter().collect())
}

/// Path, line and address of each submodule; credentials in addresses are left out.
fn gitmodules(text: &str) -> BTreeMap<String, (u32, String)> {
    static CREDENTIALS: Pattern = Pattern::new(r"//[^/@\s]*@");
    let mut found = BTreeMap::new();
    let mut path: Option<(u32, String)> = None;
    let mut url = String::new();
    let mut keep = |path: &mut Option<(u32, String)>, url: &mut String| {
        if let Some((line, path)) = path.take() {
            found.insert(path, (line, CREDENTIALS.replace_all(&std::mem::take(url), "//")));
        }
        url.clear();
    };
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with('[') {
            keep(&mut path, &mut url);
        } else if let Some((key, value)) = line.split_once('=') {
            match key.trim() {
                "path" => path = Some((number, plain(value))),
                "url" => url = plain(value),
                _ => {}
            }
        }
    }
    keep(&mut path, &mut url);
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixture::{entry, repository, with};
    use super::*;
    use crate::evidence::{State, Value};

    fn observe(repository: &Repository, key: &str) -> Observation {
        analyse(repository).into_iter().find(|observation| observation.key == key).unwrap()
    }

    fn items(repository: &Repository, key: &str) -> Vec<String> {
        match observe(repository, key).state {
            State::Observed(Value::List(items)) => items,
            State::Absent => Vec::new(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn vendored_code_and_test_data_decide_nothing() {
        let repository = repository(&[
            ("Cargo.toml", "[package]\nname = \"a\"\n"),
            ("vendor/a/go.mod", ""),
            ("tests/fixtures/package.json", "{}"),
            ("examples/x/pom.xml", ""),
        ]);
        assert_eq!(items(&repository, "dependencies.ecosystems"), ["cargo"]);
        assert_eq!(items(&repository, "dependencies.manifests"), ["Cargo.toml"]);
    }

    #[test]
    fn requirements_for_a_purpose_are_manifests() {
        let files = ["requirements-dev.txt", "docs_requirements.txt", "system-requirements.txt", "requirements.md"];
        let repository = repository(&files.map(|path| (path, "x")));
        assert_eq!(items(&repository, "dependencies.manifests"), ["docs_requirements.txt", "requirements-dev.txt"]);
        assert_eq!(items(&repository, "dependencies.ecosystems"), ["pip"]);
    }

    #[test]
    fn lock_files_beside_or_above() {
        let repository = repository(&[
            ("Cargo.toml", "[workspace]\n"),
            ("Cargo.lock", ""),
            ("crates/a/Cargo.toml", ""),
            ("web/package.json", "{}"),
            ("site/package.json", "{}"),
            ("site/pnpm-lock.yaml", ""),
            ("go.mod", "module a\n\ngo 1.22\n"),
            ("tool/go.mod", ""),
            ("go.sum", ""),
            ("pyproject.toml", "[project]\nname = \"a\"\n"),
            ("setup.py", ""),
        ]);
        assert_eq!(items(&repository, "dependencies.without_lock"), ["tool/go.mod", "web/package.json"]);
        assert_eq!(items(&repository, "dependencies.lock_files"), ["Cargo.lock", "go.sum", "site/pnpm-lock.yaml"]);
    }

    #[test]
    fn the_root_manifest_tells_whether_a_lock_is_needed() {
        for (path, text, expected) in [
            ("go.mod", "module a\n", false),
            ("go.mod", "module a\nrequire b v1.0.0\n", true),
            ("package.json", "{\"name\": \"a\", \"dependencies\": {}}", false),
            ("package.json", "{\"name\": \"a\", \"devDependencies\": {\"b\": \"1\"}}", true),
            ("pyproject.toml", "[project]\ndependencies = [\"b\"]\n", false),
            ("pyproject.toml", "[project]\n[tool.uv.sources]\n", true),
            ("Gemfile", "", true),
            ("a.gemspec", "", false),
        ] {
            let found = items(&repository(&[(path, text)]), "dependencies.without_lock");
            assert_eq!(!found.is_empty(), expected, "{path}: {text}");
        }
        let mut cut = repository(&[("Gemfile", "")]);
        cut.complete = false;
        assert!(matches!(observe(&cut, "dependencies.without_lock").state, State::Unavailable { .. }));
    }

    #[test]
    fn tools_that_propose_updates() {
        let dependabot = "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n  - package-ecosystem: \"github-actions\"\n  - package-ecosystem: npm\n    open-pull-requests-limit: 0\n";
        let both = repository(&[(".github/dependabot.yml", dependabot), ("renovate.json", "{}")]);
        assert_eq!(items(&both, "dependencies.update_tools"), ["dependabot", "renovate"]);
        let ecosystems = observe(&both, "dependencies.updated_ecosystems");
        assert_eq!(ecosystems.state, State::Observed(vec!["cargo".to_owned(), "github-actions".to_owned()].into()));
        assert_eq!(ecosystems.places[1].line, Some(5));
        for (path, text) in [
            (".github/dependabot.yml", "version: 2\nupdates: []\n"),
            ("renovate.json", "{\"enabled\": false}"),
            ("docs/renovate.json", "{}"),
            ("package.json", "{\"renovate\": null}"),
        ] {
            assert!(items(&repository(&[(path, text)]), "dependencies.update_tools").is_empty(), "{path}");
        }
        let broken = repository(&[(".github/dependabot.yml", "updates: [\n")]);
        assert!(matches!(observe(&broken, "dependencies.update_tools").state, State::Failed { .. }));
        let inside = repository(&[("package.json", "{\"renovate\": {\"extends\": []}}")]);
        assert_eq!(items(&inside, "dependencies.update_tools"), ["renovate"]);
    }

    #[test]
    fn submodules_come_from_the_tree_and_from_gitmodules() {
        let text = "[submodule \"a\"]\n\tpath = lib/a\n\turl = https://user:secret@example.org/a.git\n[submodule \"b\"]\n\turl = ../b\n\tpath = lib/b\n";
        let mut repository = with(repository(&[]), ".gitmodules", EntryKind::File, Content::Text(Arc::from(text)));
        repository.entries.push(entry("lib/a", EntryKind::Submodule, 0));
        repository.entries.push(entry("lib/c", EntryKind::Submodule, 0));
        let observation = observe(&repository, "dependencies.submodules");
        assert_eq!(items(&repository, "dependencies.submodules"), ["lib/a", "lib/b", "lib/c"]);
        assert_eq!(observation.places[0], Place::line(".gitmodules", 2).noted("https://example.org/a.git"));
    }
}
