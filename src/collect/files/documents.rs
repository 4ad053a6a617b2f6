//! Documentation: what a reader finds described, and where.

use super::library::{CONTRIBUTING, Document, Library, README, SECURITY, SUPPORT, absent, list};
use super::outline::Outline;
use super::pattern::Pattern;
use super::policies::is_issue_template;
use super::reading::{Passage, first, heading, not_found, sentence_with, stands_in};
use super::{EntryKind, Repository, insights, paths};
use crate::evidence::{Observation, Place};

/// The observations of the group `docs`, except for the change log.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    vec![
        match library.policy(README) {
            Some(document) => document.seen("docs.readme"),
            None => library.absent("docs.readme"),
        },
        usage(library),
        build(library),
        folder(library),
        reporting_defects(library),
        architecture(library),
        interfaces(library),
        threat_model(library),
        by_name(library, "docs.security_assessment", &ASSESSMENT),
        verification(library),
        signing_identity(library),
        tests(library),
        repositories(library),
        unencrypted_links(library),
    ]
}

static ASSESSMENT: Pattern = Pattern::new(
    r"^(security[_ -])?(self[_ -]?assessment|assurance[_ -]case|audit([_ -]report)?|audits)$|^security[_ -](assessment|audit|review|assurance)([_ -](report|case))?$|^(.*[_ -])?(security[_ -])?audit[_ -]report([_ -].*)?$|^(.*[_ -])?(self[_ -]assessment|assurance[_ -]case)([_ -].*)?$",
);

/// Documents of some policies, in this order, then all under docs.
fn reading_list<'l, 'a>(library: &'l Library<'a>, policies: &[super::library::Policy]) -> Vec<&'l Document<'a>> {
    let mut found: Vec<&Document<'_>> = policies.iter().filter_map(|policy| library.policy(*policy)).collect();
    let docs = library.documents().filter(|document| document.is_in_docs());
    for document in docs {
        if !found.iter().any(|known| known.path == document.path) {
            found.push(document);
        }
    }
    found
}

/// The first file that is a document by its ending and whose name, without the ending, matches.
fn document_named<'a>(repository: &'a Repository, name: &Pattern, is_place: impl Fn(&str) -> bool) -> Option<&'a str> {
    repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .map(|entry| entry.path.as_str())
        .filter(|path| is_written(path) && !paths::is_vendored(path) && !paths::is_test_data(path) && is_place(path))
        .filter(|path| name.is_match(paths::stem_and_ending(path).0))
        .min_by_key(|path| (paths::depth(path), *path))
}

/// Endings of documents, pictures of documents included.
fn is_written(path: &str) -> bool {
    matches!(
        paths::ending(path).as_str(),
        "md" | "markdown" | "mdown" | "mdx" | "rst" | "adoc" | "asciidoc" | "txt" | "html" | "pdf" | "tex" | "org" | ""
    )
}

/// The root, `.github`, or a folder with documentation.
fn is_central(path: &str) -> bool {
    paths::depth(path) == 0 || paths::folder(path) == ".github" || super::library::is_in_docs_folder(path)
}

fn is_in_root_or_docs(path: &str) -> bool {
    paths::depth(path) == 0 || is_near_top_of_docs(path)
}

/// Deeper under docs stand the chapters of a manual, whose names tell their own topic.
fn is_near_top_of_docs(path: &str) -> bool {
    super::library::is_in_docs_folder(path) && paths::depth(path) <= 2
}

fn by_name(library: &Library<'_>, key: &str, name: &Pattern) -> Observation {
    match document_named(library.repository, name, is_near_documents) {
        Some(path) => Observation::seen(key, path).at(Place::file(path)),
        None => library.absent(key),
    }
}

/// The root, folders with documentation, and folders named after security or audits.
fn is_near_documents(path: &str) -> bool {
    let first = paths::folders(path).next().map(str::to_ascii_lowercase);
    is_central(path) || matches!(first.as_deref(), Some("security" | "audits" | "audit" | "assessments" | "community"))
}

