//! Which files the analysis wants to read, and how much of them.

use super::{
    Entry, EntryKind, Want, binaries, changelog, dependencies, insights, library, licences, manifests, paths,
    security_policy, workflows,
};

/// Files of configuration that are read, by their whole path.
const CONFIGURATION: [&str; 9] = [
    crate::answers::ANSWERS_PATH,
    "CODEOWNERS",
    ".github/CODEOWNERS",
    "docs/CODEOWNERS",
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    ".gitmodules",
    "KEYS",
    "docs/KEYS",
];

pub(super) fn wanted(entry: &Entry) -> Want {
    let path = entry.path.as_str();
    match entry.kind {
        EntryKind::File | EntryKind::Executable | EntryKind::Symlink if is_text(path) => Want::Text,
        EntryKind::File | EntryKind::Executable if binaries::is_suspect(entry) => Want::Head,
        _ => Want::Nothing,
    }
}

fn is_text(path: &str) -> bool {
    library::is_document(path)
        || changelog::is_changelog(path)
        || is_workflow(path)
        || is_action(path)
        || workflows::is_release_configuration(path)
        || licences::is_licence_file(path)
        || manifests::is_read(path)
        || dependencies::is_update_configuration(path)
        || insights::is_insights(path)
        || super::BADGE_FILES.contains(&path)
        || path == super::CLOMONITOR_FILE
        || CONFIGURATION.contains(&path)
        || security_policy::ISSUE_CHOOSERS.contains(&path)
}

fn is_workflow(path: &str) -> bool {
    paths::folder(path) == ".github/workflows" && matches!(paths::ending(path).as_str(), "yml" | "yaml")
}

/// How many folders deep actions of the repository are read.
const MAX_DEPTH_OF_ACTIONS: usize = 5;

/// Whether a path may be an action that workflows of the repository use.
fn is_action(path: &str) -> bool {
    matches!(paths::name(path), "action.yml" | "action.yaml")
        && paths::depth(path) <= MAX_DEPTH_OF_ACTIONS
        && (path.starts_with(".github/") || !(paths::is_vendored(path) || paths::is_test_data(path)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::entry;
    use super::*;

    #[test]
    fn how_much_of_which_file() {
        for (path, expected) in [
            (".github/workflows/ci.yml", Want::Text),
            (".github/workflows/release.yaml", Want::Text),
            (".github/workflows/sub/ci.yml", Want::Nothing),
            (".github/actions/x/action.yml", Want::Text),
            (".github/actions/group/x/action.yaml", Want::Text),
            (".github/actions/x/other.yml", Want::Nothing),
            (".github/actions/test/action.yml", Want::Text),
            ("action.yml", Want::Text),
            ("ci/build/action.yml", Want::Text),
            ("a/b/c/d/e/f/action.yml", Want::Nothing),
            ("node_modules/x/action.yml", Want::Nothing),
            ("testdata/action.yml", Want::Nothing),
            (".goreleaser.yml", Want::Text),
            (".goreleaser.prod.yaml", Want::Text),
            ("docs/.goreleaser.yml", Want::Nothing),
            ("SECURITY.md", Want::Text),
            ("docs/guide/usage.rst", Want::Text),
            ("docs/a/b/c.md", Want::Nothing),
            ("docs/requirements.txt", Want::Nothing),
            ("docs/logo.png", Want::Nothing),
            ("requirements.txt", Want::Nothing),
            ("LICENSE-MIT", Want::Text),
            ("LICENSES/MIT.txt", Want::Nothing),
            ("Cargo.toml", Want::Text),
            ("Cargo.lock", Want::Nothing),
            ("crates/a/Cargo.toml", Want::Nothing),
            ("package.json", Want::Text),
            ("vendor/x/SECURITY.md", Want::Nothing),
            (".github/dependabot.yml", Want::Text),
            ("renovate.json5", Want::Text),
            (".github/SECURITY-INSIGHTS.yml", Want::Text),
            (".bestpractices.json", Want::Text),
            (".project.d/bestpractices.json", Want::Text),
            (".clomonitor.yml", Want::Text),
            ("docs/.bestpractices.json", Want::Nothing),
            ("CODEOWNERS", Want::Text),
            (".gitmodules", Want::Text),
            (".github/ISSUE_TEMPLATE/bug.yml", Want::Nothing),
            (".github/ISSUE_TEMPLATE/config.yml", Want::Text),
            ("src/main.rs", Want::Nothing),
            ("lib/foo.so.1.2", Want::Head),
            ("tools/helper", Want::Head),
            ("Makefile", Want::Nothing),
        ] {
            assert_eq!(wanted(&entry(path, EntryKind::File, 10)), expected, "{path}");
        }
        assert_eq!(wanted(&entry("run.sh", EntryKind::Executable, 10)), Want::Nothing);
        assert_eq!(wanted(&entry("tool.x", EntryKind::Executable, 10)), Want::Head);
        assert_eq!(wanted(&entry("tools/helper", EntryKind::File, 0)), Want::Nothing);
        assert_eq!(wanted(&entry("SECURITY.md", EntryKind::Submodule, 0)), Want::Nothing);
        assert_eq!(wanted(&entry("SECURITY.md", EntryKind::Symlink, 10)), Want::Text);
        assert_eq!(wanted(&entry("lib.so", EntryKind::Symlink, 10)), Want::Nothing);
    }
}
