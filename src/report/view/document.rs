//! The documents that models are written down as: sections with the answers, rows and gaps that they hold.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::part::{CellView, PartView, RowView};
use super::people::{RecommendationView, ReviewerView, TeamView};
use super::{LinkView, words};
use crate::assess::record::{
    Assessment, Basis, ConductShown, DocumentResult, Finding, ModelResult, Outcome, RowResult, SectionResult,
};
use crate::evidence::Subject;
use crate::report::escape::clean;

/// A document of a model, with what its sections hold.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentView {
    /// Its name on the command line.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Id of the model that it belongs to.
    pub model: String,
    /// Title of that model.
    pub model_title: String,
    /// Incomplete, Complete or Obsolete.
    pub stage: &'static str,
    /// Why, such as `3 of 24 sections are open`.
    pub stage_meaning: String,
    /// The questions that are not answered yet.
    pub open: Vec<String>,
    /// All sections in their order; their levels say how they lie in each other.
    pub sections: Vec<SectionView>,
}

/// A section of a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SectionView {
    /// Its heading.
    pub heading: String,
    /// The level of the heading: 2 for a section that lies in no other.
    pub level: usize,
    /// Name for links inside the document, as GitHub makes it of the heading.
    pub anchor: String,
    /// complete, open, inapplicable, or fixed where nobody need write anything.
    pub state: &'static str,
    /// A fixed text; write it with the filter `narrative`.
    pub says: Option<String>,
    /// What is told in words.
    pub parts: Vec<PartView>,
    /// What is shown in a table.
    pub rows: Vec<RowView>,
    /// Who reviewed.
    pub reviewers: Vec<ReviewerView>,
    /// Who took part for the project.
    pub team: Vec<TeamView>,
    /// What the reviewers say; write it with the filter `narrative`.
    pub verdict: Option<String>,
    /// What the reviewers recommend.
    pub recommendations: Vec<RecommendationView>,
    /// What is missing of what the reviewers say, as a sentence.
    pub missing: Option<&'static str>,
}

/// Where something stands in a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlaceInDocument {
    /// The heading of the section.
    pub heading: String,
    /// The name of the section for links inside the document.
    pub anchor: String,
}

/// All documents of a record.
pub(super) fn documents(record: &Assessment) -> Vec<DocumentView> {
    let of = |model: &ModelResult| -> Vec<DocumentView> {
        model.documents.iter().map(|document| DocumentView::new(document, model, record)).collect()
    };
    record.models.iter().flat_map(of).collect()
}

impl DocumentView {
    fn new(document: &DocumentResult, model: &ModelResult, record: &Assessment) -> Self {
        let (stage, stage_meaning) = stage(document, model, record.conduct.as_ref());
        let mut writer = Writer { model, record, told: BTreeMap::new(), anchors: Slugs::default(), open: Vec::new() };
        let title = clean(&document.title);
        writer.anchors.give(&title);
        let sections = document.sections.iter().map(|section| writer.section(section, stage, &stage_meaning)).collect();
        Self {
            id: clean(&document.id),
            title,
            model: clean(&model.id),
            model_title: clean(&model.title),
            stage,
            stage_meaning,
            open: writer.open,
            sections,
        }
    }
}

fn finding<'m>(model: &'m ModelResult, id: &str) -> Option<&'m Finding> {
    model.findings.iter().find(|finding| finding.requirement == id)
}

/// Complete when each section's requirement is met or does not apply, and reviewers have written what is theirs; obsolete
/// when it is not only since answers ran out. That there are no recommendations may be right, so they are not counted.
fn stage(document: &DocumentResult, model: &ModelResult, conduct: Option<&ConductShown>) -> (&'static str, String) {
    let own = document.sections.iter().filter_map(|section| finding(model, section.requirement.as_ref()?));
    let own: Vec<&Finding> = own.collect();
    let theirs = document.sections.iter().filter_map(|section| written(section.shows.as_deref()?, conduct));
    let theirs: Vec<bool> = theirs.collect();
    let open = own.iter().filter(|finding| !matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable)).count();
    let open = open + theirs.iter().filter(|written| !**written).count();
    let lapsed = own.iter().filter(|finding| finding.basis == Basis::Lapsed).count();
    let sections = words::plural(own.len() + theirs.len(), "section");
    if open == 0 {
        ("Complete", format!("all of {sections} are written or filled from evidence"))
    } else if lapsed == open {
        let rest = if lapsed == 1 { "rests" } else { "rest" };
        ("Obsolete", format!("{lapsed} of {sections} {rest} on answers that have run out"))
    } else {
        ("Incomplete", format!("{open} of {sections} {} open", if open == 1 { "is" } else { "are" }))
    }
}