fn usage(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.usage";
    static SECTION: Pattern = Pattern::new(
        r"^\W*(basic |quick |example |library |cli |command[- ]line )?(usage|getting started|get started|quick[- ]?start( guide)?|how to use.*|using .*|tutorial|examples? usage|usage examples?|user(['’]s)? guide|how do i use.*)\b",
    );
    static FILE: Pattern = Pattern::new(
        r"^(\d+[_-])?(usage|getting[_ -]?started|quick[_ -]?start|user[_ -]?(guide|manual)|tutorial|guide|manual)s?$",
    );
    let readme: Vec<&Document<'_>> = library.policy(README).into_iter().collect();
    if let Some((document, passage)) = first(&readme, |outline| heading(outline, &SECTION)) {
        return Observation::seen(KEY, document.shown()).at(document.line(passage.line, &passage.text));
    }
    match document_named(library.repository, &FILE, is_near_top_of_docs) {
        Some(path) => Observation::seen(KEY, path).at(Place::file(path)),
        None => not_found(library, KEY, &readme),
    }
}

fn build(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.build";
    static FILE: Pattern = Pattern::new(
        r"^(building|build|compiling|hacking|development|developing|developer[_ -]guide|install[_ -]from[_ -]source)$",
    );
    static SECTION: Pattern = Pattern::new(
        r"^[\W\d]*(how to )?(build(ing)?|compil(e|ing|ation)|develop(ment|ing)?|hacking)\b|\b(build(ing)?|compil(e|ing)|install(ing|ation)?) from (the )?source\b|\b(development|dev|build) (environment|setup|instructions|guide)\b|\blocal development\b|\bsetting up (your|a|the) (dev|local|development)|\bbuild (and|&) (test|run|install)\b",
    );
    static NO_INSTRUCTION: Pattern =
        Pattern::new(r"\bbuild(ing)?[\s-]+(status|passing|badge|with)\b|\bdevelopment (status|roadmap)\b");
    // What builds from the source at hand; other commands may stand for the reader's own project.
    static COMMAND: Pattern = Pattern::new(
        r"\bpip3? install (-e |--editable )?\.([\[/\s]|$)|\bpython3? -m build\b|\bcmake --build\b|\./(gradlew|mvnw) (-\S+ )*(build|assemble|package|install)\b",
    );
    // In a tutorial the reader builds something else.
    static OTHER: Pattern = Pattern::new(r"tutorial|example|sample|pattern|deploy");
    static GUIDE: Pattern = Pattern::new(r"^(install(ing|ation)?|contribut(e|ing))$");
    let is_near = |path: &str| is_central(path) && paths::depth(path) <= 1;
    if let Some(path) = document_named(library.repository, &FILE, is_near)
        .filter(|path| !paths::ending(path).is_empty() || paths::name(path).chars().all(|c| !c.is_lowercase()))
    {
        return Observation::seen(KEY, path).at(Place::file(path));
    }
    let mut guides = reading_list(library, &[README, CONTRIBUTING]);
    let is_guide = |path: &str| GUIDE.is_match(paths::stem_and_ending(path).0) && !OTHER.is_match(paths::folder(path));
    guides.retain(|document| !document.is_in_docs() || is_guide(&document.path));
    stands_in(library, KEY, &guides, |outline| {
        let section = outline
            .sections(&SECTION)
            .map(|(_, heading)| heading)
            .find(|heading| !NO_INSTRUCTION.is_match(&heading.text))
            .map(Passage::from);
        let command = || outline.code.iter().chain(&outline.sentences).find(|line| COMMAND.is_match(&line.text));
        section.or_else(|| command().map(Passage::from))
    })
}

fn folder(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.folder";
    let found = library
        .repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule && super::library::is_in_docs_folder(&entry.path))
        .find(|entry| {
            matches!(
                paths::ending(&entry.path).as_str(),
                "md" | "markdown"
                    | "mdx"
                    | "rst"
                    | "adoc"
                    | "asciidoc"
                    | "txt"
                    | "html"
                    | "tex"
                    | "texi"
                    | "org"
                    | "1"
                    | "xml"
            ) && !is_community_file(&entry.path)
        });
    match found.and_then(|entry| Some((paths::folders(&entry.path).next()?, entry))) {
        Some((folder, entry)) => Observation::seen(KEY, folder).at(Place::file(&entry.path)),
        None => library.absent(KEY),
    }
}

