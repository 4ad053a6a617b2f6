//! Who conducted an assessment: reviewers with their conflicts of interest, the people of the project, what the reviewers
//! say of the whole, and what they recommend. It stands under `assessment` in the answers or the reviews file.

use chrono::NaiveDate;

use super::people;
use super::{CONFLICTS, Conflict, Person};
use crate::questionnaire::is_link;
use crate::yaml::{Fields, Kind, Node, Problem};

/// The most reviewers and the most recommendations.
const MOST: usize = 100;
/// How many people must agree in writing so that a reviewer with a hard conflict may take part: two chairs and the
/// facilitator.
const WAIVING: usize = 3;

/// Who conducted an assessment, and what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// The day on which the reviewers were done.
    pub completed: Option<NaiveDate>,
    /// Address of the issue in which the assessment is followed.
    pub tracking: Option<String>,
    pub reviewers: Vec<Reviewer>,
    /// The people of the project who took part.
    pub team: Vec<Person>,
    /// What the reviewers say of the design, in Markdown.
    pub design: Option<String>,
    /// What the reviewers found in the analysis, in Markdown.
    pub analysis: Option<String>,
    pub recommendations: Vec<Recommendation>,
}

/// Somebody who reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub person: Person,
    /// Whether this one leads the review.
    pub leads: bool,
    pub conflict: Conflict,
    /// What the conflict is.
    pub note: Option<String>,
    /// Who agreed in writing that this one may take part in spite of a hard conflict.
    pub waived_by: Vec<String>,
}

/// What the reviewers recommend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    pub to: RecommendedTo,
    /// In Markdown.
    pub text: String,
    pub by: Option<String>,
    pub on: Option<NaiveDate>,
    /// Where it is followed.
    pub link: Option<String>,
}

/// Whom a recommendation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecommendedTo {
    Project,
    Cncf,
    Additional,
}

/// Whom a recommendation can be for, by written names.
const RECOMMENDED_TO: [(&str, RecommendedTo); 3] =
    [("project", RecommendedTo::Project), ("cncf", RecommendedTo::Cncf), ("additional", RecommendedTo::Additional)];

impl RecommendedTo {
    pub fn word(self) -> &'static str {
        RECOMMENDED_TO.iter().find(|(_, to)| *to == self).map_or("", |(word, _)| word)
    }
}

/// Reads `assessment`; problems are added with their places.
pub(super) fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Conduct> {
    let mut fields = Fields::of(node, "an assessment", problems)?;
    let completed = fields.date("completed", problems);
    let tracking = link(&mut fields, "tracking", problems);
    let reviewers = list(&mut fields, "reviewers", problems, reviewer);
    let team = fields.node("team").map_or_else(Vec::new, |node| team(node, problems));
    let design = fields.text("design", problems);
    let analysis = fields.text("analysis", problems);
    let recommendations = list(&mut fields, "recommendations", problems, recommendation);
    let span = fields.span();
    fields.finish(problems);
    if reviewers.iter().filter(|reviewer| reviewer.leads).count() > 1 {
        problems.push(Problem::error("one reviewer leads", span.start..span.start));
    }
    Some(Conduct { completed, tracking, reviewers, team, design, analysis, recommendations })
}

fn list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    problems: &mut Vec<Problem>,
    read: fn(&Node, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    match fields.node(name).map(|node| (&node.kind, node)) {
        None => Vec::new(),
        Some((Kind::List(items), _)) if items.len() <= MOST => {
            items.iter().filter_map(|item| read(item, problems)).collect()
        }
        Some((_, node)) => {
            problems.push(Problem::error(format!("`{name}` is a list of at most {MOST} entries"), node.span.clone()));
            Vec::new()
        }
    }
}

fn team(node: &Node, problems: &mut Vec<Problem>) -> Vec<Person> {
    if !matches!(node.kind, Kind::List(_)) {
        problems.push(Problem::error("`team` is a list of people, such as [\"@alice\"]", node.span.clone()));
    }
    people::read(node, problems)
}

fn link(fields: &mut Fields<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
    let text = fields.text(name, problems)?;
    if !is_link(&text) {
        let at = fields.node(name).map_or(0..0, |node| node.span.clone());
        problems.push(Problem::error(format!("`{name}` is a link that begins with https://"), at));
        return None;
    }
    Some(text)
}