/// Whether reviewers have written what a section of theirs shows; none where nothing need be written.
fn written(shows: &str, conduct: Option<&ConductShown>) -> Option<bool> {
    let has = |part: fn(&ConductShown) -> bool| Some(conduct.is_some_and(part));
    match shows {
        "reviewers" => has(|conduct| !conduct.reviewers.is_empty()),
        "team" => has(|conduct| !conduct.team.is_empty()),
        "design" => has(|conduct| conduct.design.is_some()),
        "analysis" => has(|conduct| conduct.analysis.is_some()),
        _ => None,
    }
}

/// Writes sections, and remembers what has been told where.
struct Writer<'r> {
    model: &'r ModelResult,
    record: &'r Assessment,
    /// By id of a question told in words: where.
    told: BTreeMap<&'r str, PlaceInDocument>,
    anchors: Slugs,
    open: Vec<String>,
}

impl<'r> Writer<'r> {
    fn section(&mut self, section: &'r SectionResult, stage: &'static str, meaning: &str) -> SectionView {
        let heading = clean(&section.heading);
        let anchor = self.anchors.give(&heading);
        let own = section.requirement.as_ref().and_then(|id| finding(self.model, id));
        let here = PlaceInDocument { heading: heading.clone(), anchor: anchor.clone() };
        let mut parts = own.map_or_else(Vec::new, |finding| self.parts(finding, false, &here));
        for finding in section.also.iter().filter_map(|id| finding(self.model, id)) {
            parts.extend(self.parts(finding, true, &here));
        }
        let shown: BTreeSet<&str> = section.rows.iter().filter_map(|row| row.question.as_deref()).collect();
        let further = own.into_iter().flat_map(|finding| &finding.questions);
        let further = further.filter(|id| !shown.contains(id.as_str())).filter_map(|id| self.record.question(id));
        let further = further.filter(|question| !question.in_words);
        let further: Vec<RowView> =
            further.map(|question| RowView::of_question(question, &self.record.subject)).collect();
        let mut rows: Vec<RowView> =
            section.rows.iter().map(|row| self.row(row, stage, meaning)).chain(further).collect();
        self.open.extend(rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.open.clone()));
        rows.iter_mut().for_each(RowView::ask_once);
        let mut view = SectionView {
            heading,
            level: usize::try_from(section.level).unwrap_or(1).clamp(1, 5) + 1,
            anchor,
            state: match own.map(|finding| finding.outcome) {
                None => match section.shows.as_deref().and_then(|shows| written(shows, self.record.conduct.as_ref())) {
                    None => "fixed",
                    Some(true) => "complete",
                    Some(false) => "open",
                },
                Some(Outcome::Met) => "complete",
                Some(Outcome::NotApplicable) => "inapplicable",
                Some(Outcome::Partly | Outcome::Unmet | Outcome::Unknown) => "open",
            },
            says: section.says.clone(),
            parts,
            rows,
            reviewers: Vec::new(),
            team: Vec::new(),
            verdict: None,
            recommendations: Vec::new(),
            missing: None,
        };
        if let Some(shows) = section.shows.as_deref() {
            self.show(shows, &mut view);
        }
        view
    }

    /// What the questions of a requirement tell in words.
    fn parts(&mut self, finding: &'r Finding, beside: bool, here: &PlaceInDocument) -> Vec<PartView> {
        let met = matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable);
        let mut parts = Vec::new();
        for question in finding.questions.iter().filter_map(|id| self.record.question(id)) {
            if !question.in_words {
                continue;
            }
            let told = self.told.get(question.id.as_str()).cloned();
            let part = PartView::new(question, beside, told, &self.record.subject);
            if part.open.is_some() && met {
                continue;
            }
            self.open.extend(part.open.clone());
            self.told.entry(&question.id).or_insert_with(|| here.clone());
            parts.push(part);
        }
        parts
    }

    fn row(&self, row: &RowResult, stage: &'static str, meaning: &str) -> RowView {
        let label = clean(&row.label);
        let subject = &self.record.subject;
        let conduct = self.record.conduct.as_ref();
        let cell = match row.shows.as_deref() {
            None => {
                let question = row.question.as_ref().and_then(|id| self.record.question(id));
                return RowView::of_facts(label, &row.facts, question, subject);
            }
            Some("stage") => CellView::plain(stage).based_on(meaning.to_owned()),
            Some("subject") => CellView::linked(&subject.id, subject.url.as_deref()),
            Some("commit") => commit(subject, self.record),
            Some("completed") => match conduct.and_then(|conduct| conduct.completed) {
                Some(day) => CellView::plain(&words::long_date(day)),
                None => CellView::missing("not yet completed"),
            },
            Some("tracking") => match conduct.and_then(|conduct| conduct.tracking.as_deref()) {
                Some(address) => CellView::linked(&short(address, subject), Some(address)),
                None => CellView::missing("not yet named"),
            },
            Some(_) => CellView::missing("this version of the program does not know what to show here"),
        };
        RowView { label, cells: vec![cell] }
    }

    fn show(&self, shows: &str, view: &mut SectionView) {
        let conduct = self.record.conduct.as_ref();
        let for_whom = match shows {
            "recommendations-cncf" => "cncf",
            "recommendations-project" => "project",
            "recommendations-additional" => "additional",
            _ => "",
        };
        if let Some(conduct) = conduct {
            match shows {
                "reviewers" => view.reviewers = conduct.reviewers.iter().map(ReviewerView::new).collect(),
                "team" => view.team = conduct.team.iter().map(TeamView::new).collect(),
                "design" => view.verdict.clone_from(&conduct.design),
                "analysis" => view.verdict.clone_from(&conduct.analysis),
                _ => {
                    let own = conduct.recommendations.iter().filter(|recommendation| recommendation.to == for_whom);
                    view.recommendations = own.map(RecommendationView::new).collect();
                }
            }
        }
        let empty = view.reviewers.is_empty() && view.team.is_empty() && view.recommendations.is_empty();
        view.missing = (empty && view.verdict.is_none()).then_some(match shows {
            "reviewers" => "No reviewers are named yet.",
            "team" => "Nobody of the project is named yet.",
            "design" | "analysis" => "The reviewers have not written this yet.",
            _ => "There are none yet.",
        });
        if shows == "reviewers" && conduct.is_some_and(|conduct| !conduct.vouched) && !empty {
            view.missing = Some("The project itself names these reviewers; nobody else vouches for it.");
        }
    }
}

