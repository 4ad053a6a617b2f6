//! The documents of a repository: policies, READMEs and what stands under docs, found by name and read once.
//!
//! Where the repository has no policy of its own, the one of the organisation's `.github` repository stands in.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::note::note;
use super::outline::Outline;
use super::pattern::Pattern;
use super::{Content, Entry, EntryKind, Repository, paths, prose};
use crate::evidence::{Observation, Place};

/// Why something that was not found is unknown in a tree that was cut.
pub(super) const CUT: &str = "the list of files was cut, so absence proves nothing";

/// Endings of documents, the likeliest first.
pub(super) const ENDINGS: [&str; 8] = ["md", "markdown", "mdown", "rst", "adoc", "asciidoc", "txt", ""];

/// Folders with documentation.
const DOCS_FOLDERS: [&str; 3] = ["docs", "doc", "documentation"];

/// Where GitHub looks for policies, in its order.
const PLACES: [&str; 3] = [".github", "", "docs"];

/// How many folders deep documents are read, the one with documentation included.
const MAX_DEPTH: usize = 2;

/// The most bytes of documents that are read in all.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most links that are followed from file to file.
const MAX_HOPS: usize = 4;

/// A kind of policy, by the names that its file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) names: &'static [&'static str],
    /// Whether the organisation's default stands in for it.
    pub(super) inherited: bool,
    /// Under docs the name in small letters often means the product's own topic, so there it must be in capitals.
    capitals_in_docs: bool,
}

impl Policy {
    const fn of(names: &'static [&'static str]) -> Self {
        Self { names, inherited: true, capitals_in_docs: false }
    }

    const fn own(names: &'static [&'static str]) -> Self {
        Self { names, inherited: false, capitals_in_docs: false }
    }
}

pub(super) const SECURITY: Policy =
    Policy { names: &["SECURITY", "SECURITY-POLICY", "SECURITY_POLICY"], inherited: true, capitals_in_docs: true };
pub(super) const CONTRIBUTING: Policy = Policy::of(&["CONTRIBUTING"]);
pub(super) const CODE_OF_CONDUCT: Policy = Policy::of(&["CODE_OF_CONDUCT", "CODE-OF-CONDUCT"]);
pub(super) const GOVERNANCE: Policy = Policy::of(&["GOVERNANCE"]);
pub(super) const SUPPORT: Policy = Policy { names: &["SUPPORT"], inherited: true, capitals_in_docs: true };
pub(super) const MAINTAINERS: Policy = Policy::own(&["MAINTAINERS", "MAINTAINER", "OWNERS", "AUTHORS"]);
pub(super) const README: Policy = Policy::own(&["README"]);

/// Every kind of policy.
const POLICIES: [Policy; 7] = [SECURITY, CONTRIBUTING, CODE_OF_CONDUCT, GOVERNANCE, SUPPORT, MAINTAINERS, README];

/// A document, as far as it could be read.
pub(super) struct Document<'a> {
    pub(super) path: String,
    /// Address of the file, where it is the organisation's default.
    pub(super) inherited: Option<String>,
    /// Its text, or why there is none.
    pub(super) text: Result<&'a str, String>,
    outline: OnceCell<Outline>,
}

impl Document<'_> {
    /// Its outline, or why it could not be read.
    pub(super) fn outline(&self) -> Result<&Outline, &str> {
        match &self.text {
            Ok(text) => Ok(self.outline.get_or_init(|| outline(&self.path, text))),
            Err(reason) => Err(reason),
        }
    }

    /// How it is named in a value: its path, or its address where it is the organisation's default.
    pub(super) fn shown(&self) -> &str {
        self.inherited.as_deref().unwrap_or(&self.path)
    }

    pub(super) fn place(&self) -> Place {
        match &self.inherited {
            Some(link) => Place::page(link).noted("default of the organisation"),
            None => Place::file(&self.path),
        }
    }

    /// A line of it, with what stands there.
    pub(super) fn line(&self, line: u32, text: &str) -> Place {
        match &self.inherited {
            Some(link) => Place::page(format!("{link}#L{line}")).noted(note(text)),
            None => Place::line(&self.path, line).noted(note(text)),
        }
    }

    /// An observation that says where the document comes from.
    pub(super) fn seen(&self, key: &str) -> Observation {
        let seen = Observation::seen(key, self.shown()).at(self.place());
        if self.inherited.is_some() { seen.detail("the organisation's default") } else { seen }
    }

    pub(super) fn is_in_docs(&self) -> bool {
        self.inherited.is_none() && is_in_docs_folder(&self.path)
    }
}