fn reviewer(node: &Node, problems: &mut Vec<Problem>) -> Option<Reviewer> {
    let mut fields = Fields::of(node, "a reviewer", problems)?;
    let handle = fields.required_text("handle", problems);
    let name = fields.text("name", problems);
    let role = fields.word("role", &[("lead", true), ("reviewer", false)], problems);
    fields.required("conflict", problems);
    let conflict = fields.word("conflict", &CONFLICTS, problems);
    let note = fields.text("note", problems);
    let waived_by = fields.texts("waived_by", problems);
    let span = fields.span();
    fields.finish(problems);
    let (conflict, leads) = (conflict?, role.unwrap_or(false));
    let mut error = |message: &str, help: &str| {
        problems.push(Problem::error(message, span.start..span.start).help(help.to_owned()));
    };
    if conflict != Conflict::None && note.is_none() {
        error("a conflict of interest needs its reason", "say in `note` what it is");
    }
    if leads && conflict != Conflict::None {
        error("who has a conflict of interest cannot lead the review", "let another reviewer lead");
    }
    if conflict == Conflict::Hard && waived_by.len() < WAIVING {
        error(
            "who has a hard conflict of interest cannot review",
            "unless two chairs and the facilitator agree in writing; name them in `waived_by`",
        );
    }
    if conflict != Conflict::Hard && !waived_by.is_empty() {
        error("only a hard conflict of interest is waived", "leave `waived_by` out");
    }
    Some(Reviewer { person: Person { handle: handle?, name, role: None }, leads, conflict, note, waived_by })
}

fn recommendation(node: &Node, problems: &mut Vec<Problem>) -> Option<Recommendation> {
    let mut fields = Fields::of(node, "a recommendation", problems)?;
    fields.required("to", problems);
    let to = fields.word("to", &RECOMMENDED_TO, problems);
    let text = fields.required_text("text", problems);
    let by = fields.text("by", problems);
    let on = fields.date("on", problems);
    let link = link(&mut fields, "link", problems);
    fields.finish(problems);
    Some(Recommendation { to: to?, text: text?, by, on, link })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Document, parse};

    fn problems(text: &str) -> Vec<String> {
        let node = parse(&Document::new("test.yaml", text)).unwrap();
        let mut problems = Vec::new();
        read(&node, &mut problems);
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn conflicts_follow_the_rules_of_joint_assessments() {
        let reviewer = |fields: &str| problems(&format!("reviewers:\n  - {{ handle: \"@bob\", {fields} }}\n"));
        for (fields, wrong) in [
            ("conflict: none, role: lead", None),
            ("conflict: soft, note: Uses it.", None),
            ("conflict: hard, note: Paid for it., waived_by: [a, b, c]", None),
            ("role: lead", Some("a reviewer needs the field `conflict`")),
            ("conflict: soft", Some("a conflict of interest needs its reason")),
            (
                "conflict: soft, note: Uses it., role: lead",
                Some("who has a conflict of interest cannot lead the review"),
            ),
            ("conflict: hard, note: Maintains it.", Some("who has a hard conflict of interest cannot review")),
            ("conflict: hard, note: X., waived_by: [a, b]", Some("who has a hard conflict of interest cannot review")),
            ("conflict: none, waived_by: [a]", Some("only a hard conflict of interest is waived")),
        ] {
            assert_eq!(reviewer(fields), wrong.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{fields}");
        }
    }

    #[test]
    fn the_whole_is_read() {
        let text = "completed: 2026-11-20\ntracking: https://github.com/cncf/toc/issues/1\n\
                    team:\n  - { handle: \"@alice\", role: maintainer }\ndesign: Sound.\nanalysis: Few findings.\n\
                    recommendations:\n  - { to: cncf, text: Fund an audit., by: \"@bob\", on: 2026-11-20 }\n";
        let node = parse(&Document::new("test.yaml", text)).unwrap();
        let mut problems = Vec::new();
        let conduct = read(&node, &mut problems).unwrap();
        assert_eq!(problems, Vec::new());
        assert_eq!(conduct.team.len(), 1);
        assert_eq!(conduct.recommendations[0].to.word(), "cncf");
        let wrong = "tracking: nowhere\nrecommendations: [{ to: all, text: x }]\nreviewers: {}\n";
        assert_eq!(self::problems(wrong).len(), 3);
    }
}
