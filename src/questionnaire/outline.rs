//! The documents that a model is written down as: headings in their order, what stands under each, and what is only shown.
//!
//! A narrative model, such as the CNCF's self-assessment, names for each section the requirement whose answers it holds.
//! Sections lie in each other, so that their order, level and parent are the outline itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::model::{Model, Requirement};
use super::question::identifier_part;
use crate::yaml::{Fields, Kind, Node, Problem, nearest};

/// The deepest that sections lie in each other: the title has the first level of headings, and there are six.
const DEEPEST: usize = 5;
/// The most sections of a document, and the most rows of a section.
const MOST: usize = 200;
/// The heading above what a profile adds.
const ADDED: &str = "Further requirements";
/// The only name that stands for something in a title or a text.
const PROJECT: &str = "{project}";

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its name on the command line.
    pub id: String,
    /// `{project}` stands for the name of the project.
    pub title: String,
    pub sections: Vec<Section>,
    pub span: Range<usize>,
}

/// A section of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    /// The requirement whose answers it holds. It is complete when that is met or does not apply.
    pub requirement: Option<String>,
    /// Requirements whose answers stand here too, but without which the section is complete.
    pub also: Vec<String>,
    /// A fixed text in Markdown; `{project}` stands for the name of the project.
    pub says: Option<String>,
    /// What is shown that comes from nowhere else.
    pub shows: Option<Shows>,
    pub rows: Vec<Row>,
    pub sections: Vec<Self>,
    pub span: Range<usize>,
}

/// A row of a table: something shown, or a question or observations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub label: String,
    pub shows: Option<Shows>,
    pub question: Option<String>,
    /// Keys of observations. What is known of them is shown.
    pub observations: Vec<String>,
    pub span: Range<usize>,
}

/// What a section or row shows that is neither an answer nor an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Incomplete, Complete or Obsolete. Rows only.
    Stage,
    /// The repository. Rows only.
    Subject,
    /// The commit and the day of the assessment. Rows only.
    Commit,
    /// When the reviewers were done. Rows only.
    Completed,
    /// Where the assessment is followed. Rows only.
    Tracking,
    /// Who reviewed, and their conflicts of interest.
    Reviewers,
    /// Who took part for the project.
    Team,
    /// What the reviewers say of the design.
    Design,
    /// What the reviewers found in the analysis.
    Analysis,
    ForCncf,
    ForProject,
    FurtherRecommendations,
}

/// What can be shown, by its written names.
pub(crate) const SHOWS: [(&str, Shows); 12] = [
    ("stage", Shows::Stage),
    ("subject", Shows::Subject),
    ("commit", Shows::Commit),
    ("completed", Shows::Completed),
    ("tracking", Shows::Tracking),
    ("reviewers", Shows::Reviewers),
    ("team", Shows::Team),
    ("design", Shows::Design),
    ("analysis", Shows::Analysis),
    ("recommendations-cncf", Shows::ForCncf),
    ("recommendations-project", Shows::ForProject),
    ("recommendations-additional", Shows::FurtherRecommendations),
];

impl Shows {
    /// The written name.
    pub fn word(self) -> &'static str {
        SHOWS.iter().find(|(_, shows)| *shows == self).map_or("", |(word, _)| word)
    }

    /// Whether it is a line, which belongs into a row.
    fn is_line(self) -> bool {
        matches!(self, Self::Stage | Self::Subject | Self::Commit | Self::Completed | Self::Tracking)
    }
}