/// A policy under docs makes no documentation of the folder.
fn is_community_file(path: &str) -> bool {
    let stem = paths::stem_and_ending(path).0.to_ascii_uppercase();
    paths::depth(path) == 1
        && matches!(
            stem.as_str(),
            "SECURITY"
                | "CONTRIBUTING"
                | "CODE_OF_CONDUCT"
                | "GOVERNANCE"
                | "SUPPORT"
                | "MAINTAINERS"
                | "ISSUE_TEMPLATE"
                | "PULL_REQUEST_TEMPLATE"
                | "README"
                | "REQUIREMENTS"
                | "CMAKELISTS"
        )
}

fn reporting_defects(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.reporting_defects";
    static DEFECT: Pattern = Pattern::new(r"bug|defect|issue|problem|crash|report");
    static SECTION: Pattern = Pattern::new(
        r"\b(report(ing)?|submit(ting)?|fil(e|ing)|rais(e|ing)|open(ing)?) (an? |your )?(bugs?|issues?|defects?|problems?)\b|^\W*(bugs?|issues?|bug reports?|issue tracker|known issues and bugs|bugs? (and|&) (features?|feature requests?|issues?|questions?))\W*$|\bfound a bug\b",
    );
    static SENTENCE: Pattern = Pattern::new(
        r"\b(report|submit|file|open|create|raise)\w*\b.*\b(bugs?|issues?|defects?|problems?|bug reports?)\b|\b(bugs?|issues?|problems?|defects?)\b.*\b(report(ed)?|filed|submit(ted)?)\b",
    );
    static TRACKER: Pattern = Pattern::new(
        r"/issues(/new(/choose)?|/)?([?#].*)?$|^https?://(bugs|bugzilla|jira|issues)\.|/bugzilla|/browse/[A-Z]|savannah\.[a-z]+\.org/bugs",
    );
    let guides: Vec<&Document<'_>> =
        [README, CONTRIBUTING, SUPPORT].into_iter().filter_map(|policy| library.policy(policy)).collect();
    let found = first(&guides, |outline| {
        heading(outline, &SECTION).or_else(|| {
            outline
                .links
                .iter()
                .find(|link| TRACKER.is_match(&link.target) && SENTENCE.is_match(&link.sentence))
                .map(|link| Passage { line: link.line, text: link.sentence.clone() })
        })
    });
    if let Some((document, passage)) = found {
        return Observation::seen(KEY, document.shown()).at(document.line(passage.line, &passage.text));
    }
    let is_for_defects = |path: &str| is_issue_template(path) && DEFECT.is_match(paths::name(path));
    match library.repository.entries.iter().find(|entry| is_for_defects(&entry.path)) {
        Some(entry) => Observation::seen(KEY, entry.path.as_str()).at(Place::file(&entry.path)),
        None => not_found(library, KEY, &guides),
    }
}

fn architecture(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.architecture";
    static FILE: Pattern = Pattern::new(
        r"^(\d+[_-])?(software[_ -]|system[_ -])?(architecture|design|internals)([_ -](overview|docs?|document(ation)?|notes))?$",
    );
    if let Some(path) = document_named(library.repository, &FILE, is_in_root_or_docs) {
        return Observation::seen(KEY, path).at(Place::file(path));
    }
    match library.repository.entries.iter().find(|entry| is_decision_record(&entry.path)) {
        Some(entry) => Observation::seen(KEY, paths::folder(&entry.path))
            .at(Place::file(&entry.path).noted("folder with design documents")),
        None => library.absent(KEY),
    }
}

/// A document in a folder of decision records, or in a folder `architecture` or `design` under docs.
fn is_decision_record(path: &str) -> bool {
    let is_document = matches!(paths::ending(path).as_str(), "md" | "rst" | "adoc");
    let folder = paths::folder(path).to_ascii_lowercase();
    let last = paths::name(&folder);
    let is_record = matches!(last, "adr" | "adrs" | "decisions" | "decision-records" | "architecture-decisions")
        || (matches!(last, "architecture" | "design") && super::library::is_in_docs_folder(path));
    is_document && is_record && !paths::is_vendored(path) && !paths::is_test_data(path)
}

