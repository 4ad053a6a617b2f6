//! What templates get: everything that a report shows, computed and in words, so that templates stay simple.
//!
//! All texts are one line of plain text without control characters (see [`super::escape::clean`]), but for those that say
//! that they are Markdown, which the filter `narrative` writes; a template's format escapes them. Dates are texts of the form `2026-11-24`. What is called a link is an http or https address.

mod audit;
mod document;
#[cfg(test)]
mod fields;
mod finding;
mod model;
mod overview;
mod part;
mod people;
mod profile;
mod score;
pub(super) mod words;
mod work;

use schemars::JsonSchema;
use serde::Serialize;

use super::escape::{clean, web_link};
use crate::assess::record::{AnswersInput, Assessment, DeclaredInput, Inputs};
use crate::evidence::Subject;

pub use audit::AuditView;
pub use document::{DocumentView, PlaceInDocument, SectionView};
pub use finding::{AlsoView, FindingRef, FindingView, MapView, OutcomeGroup, PlaceView, ReasonView, WaiverView};
pub use model::{AreaView, Bar, LevelView, ModelView, ReadingView, Segment};
pub use overview::{ActionView, MovesView, OverviewRow, OverviewView, QuestionView};
pub use part::{CellView, PartView, RowView};
pub use people::{RecommendationView, ReviewerView, TeamView};
pub use profile::{ProfileNote, ProfileView};
pub(super) use score::shown_number;
pub use score::{ScoreView, whole_in_words};
pub use work::{ContradictionView, DueView, LinkView, RequirementRef, StepView, UnknownGroup};

/// An assessment as templates get it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct View {
    /// The project assessed.
    pub subject: SubjectView,
    /// The day for which the assessment holds: `2026-11-24`.
    pub as_of: String,
    /// The same in words: `24 November 2026`.
    pub as_of_words: String,
    /// The program that made the record.
    pub engine: EngineView,
    /// The schema of the record.
    pub schema: String,
    /// Digest of the record.
    pub digest: String,
    /// Digest of the record before, in a ledger.
    pub previous: Option<String>,
    /// All that went into it, by digest.
    pub inputs: InputsView,
    /// Several models side by side; none of a single model.
    pub overview: Option<OverviewView>,
    /// The result under each model.
    pub models: Vec<ModelView>,
    /// What the models are written down as, such as the self-assessment of the CNCF.
    pub documents: Vec<DocumentView>,
    /// Questions whose answer is disproved by what was observed.
    pub contradictions: Vec<ContradictionView>,
    /// Questions whose answer a sign or a reviewer speaks against.
    pub disputes: Vec<ContradictionView>,
    /// Audits of the code that the maintainers tell of, the latest first.
    pub audits: Vec<AuditView>,
    /// Answers that have run out, and the next that will.
    pub due: Vec<DueView>,
    /// What each basis means, from the strongest to the weakest.
    pub bases: Vec<BasisView>,
}

/// The project assessed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubjectView {
    /// `github.com/owner/name`, or `local/NAME`
    pub id: String,
    /// Address of its page.
    pub link: Option<String>,
    /// GitHub's numeric id.
    pub repository_id: Option<u64>,
    /// The commit whose files were read.
    pub commit: Option<String>,
    /// The first ten characters of the commit.
    pub commit_short: Option<String>,
    /// Address of the commit.
    pub commit_link: Option<String>,
    /// The default branch.
    pub default_branch: Option<String>,
}

/// A program.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EngineView {
    /// `seaworthy`
    pub name: String,
    /// `0.1.0`
    pub version: String,
}

/// All that went into the assessment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InputsView {
    /// Digest of the evidence snapshot.
    pub evidence_digest: String,
    /// When the evidence was collected: `2026-11-24 10:12 UTC`.
    pub collected_at: String,
    /// The program that collected it.
    pub collector: String,
    /// checkout, anonymous, read, write or admin
    pub access: &'static str,
    /// What that access means: "a GitHub token that can read: most settings stay hidden".
    pub access_meaning: &'static str,
    /// Requests to GitHub that counted against the rate limit.
    pub api_requests: u32,
    /// Observations that are known.
    pub known: u32,
    /// Observations that there could be.
    pub total: u32,
    /// What a reader of the evidence should know.
    pub remarks: Vec<String>,
    /// Digest of the answers; none where no answers were given.
    pub answers_digest: Option<String>,
    /// How many answers were given.
    pub answers_count: u32,
    /// What was said, in words: "12 answers of the maintainers; 3 answers declared in security-insights.yml".
    pub said: String,
    /// What other files of the subject declare: "3 answers declared in security-insights.yml".
    pub declared: Vec<String>,
    /// Digest of the questions and models.
    pub questionnaires_digest: String,
}