impl Outline {
    /// Reads a document; problems are added with their places.
    pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a document", problems)?;
        let id = fields.required_text("id", problems);
        if let (Some(id), Some(node)) = (&id, fields.node("id"))
            && !identifier_part(id)
        {
            let problem = Problem::error("an id has small letters, digits and hyphens", node.span.clone());
            problems.push(problem.help("for example `self-assessment`"));
        }
        let title = fields.required_text("title", problems);
        let mut left = MOST;
        let sections = sections(fields.required("sections", problems), 1, &mut left, problems);
        let span = fields.span();
        fields.finish(problems);
        let title = title.inspect(|title| placeholders("title", title, &span, problems));
        Some(Self { id: id?, title: title?, sections, span })
    }

    /// All sections, each with its level: 1 for those that lie in no other.
    pub fn all(&self) -> Vec<(usize, &Section)> {
        fn add<'s>(level: usize, sections: &'s [Section], all: &mut Vec<(usize, &'s Section)>) {
            for section in sections {
                all.push((level, section));
                add(level + 1, &section.sections, all);
            }
        }
        let mut all = Vec::new();
        add(1, &self.sections, &mut all);
        all
    }

    /// The questions that rows show, in their order.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.all().into_iter().flat_map(|(_, section)| &section.rows).filter_map(|row| row.question.as_deref())
    }

    /// The same document for a profile: without the sections of requirements that it leaves out, and with a last section for
    /// those that it adds. None where nothing is left to tell.
    pub(super) fn keeping(&self, requirements: &[Requirement], added: &[String]) -> Option<Self> {
        let mut sections: Vec<Section> =
            self.sections.iter().filter_map(|section| section.keeping(requirements)).collect();
        let names_one = |(_, section): (usize, &Section)| section.requirement.is_some() || !section.also.is_empty();
        let mut document = Self { sections: Vec::new(), ..self.clone() };
        document.sections.append(&mut sections);
        if !document.all().into_iter().any(names_one) {
            return None;
        }
        let own: Vec<Section> = requirements
            .iter()
            .filter(|requirement| added.contains(&requirement.id))
            .map(|requirement| Section::of(&requirement.demands, Some(requirement.id.clone()), self.span.clone()))
            .collect();
        if !own.is_empty() {
            let last = Section::of(ADDED, None, self.span.clone());
            document.sections.push(Section { sections: own, ..last });
        }
        Some(document)
    }

    /// What does not fit the model that it belongs to.
    pub(super) fn check(&self, model: &Model, problems: &mut Vec<Problem>) {
        let mut placed: BTreeMap<&str, &str> = BTreeMap::new();
        for (_, section) in self.all() {
            let at = section.span.start..section.span.start;
            for id in section.requirement.iter().chain(&section.also) {
                if !model.requirements.iter().any(|requirement| requirement.id == *id) {
                    let ids = model.requirements.iter().map(|requirement| requirement.id.as_str());
                    let problem = Problem::error(format!("there is no requirement `{id}`"), at.clone());
                    problems.push(match nearest(id, ids) {
                        Some(near) => problem.help(format!("did you mean `{near}`?")),
                        None => problem.help("a section names a requirement of its own model"),
                    });
                }
                if let Some(first) = placed.insert(id, &section.heading) {
                    let message = format!("requirement `{id}` stands in the section `{first}` already");
                    problems.push(Problem::error(message, at.clone()).help("what is told twice drifts apart"));
                }
            }
        }
    }
}

impl Section {
    /// A section that holds nothing but the answers of a requirement.
    fn of(heading: &str, requirement: Option<String>, span: Range<usize>) -> Self {
        let (also, rows, sections) = (Vec::new(), Vec::new(), Vec::new());
        Self { heading: heading.to_owned(), requirement, also, says: None, shows: None, rows, sections, span }
    }

    /// The section without what belongs to other requirements than these; none where it is left with nothing.
    fn keeping(&self, requirements: &[Requirement]) -> Option<Self> {
        let is_there = |id: &String| requirements.iter().any(|requirement| requirement.id == *id);
        let kept = Self {
            requirement: self.requirement.clone().filter(is_there),
            also: self.also.iter().filter(|id| is_there(id)).cloned().collect(),
            sections: self.sections.iter().filter_map(|section| section.keeping(requirements)).collect(),
            // Rows say more about the requirement beside which they stand.
            rows: if self.requirement.as_ref().is_none_or(is_there) { self.rows.clone() } else { Vec::new() },
            ..self.clone()
        };
        let holds = kept.requirement.is_some() || !kept.also.is_empty() || !kept.rows.is_empty();
        let fixed = kept.says.is_some() || kept.shows.is_some();
        (holds || fixed || !kept.sections.is_empty()).then_some(kept)
    }
}