fn interfaces(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.interfaces";
    static DESCRIPTION: Pattern = Pattern::new(
        r"^(openapi|swagger|asyncapi)([._-].*)?\.(json|ya?ml)$|^.*[._-](openapi|swagger|asyncapi)\.(json|ya?ml)$|\.(proto|graphqls|wsdl|raml|wit)$|^schema\.graphql$",
    );
    static FILE: Pattern = Pattern::new(
        r"^(\d+[_-])?(api|cli|rest[_ -]?api|http[_ -]?api|api[_ -](reference|docs?|documentation|guide)|cli[_ -](reference|usage|options|commands)|command[_ -]line([_ -](reference|options|interface))?|reference|public[_ -]?api|options|configuration[_ -]reference)$",
    );
    let entries = || {
        library
            .repository
            .entries
            .iter()
            .filter(|entry| entry.kind != EntryKind::Submodule)
            .filter(|entry| !paths::is_vendored(&entry.path) && !paths::is_test_data(&entry.path))
            .filter(|entry| !super::library::is_in_docs_folder(&entry.path) || is_near_top_of_docs(&entry.path))
    };
    let described = entries()
        .map(|entry| entry.path.as_str())
        .filter(|path| DESCRIPTION.is_match(paths::name(path)))
        .min_by_key(|path| (paths::depth(path), *path));
    let written =
        || document_named(library.repository, &FILE, is_in_root_or_docs).filter(|path| !paths::ending(path).is_empty());
    let manual = || {
        static MANUAL: Pattern = Pattern::new(r"^(.*/)?(man|man1|doc|docs|manual)/[^/]+\.[1-8](\.(in|md|adoc|scd))?$");
        entries().map(|entry| entry.path.as_str()).find(|path| MANUAL.is_match(path))
    };
    match described.or_else(written).or_else(manual) {
        Some(path) => Observation::seen(KEY, path).at(Place::file(path)),
        None => library.absent(KEY),
    }
}

fn threat_model(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.threat_model";
    static FILE: Pattern = Pattern::new(r"^(.*[_ -])?(threat[_ -]?model(s|ing|ling)?|attack[_ -]surface)([_ -].*)?$");
    static TITLE: Pattern = Pattern::new(r"\bthreat model(s|ing|ling)?\b|\battack surface\b");
    if let Some(path) = document_named(library.repository, &FILE, is_near_documents) {
        return Observation::seen(KEY, path).at(Place::file(path));
    }
    let documents: Vec<&Document<'_>> = library.documents().collect();
    stands_in(library, KEY, &documents, |outline| {
        let first = outline.headings.first().filter(|heading| heading.has_body)?;
        TITLE.is_match(&first.text).then(|| Passage::from(first))
    })
}

/// Words of proofs that a release carries.
static PROOF: Pattern = Pattern::new(
    r"\b(signatures?|signed|checksums?|sha-?(256|512)(sums?)?|attestations?|provenance|cosign|sigstore|gpg|pgp|minisign|slsa)\b",
);

fn verification(library: &Library<'_>) -> Observation {
    static SECTION: Pattern = Pattern::new(
        r"\bverif(y|ying|ication)\b.*\b(releases?|downloads?|signatures?|checksums?|artifacts?|binar(y|ies)|images?|packages?|attestations?|provenance|integrity)\b|\b(releases?|downloads?|signatures?|artifacts?|images?|integrity)\b.*\bverif(y|ying|ication)\b",
    );
    static VERIFY: Pattern = Pattern::new(r"\bverif(y|ied|ies|ying|ication)\b");
    static RELEASE: Pattern = Pattern::new(
        r"\b(releases?|downloads?|downloaded|artifacts?|artefacts?|binar(y|ies)|images?|packages?|tarballs?|archives?|release files?)\b",
    );
    static COMMAND: Pattern = Pattern::new(
        r"^[$>#]?\s*(sudo )?(cosign verify(-\w+)?|gpg2? (-\S+ )*--verify|gh attestation verify|slsa-verifier verify|minisign -V|sha(256|512)sum (-c|--check)|shasum .*(-c|--check))\b",
    );
    stands_in(library, "docs.verification", &reading_list(library, &[README, SECURITY]), |outline| {
        let sections = outline.sections(&SECTION).map(|(_, heading)| heading);
        sections
            .into_iter()
            .find(|heading| heading.text.split_whitespace().count() <= 10)
            .map(Passage::from)
            .or_else(|| outline.code.iter().find(|line| COMMAND.is_match(&line.text)).map(Passage::from))
            .or_else(|| sentence_with(outline, &[&VERIFY, &PROOF, &RELEASE]))
    })
}