pub(super) fn outline(path: &str, text: &str) -> Outline {
    match paths::ending(path).as_str() {
        "md" | "markdown" | "mdown" => Outline::of_markdown(text),
        _ => prose::outline(text),
    }
}

/// All documents of a repository.
pub(super) struct Library<'a> {
    pub(super) repository: &'a Repository,
    entries: BTreeMap<&'a str, &'a Entry>,
    documents: Vec<Document<'a>>,
}

impl<'a> Library<'a> {
    pub(super) fn new(repository: &'a Repository) -> Self {
        let entries: BTreeMap<&str, &Entry> =
            repository.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        let mut paths: Vec<&str> = entries.keys().copied().filter(|path| is_document(path)).collect();
        paths.sort_by_key(|path| (paths::depth(path), *path));
        let mut left = MAX_BYTES;
        let documents = paths
            .into_iter()
            .map(|path| {
                let text = within(text_of(repository, &entries, path, MAX_HOPS), &mut left, path);
                Document { path: path.to_owned(), inherited: None, text, outline: OnceCell::new() }
            })
            .chain(inherited(repository))
            .collect();
        Self { repository, entries, documents }
    }

    /// The text of a file, or why there is none. Links are followed inside the tree.
    pub(super) fn text(&self, path: &str) -> Result<&'a str, String> {
        text_of(self.repository, &self.entries, path, MAX_HOPS)
    }

    /// The repository's own document of a kind, or the organisation's.
    pub(super) fn policy(&self, policy: Policy) -> Option<&Document<'a>> {
        self.own(policy).or_else(|| self.best(policy, true).filter(|_| policy.inherited))
    }

    /// The document of a kind, and the repository's own documents that it links to and whose names match.
    pub(super) fn with_linked(&self, policy: Policy, name: &Pattern) -> Vec<&Document<'a>> {
        let Some(first) = self.policy(policy) else { return Vec::new() };
        let mut found = vec![first];
        let links = first.outline().map_or(&[][..], |outline| &outline.links);
        let from = if first.inherited.is_some() { &[][..] } else { links };
        for link in from {
            let target = link.target.split(['#', '?']).next().unwrap_or_default();
            let path = match target.strip_prefix('/') {
                Some(rooted) => link_target("", rooted),
                None => link_target(&first.path, target),
            };
            let linked = path.and_then(|path| self.documents().find(|document| document.path == path));
            found.extend(linked.filter(|document| {
                name.is_match(paths::stem_and_ending(&document.path).0)
                    && !found.iter().any(|known| known.path == document.path)
            }));
        }
        found
    }

    fn own(&self, policy: Policy) -> Option<&Document<'a>> {
        self.best(policy, false)
    }

    fn best(&self, policy: Policy, inherited: bool) -> Option<&Document<'a>> {
        self.documents
            .iter()
            .filter(|document| document.inherited.is_some() == inherited)
            .filter_map(|document| Some((rank(policy, &document.path)?, document)))
            .min_by_key(|(rank, document)| (*rank, document.path.as_str()))
            .map(|(_, document)| document)
    }

    /// The repository's own documents.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Document<'a>> {
        self.documents.iter().filter(|document| document.inherited.is_none())
    }

    /// Not found: absent, or unknown where the tree was cut.
    pub(super) fn absent(&self, key: &str) -> Observation {
        absent(self.repository, key)
    }
}

/// Not found: absent, or unknown where the tree was cut.
pub(super) fn absent(repository: &Repository, key: &str) -> Observation {
    if repository.complete { Observation::absent(key) } else { Observation::unavailable(key, CUT) }
}

/// The most items that a list shows.
pub(super) const MAX_ITEMS: usize = 100;

/// A list with its places: sorted, each item once, at most 100 of them.
pub(super) fn list(repository: &Repository, key: &str, items: Vec<(String, Place)>) -> Observation {
    let unique: BTreeMap<String, Place> = items.into_iter().rev().collect();
    if unique.is_empty() {
        return absent(repository, key);
    }
    let count = unique.len();
    let names = unique.keys().take(MAX_ITEMS).cloned().collect::<Vec<_>>();
    let observation = Observation::seen(key, names).at_all(unique.into_values());
    if count > MAX_ITEMS { observation.detail(format!("{count} in all, {MAX_ITEMS} listed")) } else { observation }
}

/// Whether a path is a document that the analysis reads.
pub(super) fn is_document(path: &str) -> bool {
    let (stem, ending) = paths::stem_and_ending(path);
    let is_text = ENDINGS.contains(&ending.as_str());
    if !is_text || paths::is_vendored(path) {
        return false;
    }
    let is_policy = POLICIES.iter().any(|policy| rank(*policy, path).is_some());
    let is_marked_up = !matches!(ending.as_str(), "txt" | "");
    is_policy
        || (is_marked_up && (paths::depth(path) == 0 || paths::folder(path) == ".github"))
        || (is_in_docs_folder(path)
            && paths::depth(path) <= MAX_DEPTH
            && !ending.is_empty()
            && !is_list_for_tools(stem))
}

