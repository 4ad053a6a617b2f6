//! Package manifests and lock files: which file stands for which ecosystem.

use super::pattern::Pattern;
use super::{Repository, paths};

/// A kind of manifest.
#[derive(Debug)]
pub(super) struct Kind {
    /// The ecosystem, as Dependabot names it where it knows it.
    pub(super) ecosystem: &'static str,
    /// Whole names of manifests.
    names: &'static [&'static str],
    /// Endings of manifests, where the name is free.
    endings: &'static [&'static str],
    /// Names of the lock files.
    pub(super) locks: &'static [&'static str],
}

const fn kind(
    ecosystem: &'static str,
    names: &'static [&'static str],
    endings: &'static [&'static str],
    locks: &'static [&'static str],
) -> Kind {
    Kind { ecosystem, names, endings, locks }
}

pub(super) const KINDS: [Kind; 25] = [
    kind("cargo", &["Cargo.toml"], &[], &["Cargo.lock"]),
    kind(
        "npm",
        &["package.json"],
        &[],
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    ),
    kind("gomod", &["go.mod"], &[], &["go.sum"]),
    kind(
        "pip",
        &["pyproject.toml", "setup.py", "requirements.txt", "Pipfile"],
        &[],
        &["poetry.lock", "pdm.lock", "uv.lock", "Pipfile.lock", "pylock.toml"],
    ),
    kind("bundler", &["Gemfile", "gems.rb"], &["gemspec"], &["Gemfile.lock", "gems.locked"]),
    kind("composer", &["composer.json"], &[], &["composer.lock"]),
    kind("maven", &["pom.xml"], &[], &[]),
    kind("gradle", &["build.gradle", "build.gradle.kts"], &[], &["gradle.lockfile"]),
    kind(
        "nuget",
        &["packages.config", "Directory.Packages.props"],
        &["csproj", "fsproj", "vbproj"],
        &["packages.lock.json"],
    ),
    kind("mix", &["mix.exs"], &[], &["mix.lock"]),
    kind("pub", &["pubspec.yaml"], &[], &["pubspec.lock"]),
    kind("swift", &["Package.swift"], &[], &["Package.resolved"]),
    kind("elm", &["elm.json"], &[], &[]),
    kind("conan", &["conanfile.txt", "conanfile.py"], &[], &["conan.lock"]),
    kind("vcpkg", &["vcpkg.json"], &[], &[]),
    kind("hackage", &[], &["cabal"], &["cabal.project.freeze", "stack.yaml.lock"]),
    kind("cocoapods", &["Podfile"], &["podspec"], &["Podfile.lock"]),
    kind("sbt", &["build.sbt"], &[], &[]),
    kind("leiningen", &["project.clj"], &[], &[]),
    kind("rebar", &["rebar.config"], &[], &["rebar.lock"]),
    kind("cpan", &["cpanfile"], &[], &["cpanfile.snapshot"]),
    kind("opam", &[], &["opam"], &[]),
    kind("luarocks", &[], &["rockspec"], &["luarocks.lock"]),
    kind("nix", &["flake.nix"], &[], &["flake.lock"]),
    kind("deno", &["deno.json", "deno.jsonc"], &[], &["deno.lock"]),
];

/// The kind of manifest that a path is, where it lies outside of test data and vendored folders.
pub(super) fn kind_of(path: &str) -> Option<&'static Kind> {
    if paths::is_vendored(path) || paths::is_test_data(path) {
        return None;
    }
    let (stem, ending) = paths::stem_and_ending(path);
    let name = paths::name(path);
    KINDS.iter().find(|kind| {
        kind.names.contains(&name)
            || (kind.ecosystem == "pip" && is_requirements(name))
            || (!stem.is_empty() && kind.endings.contains(&ending.as_str()) && !name.starts_with('.'))
    })
}

/// Whether a file lists requirements for a purpose, such as `requirements-dev.txt`.
fn is_requirements(name: &str) -> bool {
    static NAME: Pattern = Pattern::new(
        r"^requirements[-_.][\w.-]+\.txt$|^(dev|tests?|docs?|build|ci|lint|optional)[-_]requirements\.txt$",
    );
    NAME.is_match(name)
}

/// The kind whose lock file a path is, where it lies outside of test data and vendored folders.
pub(super) fn locked_by(path: &str) -> Option<&'static Kind> {
    if paths::is_vendored(path) || paths::is_test_data(path) {
        return None;
    }
    let name = paths::name(path);
    KINDS.iter().find(|kind| kind.locks.contains(&name))
}

/// Whether a path is a manifest whose text is read: those in the root that declare a licence or dependencies.
pub(super) fn is_read(path: &str) -> bool {
    const NAMES: [&str; 9] = [
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "setup.cfg",
        "composer.json",
        "pom.xml",
        "go.mod",
        "pubspec.yaml",
        "elm.json",
    ];
    const ENDINGS: [&str; 3] = ["gemspec", "cabal", "nuspec"];
    paths::depth(path) == 0 && (NAMES.contains(&path) || ENDINGS.contains(&paths::ending(path).as_str()))
}

/// Whether a file is a manifest, as far as its text tells: `pyproject.toml` may hold settings of tools alone.
pub(super) fn is_manifest(repository: &Repository, path: &str) -> bool {
    if paths::name(path) != "pyproject.toml" {
        return true;
    }
    match repository.contents.get(path) {
        Some(super::Content::Text(text)) => {
            text.lines().map(str::trim).any(|line| matches!(line, "[project]" | "[build-system]" | "[tool.poetry]"))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_and_lock_files() {
        for (path, expected) in [
            ("Cargo.toml", Some("cargo")),
            ("crates/a/Cargo.toml", Some("cargo")),
            ("src/App/App.csproj", Some("nuget")),
            ("widget.gemspec", Some("bundler")),
            ("tests/data/package.json", None),
            ("vendor/x/go.mod", None),
            ("node_modules/x/package.json", None),
            ("examples/demo/package.json", None),
            ("cargo.toml.md", None),
            (".gemspec", None),
        ] {
            assert_eq!(kind_of(path).map(|kind| kind.ecosystem), expected, "{path}");
        }
        assert_eq!(locked_by("web/yarn.lock").map(|kind| kind.ecosystem), Some("npm"));
        assert_eq!(locked_by("tests/yarn.lock").map(|kind| kind.ecosystem), None);
    }
}