fn signing_identity(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.signing_identity";
    static KEY_FILE: Pattern = Pattern::new(
        r"^(KEYS(\.(txt|asc|gpg|md))?|cosign\.pub|minisign\.pub|(release|signing|public)[_-]?keys?\.(asc|gpg|pub|pem|txt))$",
    );
    static FINGERPRINT: Pattern = Pattern::new(r"\b(0x)?([0-9a-f]{4}[\s:]*){9}[0-9a-f]{4}\b");
    static SIGNS: Pattern = Pattern::new(
        r"\b(releases?|tags?|artifacts?|binar(y|ies)|packages?|tarballs?)\b.*\bsign(s|ed|ing|ature|atures)?\b|\bsign(s|ed|ing|ature|atures)?\b.*\b(releases?|tags?|artifacts?|binar(y|ies)|packages?|tarballs?|key)\b",
    );
    // A command of a guide to the tool names nobody: its values are to be filled in.
    static PLACEHOLDER: Pattern = Pattern::new(
        r"--(certificate-identity|signer-)\S*[= ]+\S*([$<{]|/(org|owner|user|username)/|\b(your|my)[-_]?\w*[/@]|@?\bexample\.(com|org|net)\b)",
    );
    static ISSUER: Pattern = Pattern::new(
        r"--(certificate-(oidc-issuer|identity)(-regexp)?|signer-(workflow|repo))[= ]+['\x22]?[a-z^.@(\\]",
    );
    let file = library
        .repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule && is_in_root_or_docs(&entry.path))
        .find(|entry| KEY_FILE.is_match(paths::name(&entry.path)));
    if let Some(entry) = file {
        return Observation::seen(KEY, entry.path.as_str()).at(Place::file(&entry.path).noted("key file"));
    }
    stands_in(library, KEY, &reading_list(library, &[README, SECURITY]), |outline| {
        sentence_with(outline, &[&FINGERPRINT, &SIGNS])
            .or_else(|| {
                let mut lines = outline.code.iter();
                lines.find(|line| ISSUER.is_match(&line.text) && !PLACEHOLDER.is_match(&line.text)).map(Passage::from)
            })
            .or_else(|| fingerprint_below_signing(outline, &FINGERPRINT, &SIGNS))
    })
}

/// A fingerprint in a section whose heading is about signing releases.
fn fingerprint_below_signing(outline: &Outline, fingerprint: &Pattern, signs: &Pattern) -> Option<Passage> {
    outline
        .sections(signs)
        .flat_map(|(index, _)| outline.below(index))
        .find(|sentence| fingerprint.is_match(&sentence.text))
        .map(Passage::from)
}