fn sections(node: Option<&Node>, level: usize, left: &mut usize, problems: &mut Vec<Problem>) -> Vec<Section> {
    let Some(node) = node else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error("`sections` is a list of sections", node.span.clone()));
        return Vec::new();
    };
    if level > DEEPEST {
        let message = format!("sections lie at most {DEEPEST} deep in each other");
        problems.push(Problem::error(message, node.span.start..node.span.start));
        return Vec::new();
    }
    let mut found: Vec<Section> = Vec::new();
    for item in items {
        let Some(rest) = left.checked_sub(1) else {
            problems.push(Problem::error(format!("a document has at most {MOST} sections"), item.span.clone()));
            break;
        };
        *left = rest;
        let Some(section) = section(item, level, left, problems) else { continue };
        if found.iter().any(|other| other.heading.eq_ignore_ascii_case(&section.heading)) {
            let message = format!("`{}` stands twice at the same place", section.heading);
            problems.push(Problem::error(message, section.span.start..section.span.start));
        }
        found.push(section);
    }
    found
}

fn section(node: &Node, level: usize, left: &mut usize, problems: &mut Vec<Problem>) -> Option<Section> {
    let mut fields = Fields::of(node, "a section", problems)?;
    let heading = fields.required_text("heading", problems);
    let requirement = fields.text("requirement", problems);
    let also = fields.texts("also", problems);
    let says = fields.text("says", problems);
    let shows = fields.word("shows", &SHOWS, problems);
    let rows = rows(fields.node("rows"), problems);
    let below = sections(fields.node("sections"), level + 1, left, problems);
    let span = fields.span();
    fields.finish(problems);
    let at = span.start..span.start;
    if let Some(says) = &says {
        placeholders("says", says, &at, problems);
    }
    if shows.is_some_and(Shows::is_line) {
        problems.push(Problem::error("a section cannot show this; a row can", at.clone()));
    }
    let empty = requirement.is_none() && also.is_empty() && says.is_none() && shows.is_none() && rows.is_empty();
    if empty && below.is_empty() {
        let problem = Problem::error("nothing stands in this section", at);
        problems.push(problem.help("name a `requirement`, `rows`, a text with `says`, or `sections`"));
    }
    Some(Section { heading: heading?, requirement, also, says, shows, rows, sections: below, span })
}

fn rows(node: Option<&Node>, problems: &mut Vec<Problem>) -> Vec<Row> {
    match node.map(|node| (&node.kind, node)) {
        None => Vec::new(),
        Some((Kind::List(items), _)) if items.len() <= MOST => {
            items.iter().filter_map(|item| row(item, problems)).collect()
        }
        Some((_, node)) => {
            problems.push(Problem::error(format!("`rows` is a list of at most {MOST} rows"), node.span.clone()));
            Vec::new()
        }
    }
}

fn row(node: &Node, problems: &mut Vec<Problem>) -> Option<Row> {
    let mut fields = Fields::of(node, "a row", problems)?;
    let label = fields.required_text("label", problems);
    let shows = fields.word("shows", &SHOWS, problems);
    let question = fields.text("question", problems);
    let observations = fields.texts("observations", problems);
    let span = fields.span();
    fields.finish(problems);
    let at = span.start..span.start;
    if shows.is_some() == (question.is_some() || !observations.is_empty()) {
        let message = "a row has either `shows`, or a `question`, `observations` or both";
        problems.push(Problem::error(message, at.clone()));
    }
    if shows.is_some_and(|shows| !shows.is_line()) {
        problems.push(Problem::error("a row cannot show this; a section can", at));
    }
    Some(Row { label: label?, shows, question, observations, span })
}

/// Anything in braces but `{project}` is a slip of the pen.
fn placeholders(field: &str, text: &str, span: &Range<usize>, problems: &mut Vec<Problem>) {
    if text.replace(PROJECT, "").contains(['{', '}']) {
        let problem = Problem::error(format!("`{field}` has braces that stand for nothing"), span.start..span.start);
        problems.push(problem.help("only `{project}` is replaced, by the name of the project"));
    }
}

/// A title or text with the name of the project in its place.
pub(crate) fn about(text: &str, project: &str) -> String {
    text.replace(PROJECT, project)
}

#[cfg(test)]
mod tests;