/// Text files under docs that are lists for tools rather than documents.
fn is_list_for_tools(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    stem.contains("requirements") || stem == "cmakelists" || stem == "robots"
}

pub(super) fn is_in_docs_folder(path: &str) -> bool {
    paths::folders(path).next().is_some_and(|first| DOCS_FOLDERS.contains(&first.to_ascii_lowercase().as_str()))
}

/// How good a path is for a policy, the least the best; none where it is not one.
fn rank(policy: Policy, path: &str) -> Option<(usize, usize, usize)> {
    let (stem, ending) = paths::stem_and_ending(path);
    let name = policy.names.iter().position(|name| name.eq_ignore_ascii_case(stem))?;
    let ending = ENDINGS.iter().position(|known| *known == ending)?;
    let folder = paths::folder(path);
    let place = PLACES.iter().position(|place| place.eq_ignore_ascii_case(folder))?;
    let in_docs = !folder.is_empty() && !folder.starts_with('.');
    let is_topic = in_docs && policy.capitals_in_docs && stem.chars().any(char::is_lowercase);
    (!is_topic).then_some((place, name, ending))
}

/// The text of a file, or why there is none. Links are followed inside the tree.
fn text_of<'a>(
    repository: &'a Repository,
    entries: &BTreeMap<&str, &Entry>,
    path: &str,
    hops: usize,
) -> Result<&'a str, String> {
    let text = content_text(repository.contents.get(path), path)?;
    let is_link = entries.get(path).is_some_and(|entry| entry.kind == EntryKind::Symlink);
    if !is_link || !looks_like_path(text) {
        return Ok(text);
    }
    let Some(hops) = hops.checked_sub(1) else {
        return Err(format!("{} is a link to too many links", note(path)));
    };
    match link_target(path, text).filter(|target| entries.contains_key(target.as_str())) {
        Some(target) => text_of(repository, entries, &target, hops),
        None => Err(format!("{} is a link to something outside of the tree", note(path))),
    }
}

/// The text of a content, or a reason that names the file.
pub(super) fn content_text<'a>(content: Option<&'a Content>, path: &str) -> Result<&'a str, String> {
    let path = note(path);
    match content {
        Some(Content::Text(text)) => Ok(text),
        Some(Content::Binary(_)) => Err(format!("{path} is not text")),
        Some(Content::TooLarge(size)) => Err(format!("{path} is too large to be read ({size} bytes)")),
        Some(Content::Unread { reason }) => Err(format!("{path} could not be read: {}", note(reason))),
        None => Err(format!("{path} was not read")),
    }
}

/// Whether the text of a link is the path that it leads to, rather than the text that stands there.
fn looks_like_path(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 1024 && !text.contains(char::is_whitespace)
}

/// Where a link of the tree leads; none where that is outside of the tree.
fn link_target(path: &str, text: &str) -> Option<String> {
    let target = text.trim();
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = paths::folders(path).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Keeps the sum of all documents within bounds.
fn within<'a>(text: Result<&'a str, String>, left: &mut usize, path: &str) -> Result<&'a str, String> {
    let text = text?;
    match left.checked_sub(text.len()) {
        Some(rest) => {
            *left = rest;
            Ok(text)
        }
        None => Err(format!("{} was not read: the documents are larger than {MAX_BYTES} bytes in all", note(path))),
    }
}

