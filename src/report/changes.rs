//! Renders what changed between two assessments.

use serde::Serialize;

use super::escape::web_link;
use super::page::{Page, Style};
use super::view::words::{long_date, plural};
use super::{Format, ReportError, Terminal, engine};
use crate::diff::{AnswerDiff, Because, Diff, FindingDiff, LevelDiff, Meaning, ModelDiff, ObservationDiff, Stand};

/// How many observations the short summary lists.
const OBSERVATIONS_SHOWN: usize = 12;

/// The meanings of changed findings, in the order of the report: heading, lead, mark in the terminal.
const MEANINGS: [(Meaning, &str, &str, &str, Style); 6] = [
    (Meaning::Progress, "Progress", "Better, since the project changed or what is said of it.", "+", Style::Good),
    (Meaning::Setback, "Setbacks", "Worse, since the project changed or what is said of it.", "-", Style::Bad),
    (Meaning::RanOut, "Ran out", "What was said is too old to count.", "-", Style::Unknown),
    (Meaning::OtherGround, "On other ground", "Neither better nor worse.", "~", Style::Plain),
    (
        Meaning::SeenDifferently,
        "Only seen differently",
        "More or less was seen, with another token or from another place. This is neither progress nor a setback.",
        "?",
        Style::Claim,
    ),
    (
        Meaning::MeasuredDifferently,
        "Only measured differently",
        "The model, the questions or the program changed. This is neither progress nor a setback.",
        "?",
        Style::Claim,
    ),
];

/// What templates get.
#[derive(Serialize)]
struct View<'d> {
    diff: &'d Diff,
    old_on: String,
    new_on: String,
    old_commit: Option<String>,
    new_commit: Option<String>,
    /// Address where the commits between can be seen.
    compare: Option<String>,
    models: Vec<ModelView<'d>>,
    answers: Vec<AnswerView<'d>>,
    observations: Vec<&'d ObservationDiff>,
    questions: Vec<QuestionView<'d>>,
    nothing: bool,
}

#[derive(Serialize)]
struct ModelView<'d> {
    title: &'d str,
    version: String,
    /// Set where only one of the records is under the model.
    only: Option<&'static str>,
    levels: Vec<LevelView>,
    scores: Vec<ScoreView<'d>>,
    counts: String,
    groups: Vec<GroupView<'d>>,
}

#[derive(Serialize)]
struct LevelView {
    reading: String,
    old: String,
    new: String,
    note: Option<String>,
}

#[derive(Serialize)]
struct ScoreView<'d> {
    title: &'d str,
    unit: &'d str,
    old: String,
    new: String,
    not_comparable: bool,
}

#[derive(Serialize)]
struct GroupView<'d> {
    title: &'static str,
    lead: &'static str,
    findings: Vec<FindingView<'d>>,
}

#[derive(Serialize)]
struct FindingView<'d> {
    id: &'d str,
    demands: &'d str,
    old: String,
    new: String,
    causes: Vec<CauseView<'d>>,
}

#[derive(Serialize)]
struct CauseView<'d> {
    title: &'static str,
    text: &'d str,
    question: Option<&'d str>,
}

#[derive(Serialize)]
struct AnswerView<'d> {
    question: &'d str,
    ask: &'d str,
    old: &'d str,
    new: &'d str,
    cause: CauseView<'d>,
}

#[derive(Serialize)]
struct QuestionView<'d> {
    id: &'d str,
    ask: &'d str,
    old: String,
    new: String,
    causes: Vec<CauseView<'d>>,
}

impl<'d> View<'d> {
    fn new(diff: &'d Diff) -> Self {
        let short = |commit: &Option<String>| commit.as_ref().map(|commit| commit.chars().take(10).collect::<String>());
        let compare = match (&diff.subject.url, &diff.old.commit, &diff.new.commit) {
            (Some(url), Some(old), Some(new)) if old != new => web_link(&format!("{url}/compare/{old}...{new}")),
            _ => None,
        };
        Self {
            diff,
            old_on: long_date(diff.old.as_of),
            new_on: long_date(diff.new.as_of),
            old_commit: short(&diff.old.commit),
            new_commit: short(&diff.new.commit),
            compare,
            models: diff.models.iter().map(ModelView::new).collect(),
            answers: diff.answers.iter().map(AnswerView::new).collect(),
            observations: told(diff).collect(),
            questions: diff
                .questions
                .iter()
                .map(|question| QuestionView {
                    id: &question.id,
                    ask: &question.ask,
                    old: question.old.as_ref().map_or_else(|| "not asked".to_owned(), came),
                    new: question.new.as_ref().map_or_else(|| "not asked".to_owned(), came),
                    causes: question.causes.iter().map(CauseView::new).collect(),
                })
                .collect(),
            nothing: diff.is_empty(),
        }
    }
}