fn tests(library: &Library<'_>) -> Observation {
    static SECTION: Pattern = Pattern::new(
        r"^[\W\d]*(running |run |executing )?(the |unit |integration |automated )?(tests?|testing|test suite)\W*$|\b(run(ning)?|execut(e|ing)) (the |all |unit |integration |our |your )*tests?\b|\b(build(ing)?|compil(e|ing)) (and|&) (run(ning)? )?(the )?test(s|ing)?\b|^[\W\d]*how to test\b",
    );
    static SENTENCE: Pattern = Pattern::new(
        r"\b(run|running|execute|launch)\b (\w+ ){0,4}(tests?|test suite)\b|\btests? (can|may|should|must) be (run|executed)\b|\b(targets?|commands?|scripts?)\b.{0,60}\btest (your|the|our) (changes?|code|patch(es)?)\b",
    );
    static COMMAND: Pattern = Pattern::new(
        r"^[$>#]?\s*(sudo )?(cargo (nextest run|test)|go test|make (test|check)|npm (run )?test|yarn (run )?test|pnpm (run )?test|(python3? -m )?pytest|tox|nox|ctest|mvn (-\S+ )*(test|verify)|\./gradlew (test|check)|\./mvnw (test|verify)|bundle exec (rspec|rake)|rake test|mix test|dotnet test|composer test|bazel test|cabal test|stack test|just test)\b",
    );
    static FOR_DEVELOPERS: Pattern =
        Pattern::new(r"contribut|develop|hacking|building|(^|/)(test[-_]?suite|running[-_]tests)\.");
    let mut guides = reading_list(library, &[CONTRIBUTING, README]);
    // Other documents under docs speak of the tests of those who use the product.
    guides.retain(|document| !document.is_in_docs() || FOR_DEVELOPERS.is_match(&document.path));
    stands_in(library, "docs.tests", &guides, |outline| {
        let sentence = || {
            let mut sentences = outline.sentences.iter();
            sentences.find(|sentence| SENTENCE.is_match(&sentence.text) && !is_no_instruction(&sentence.text))
        };
        heading(outline, &SECTION)
            .or_else(|| outline.code.iter().find(|line| COMMAND.is_match(&line.text)).map(Passage::from))
            .or_else(|| sentence().map(Passage::from))
    })
}

/// Rows of tables, questions and what is denied give no instructions.
fn is_no_instruction(text: &str) -> bool {
    static DENIED: Pattern = Pattern::new(r"\b(not|never|without)\b|n['’]t\b");
    text.contains(" | ") || text.ends_with('?') || DENIED.is_match(text)
}

fn repositories(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.repositories";
    static SECTION: Pattern = Pattern::new(
        r"\b((related|other|our|sub|child|sibling|companion|project)[- ]?(repositories|repos)|related (projects|crates|packages)|sub-?projects|list of (repositories|projects))\b|^\W*(repositories|project repositories|repository overview)\W*$",
    );
    if let Some((path, document)) = insights::document(library.repository) {
        let listed = document.get("project").and_then(|project| project.get("repositories"));
        if listed.and_then(serde_yaml::Value::as_sequence).is_some_and(|repositories| !repositories.is_empty()) {
            return Observation::seen(KEY, path.as_str()).at(Place::file(&path).noted("project.repositories"));
        }
    }
    stands_in(library, KEY, &reading_list(library, &[README]), |outline| heading(outline, &SECTION))
}

fn unencrypted_links(library: &Library<'_>) -> Observation {
    const KEY: &str = "docs.unencrypted_links";
    let Some(readme) = library.policy(README) else { return absent(library.repository, KEY) };
    let outline = match readme.outline() {
        Ok(outline) => outline,
        Err(reason) => return Observation::failed(KEY, reason),
    };
    let found = outline
        .links
        .iter()
        .filter(|link| is_unencrypted(&link.target))
        .map(|link| (super::note::note(&link.target), Place::line(&readme.path, link.line)))
        .collect();
    list(library.repository, KEY, found)
}

/// Whether a link goes over the network without encryption. Namespaces and local addresses are not visited.
fn is_unencrypted(target: &str) -> bool {
    static PLAIN: Pattern = Pattern::new(r"^(http|ftp|git)://");
    static NOT_VISITED: Pattern = Pattern::new(
        r"^\w+://([^/@]*@)?(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|[\w.-]+\.(local|localhost|test|example|invalid|internal)|(www\.)?example\.(com|org|net)|(www\.)?w3\.org|schemas\.[\w.-]+|xmlns\.[\w.-]+|purl\.org|(www\.)?apache\.org/licenses|host|hostname|<[^>]*>|\{[^}]*\}|\$[\w{}]+)([:/?#]|$)",
    );
    PLAIN.is_match(target) && !NOT_VISITED.is_match(target)
}

#[cfg(test)]
mod tests;