fn commit(subject: &Subject, record: &Assessment) -> CellView {
    let day = words::long_date(record.as_of);
    match &subject.commit {
        Some(commit) => {
            let address = subject.url.as_ref().map(|url| format!("{}/commit/{commit}", url.trim_end_matches('/')));
            let short: String = commit.chars().take(10).collect();
            CellView::linked(&format!("commit {short}"), address.as_deref()).based_on(format!("on {day}"))
        }
        None => CellView::plain(&format!("on {day}")),
    }
}

/// Names of headings as GitHub makes them: small letters, digits and hyphens; a number where one was given before.
#[derive(Default)]
struct Slugs {
    given: BTreeMap<String, u32>,
}

impl Slugs {
    fn give(&mut self, heading: &str) -> String {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let times = self.given.entry(slug.clone()).or_default();
        *times += 1;
        match *times - 1 {
            0 => slug,
            again => format!("{slug}-{again}"),
        }
    }
}

/// Links that show something, pinned to the commit that was assessed and with short names.
pub(super) fn links(addresses: &[String], subject: &Subject) -> Vec<LinkView> {
    let link = |address: &String| {
        let pinned = pinned(address, subject);
        LinkView { text: short(&pinned, subject), ..LinkView::new(&pinned) }
    };
    addresses.iter().map(link).collect()
}

/// The name of an address: the path of a file of the subject, or the address without its scheme.
pub(super) fn short(address: &str, subject: &Subject) -> String {
    let own = subject.url.as_deref().and_then(|url| address.strip_prefix(url.trim_end_matches('/')));
    let path = own.and_then(|rest| rest.strip_prefix("/blob/").or_else(|| rest.strip_prefix("/tree/")));
    let path = path.and_then(|rest| rest.split_once('/')).map(|(_, path)| path).filter(|path| !path.is_empty());
    let bare = address.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    clean(path.unwrap_or(bare))
}

/// The text with addresses of files on the default branch turned to the commit that was assessed, so that they show what
/// the text speaks of also when the file changes.
pub(super) fn pinned(text: &str, subject: &Subject) -> String {
    let (Some(url), Some(branch), Some(commit)) = (&subject.url, &subject.default_branch, &subject.commit) else {
        return text.to_owned();
    };
    let url = url.trim_end_matches('/');
    ["blob", "tree"].iter().fold(text.to_owned(), |text, kind| {
        text.replace(&format!("{url}/{kind}/{branch}/"), &format!("{url}/{kind}/{commit}/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_headings_are_those_of_github() {
        let mut slugs = Slugs::default();
        for (heading, slug) in [
            ("Non-goals", "non-goals"),
            ("Critical", "critical"),
            ("Critical", "critical-1"),
            ("Related Projects / Vendors", "related-projects--vendors"),
            ("Data flow diagram/Architecture diagram", "data-flow-diagramarchitecture-diagram"),
        ] {
            assert_eq!(slugs.give(heading), slug);
        }
    }

    #[test]
    fn links_to_the_default_branch_are_pinned() {
        let subject = Subject {
            id: "github.com/acme/widget".into(),
            url: Some("https://github.com/acme/widget".into()),
            commit: Some("c0ffee".into()),
            default_branch: Some("main".into()),
            ..Subject::default()
        };
        let text = "[a](https://github.com/acme/widget/blob/main/A.md), https://github.com/acme/other/blob/main/A.md";
        let pinned = pinned(text, &subject);
        assert!(pinned.contains("acme/widget/blob/c0ffee/A.md"));
        assert!(pinned.contains("acme/other/blob/main/A.md"));
    }
}