/// A basis and what it means.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BasisView {
    /// corroborated, reviewed, observed, attested, disputed, contradicted, lapsed, waived or unknown
    pub basis: &'static str,
    /// What it means, as a sentence.
    pub meaning: &'static str,
}

impl View {
    pub fn new(record: &Assessment) -> Self {
        let mut anchors = finding::Anchors::default();
        let mut models: Vec<ModelView> =
            record.models.iter().map(|model| ModelView::new(model, record, &mut anchors)).collect();
        model::join(&mut models);
        Self {
            subject: SubjectView::new(&record.subject),
            as_of: record.as_of.to_string(),
            as_of_words: words::long_date(record.as_of),
            engine: EngineView { name: clean(&record.engine.name), version: clean(&record.engine.version) },
            schema: clean(&record.schema),
            digest: clean(&record.digest),
            previous: record.previous.as_deref().map(clean),
            inputs: InputsView::new(&record.inputs),
            contradictions: work::contradictions(record, &models),
            disputes: work::disputes(record, &models),
            overview: overview::overview(record, &models),
            models,
            documents: document::documents(record),
            audits: record.audits.iter().map(|audit| AuditView::new(audit, record.as_of)).collect(),
            due: work::due(record),
            bases: words::BASES.iter().map(|&(basis, meaning)| BasisView { basis: basis.word(), meaning }).collect(),
        }
    }
}

impl SubjectView {
    fn new(subject: &Subject) -> Self {
        let commit = subject.commit.as_deref().map(clean);
        let link = subject.url.as_deref().and_then(web_link);
        Self {
            id: clean(&subject.id),
            repository_id: subject.repository_id,
            commit_short: commit.as_ref().map(|commit| commit.chars().take(10).collect()),
            commit_link: match (&link, &commit) {
                (Some(link), Some(commit)) => web_link(&format!("{}/commit/{commit}", link.trim_end_matches('/'))),
                _ => None,
            },
            commit,
            default_branch: subject.default_branch.as_deref().map(clean),
            link,
        }
    }
}

impl InputsView {
    fn new(inputs: &Inputs) -> Self {
        let evidence = &inputs.evidence;
        Self {
            evidence_digest: clean(&evidence.digest),
            collected_at: evidence.collected_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            collector: clean(&evidence.collector),
            access: evidence.access.word(),
            access_meaning: words::access_sentence(evidence.access),
            api_requests: evidence.api_requests,
            known: evidence.known,
            total: evidence.total,
            remarks: evidence.remarks.iter().map(|remark| clean(remark)).collect(),
            answers_digest: inputs
                .answers
                .as_ref()
                .map(|answers| clean(&answers.digest))
                .filter(|digest| !digest.is_empty()),
            answers_count: inputs.answers.as_ref().map_or(0, |answers| answers.count),
            said: said(inputs.answers.as_ref()),
            declared: inputs.answers.iter().flat_map(|answers| &answers.declared).map(declared).collect(),
            questionnaires_digest: clean(&inputs.questionnaires.digest),
        }
    }
}

fn said(answers: Option<&AnswersInput>) -> String {
    let own = answers.filter(|answers| answers.count > 0).map(|answers| match answers.count {
        1 => "1 answer of the maintainers".to_owned(),
        count => format!("{count} answers of the maintainers"),
    });
    let declared = answers.iter().flat_map(|answers| &answers.declared).map(declared);
    let said: Vec<String> = own.into_iter().chain(declared).collect();
    if said.is_empty() { "no answers were given".to_owned() } else { said.join("; ") }
}

fn declared(input: &DeclaredInput) -> String {
    let answers = if input.count == 1 { "answer" } else { "answers" };
    format!("{} {answers} declared in {}", input.count, clean(&input.path))
}