fn came(came: &crate::diff::Came) -> String {
    let value = match &came.value {
        Some(value) => value.to_string(),
        None if came.not_applicable => "does not apply".to_owned(),
        None => return came.basis.word().to_owned(),
    };
    format!("{value}, {}", came.basis.word())
}

impl<'d> ModelView<'d> {
    fn new(model: &'d ModelDiff) -> Self {
        let only = match (&model.old_version, &model.new_version) {
            (None, _) => Some("The first record is not under this model, so that nothing can be compared."),
            (_, None) => Some("The second record is not under this model, so that nothing can be compared."),
            _ => None,
        };
        let groups = MEANINGS.iter().map(|(meaning, title, lead, ..)| GroupView {
            title,
            lead,
            findings: model.of(*meaning).map(FindingView::new).collect(),
        });
        let scores = model.scores.iter().map(|score| ScoreView {
            title: &score.title,
            unit: &score.unit,
            old: score.old.join(" / "),
            new: score.new.join(" / "),
            not_comparable: score.not_comparable,
        });
        Self {
            title: &model.title,
            version: version(model),
            only,
            levels: model.levels.iter().map(LevelView::new).collect(),
            scores: scores.collect(),
            counts: counts(model),
            groups: groups.filter(|group| !group.findings.is_empty()).collect(),
        }
    }
}

fn version(model: &ModelDiff) -> String {
    match (&model.old_version, &model.new_version) {
        (Some(old), Some(new)) if old != new => format!("{new}, was {old}"),
        (Some(old), Some(_)) if model.demands_changed => format!("{old}, with other conditions"),
        (old, new) => new.clone().or(old.clone()).unwrap_or_default(),
    }
}

/// Such as "2 findings changed: 1 progress, 1 only seen differently; 62 stay as they were".
fn counts(model: &ModelDiff) -> String {
    let parts: Vec<String> = MEANINGS
        .iter()
        .map(|(meaning, title, ..)| (model.of(*meaning).count(), title.to_lowercase()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, title)| format!("{title} {count}"))
        .collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{} changed{parts}, {} stayed as they were.", plural(model.findings.len(), "finding"), model.unchanged)
}

impl LevelView {
    fn new(level: &LevelDiff) -> Self {
        let name = |level: u32| if level == 0 { "no level".to_owned() } else { format!("level {level}") };
        let note = level
            .comparable
            .filter(|comparable| *comparable != level.new)
            .map(|comparable| format!("{} if nothing had only been seen or measured differently", name(comparable)));
        Self { reading: level.reading.clone(), old: name(level.old), new: name(level.new), note }
    }
}

impl<'d> FindingView<'d> {
    fn new(finding: &'d FindingDiff) -> Self {
        Self {
            id: &finding.requirement,
            demands: &finding.demands,
            old: stand(finding.old.as_ref()),
            new: stand(finding.new.as_ref()),
            causes: finding.causes.iter().map(CauseView::new).collect(),
        }
    }
}

fn stand(stand: Option<&Stand>) -> String {
    let Some(stand) = stand else { return "not demanded".to_owned() };
    let outcome = stand.outcome.word().replace('-', " ");
    if outcome == stand.basis.word() { outcome } else { format!("{outcome}, {}", stand.basis.word()) }
}

impl<'d> CauseView<'d> {
    fn new(because: &'d Because) -> Self {
        Self { title: because.cause.title(), text: &because.text, question: because.question.as_deref() }
    }
}

impl<'d> AnswerView<'d> {
    fn new(answer: &'d AnswerDiff) -> Self {
        Self {
            question: &answer.question,
            ask: &answer.ask,
            old: answer.old.as_deref().unwrap_or("none"),
            new: answer.new.as_deref().unwrap_or("none"),
            cause: CauseView::new(&answer.cause),
        }
    }
}

/// The comparison in a format, with a line break at the end.
pub fn render_diff(diff: &Diff, format: Format) -> Result<String, ReportError> {
    match format {
        Format::Html => engine::run_built_in(&View::new(diff), "diff.html", format),
        Format::Markdown => engine::run_built_in(&View::new(diff), "diff.md", format),
        Format::Exchange(_) => {
            Err(ReportError::Unfit { reason: "a comparison is written as html, markdown, json or text".to_owned() })
        }
        Format::Json => Ok(serde_json::to_string_pretty(diff)? + "\n"),
        Format::Text => Ok(summary_of_diff(diff, &Terminal { verbose: true, ..Terminal::default() })),
    }
}