fn inherited(repository: &Repository) -> impl Iterator<Item = Document<'_>> {
    repository.inherited.iter().flat_map(|inherited| {
        inherited.files.iter().filter(|(path, _)| is_document(path)).map(|(path, content)| Document {
            path: path.clone(),
            inherited: Some(format!("{}/{path}", inherited.base_link.trim_end_matches('/'))),
            text: content_text(Some(content), path),
            outline: OnceCell::new(),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixture::{repository, with};
    use super::super::{Content, EntryKind, Inherited};
    use super::*;

    fn found(files: &[(&str, &str)], policy: Policy) -> Option<String> {
        let repository = repository(files);
        Library::new(&repository).policy(policy).map(|document| document.shown().to_owned())
    }

    #[test]
    fn policies_are_found_where_github_looks() {
        for (paths, policy, expected) in [
            (vec!["SECURITY.md", ".github/SECURITY.md"], SECURITY, Some(".github/SECURITY.md")),
            (vec!["security.rst", "docs/SECURITY.md"], SECURITY, Some("security.rst")),
            (vec!["SECURITY.txt", "SECURITY.md"], SECURITY, Some("SECURITY.md")),
            (vec!["docs/SECURITY.adoc"], SECURITY, Some("docs/SECURITY.adoc")),
            (vec!["docs/security.md"], SECURITY, None),
            (
                vec!["security/x.txt", "security.go", "SECURITY.md.in", "src/SECURITY.md", "vendor/SECURITY.md"],
                SECURITY,
                None,
            ),
            (vec!["contributing_stats.py", "CONTRIBUTING/x.md", "contributing.go"], CONTRIBUTING, None),
            (vec!["docs/contributing.md"], CONTRIBUTING, Some("docs/contributing.md")),
            (vec!["users.go", "OWNERS_ALIASES", "maintainers.go"], MAINTAINERS, None),
            (vec!["OWNERS", "MAINTAINERS"], MAINTAINERS, Some("MAINTAINERS")),
            (vec!["code-of-conduct.md"], CODE_OF_CONDUCT, Some("code-of-conduct.md")),
            (vec!["README.rst", "README.md"], README, Some("README.md")),
            (vec!["src/README.md"], README, None),
        ] {
            let files: Vec<_> = paths.iter().map(|path| (*path, "x")).collect();
            assert_eq!(found(&files, policy).as_deref(), expected, "{paths:?}");
        }
    }

    #[test]
    fn the_organisation_stands_in() {
        let mut repository = repository(&[]);
        let text = Content::Text(Arc::from("# Security\nWrite.\n"));
        let files = ["SECURITY.md", "MAINTAINERS.md"].map(|path| (path.to_owned(), text.clone())).into_iter().collect();
        repository.inherited =
            Some(Inherited { base_link: "https://github.com/acme/.github/blob/main".to_owned(), files });
        let library = Library::new(&repository);
        let policy = library.policy(SECURITY).unwrap();
        assert_eq!(policy.shown(), "https://github.com/acme/.github/blob/main/SECURITY.md");
        assert_eq!(
            policy.line(2, "x").link.as_deref(),
            Some("https://github.com/acme/.github/blob/main/SECURITY.md#L2")
        );
        assert!(library.policy(MAINTAINERS).is_none());
    }

    #[test]
    fn links_are_followed_inside_the_tree() {
        let base = repository(&[("docs/security/policy.md", "# Policy\n")]);
        let link = |target: &str| Content::Text(Arc::from(target));
        for (path, target, expected) in [
            ("SECURITY.md", "docs/security/policy.md", Ok("# Policy\n")),
            (".github/SECURITY.md", "../docs/./security/policy.md", Ok("# Policy\n")),
            ("SECURITY.md", "SECURITY.md", Err("SECURITY.md is a link to too many links")),
            ("SECURITY.md", "../../etc/passwd", Err("SECURITY.md is a link to something outside of the tree")),
            ("SECURITY.md", "/etc/passwd", Err("SECURITY.md is a link to something outside of the tree")),
            ("SECURITY.md", "# Policy\nWrite to us.\n", Ok("# Policy\nWrite to us.\n")),
            ("SECURITY.md", "missing.md", Err("SECURITY.md is a link to something outside of the tree")),
        ] {
            let repository = with(base.clone(), path, EntryKind::Symlink, link(target));
            let library = Library::new(&repository);
            let text = library.policy(SECURITY).unwrap().text.as_deref().map_err(String::as_str);
            assert_eq!(text, expected, "{target}");
        }
    }

    #[test]
    fn what_was_not_read_says_why() {
        for (content, expected) in [
            (Content::TooLarge(50_000_000), "SECURITY.md is too large to be read (50000000 bytes)"),
            (Content::Binary(vec![0]), "SECURITY.md is not text"),
            (Content::Unread { reason: "no\u{1b}".to_owned() }, "SECURITY.md could not be read: no"),
        ] {
            let repository = with(repository(&[]), "SECURITY.md", EntryKind::File, content);
            let library = Library::new(&repository);
            assert_eq!(library.policy(SECURITY).unwrap().outline().err(), Some(expected));
        }
    }

    #[test]
    fn long_lists_are_cut_with_the_true_number() {
        let repository = repository(&[]);
        let items = (0..250).map(|n| (format!("{n:03}"), Place::file(format!("{n}")))).collect();
        let observation = list(&repository, "dependencies.manifests", items);
        assert_eq!(observation.detail.as_deref(), Some("250 in all, 100 listed"));
        assert_eq!(observation.places.len(), 20);
    }
}