/// The comparison for a terminal.
pub fn summary_of_diff(diff: &Diff, terminal: &Terminal) -> String {
    let view = View::new(diff);
    let mut page = Page::new(terminal);
    page.text(0, Style::Bold, &format!("What changed in {}", diff.subject.id));
    page.field("From", &side(&view.old_on, view.old_commit.as_ref(), &diff.old));
    page.field("To", &side(&view.new_on, view.new_commit.as_ref(), &diff.new));
    for remark in &diff.remarks {
        page.item("!", Style::Unknown, remark);
    }
    if view.nothing {
        page.blank();
        page.text(0, Style::Plain, "Nothing changed.");
        return page.finish();
    }
    for model in &view.models {
        one_model(&mut page, model, terminal.verbose);
    }
    answers(&mut page, &view.answers);
    if terminal.verbose {
        questions(&mut page, &view.questions);
    }
    observations(&mut page, diff, terminal.verbose);
    if !terminal.verbose {
        page.blank();
        page.text(0, Style::Dim, "List everything with `-v`; write it with `-o diff.html` (or .md, .json).");
    }
    page.finish()
}

fn side(on: &str, commit: Option<&String>, side: &crate::diff::Side) -> String {
    let commit = commit.map(|commit| format!(", commit {commit}")).unwrap_or_default();
    format!("{on}{commit}; access {}, {} of {} observations known", side.access, side.known, side.total)
}

fn one_model(page: &mut Page, model: &ModelView<'_>, verbose: bool) {
    page.heading(&format!("{} {}", model.title, model.version));
    if let Some(only) = model.only {
        return page.text(2, Style::Plain, only);
    }
    for level in &model.levels {
        let change = if level.old == level.new {
            format!("{}, as before", level.new)
        } else {
            format!("{}, was {}", level.new, level.old)
        };
        let note = level.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        page.pair(&level.reading, &format!("{change}{note}"));
    }
    for score in &model.scores {
        let apart = if score.not_comparable { "; in part only seen or measured differently" } else { "" };
        page.text(4, Style::Plain, &format!("{}: {}, was {}{apart}", score.title, score.new, score.old));
    }
    page.text(2, Style::Plain, &model.counts);
    for group in &model.groups {
        let look = MEANINGS.iter().find(|(_, title, ..)| *title == group.title);
        let (mark, style) = look.map_or(("-", Style::Plain), |(_, _, _, mark, style)| (*mark, *style));
        page.blank();
        page.text(2, Style::Bold, &format!("{} ({})", group.title, group.findings.len()));
        page.text(2, Style::Dim, group.lead);
        for finding in &group.findings {
            page.item(mark, style, &format!("{}: {}, was {}", finding.id, finding.new, finding.old));
            if verbose {
                page.text(4, Style::Dim, finding.demands);
            }
            causes(page, &finding.causes, verbose);
        }
    }
}

fn causes(page: &mut Page, causes: &[CauseView<'_>], verbose: bool) {
    let shown = if verbose { causes.len() } else { 2 };
    for cause in causes.iter().take(shown) {
        let of = cause.question.map(|question| format!(" [{question}]")).unwrap_or_default();
        page.text(4, Style::Plain, &format!("{}: {}{of}", cause.title, cause.text));
    }
    if causes.len() > shown {
        page.text(4, Style::Dim, &format!("and {} more.", plural(causes.len() - shown, "cause")));
    }
}

fn answers(page: &mut Page, answers: &[AnswerView<'_>]) {
    if answers.is_empty() {
        return;
    }
    page.heading(&format!("Answers and reviews ({})", answers.len()));
    for answer in answers {
        page.item("-", Style::Plain, &format!("{}: {}", answer.question, answer.cause.text));
    }
}

fn questions(page: &mut Page, questions: &[QuestionView<'_>]) {
    if questions.is_empty() {
        return;
    }
    page.heading(&format!("Questions ({})", questions.len()));
    for question in questions {
        page.item("-", Style::Plain, &format!("{}: {}; was {}", question.id, question.new, question.old));
        causes(page, &question.causes, true);
    }
}

/// The observations that people are told of. Digests of files tell nobody anything; the days on which these changed are
/// observations too.
fn told(diff: &Diff) -> impl Iterator<Item = &ObservationDiff> {
    diff.observations.iter().filter(|observation| !observation.key.starts_with("anchors."))
}

fn observations(page: &mut Page, diff: &Diff, verbose: bool) {
    let all: Vec<&ObservationDiff> = told(diff).collect();
    if all.is_empty() {
        return;
    }
    let which = if diff.all_observations { "" } else { ", of those that the records name" };
    page.heading(&format!("Observations that changed ({}{which})", all.len()));
    let shown = if verbose { all.len() } else { OBSERVATIONS_SHOWN };
    for observation in all.iter().take(shown) {
        let cause = observation.cause.title();
        let line = format!("{}: {}, was {} ({cause})", observation.key, observation.new, observation.old);
        if verbose {
            page.item("-", Style::Plain, &line);
        } else {
            page.text(2, Style::Plain, &format!("- {}", cut(&line)));
        }
    }
    if all.len() > shown {
        page.text(2, Style::Dim, &format!("and {} more.", all.len() - shown));
    }
}

/// The longest line of an observation in the short summary, in characters.
const LONGEST: usize = 150;

fn cut(line: &str) -> String {
    if line.chars().count() <= LONGEST {
        line.to_owned()
    } else {
        line.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}
