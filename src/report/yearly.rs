//! Renders the year of a subject: charts of the readings, what was achieved and what slipped, figures, goals, signatures.

mod chart;

use serde::Serialize;

use self::chart::Chart;
use super::page::{Page, Style};
use super::view::words::{long_date, plural};
use super::{Format, ReportError, Terminal, engine};
use crate::annual::{Figure, Goal, Next, Reviewer, Trend, Unit, Year};
use crate::assess::record::Engine;
use crate::diff::{Diff, FindingDiff, Meaning};

/// The findings that a year tells, by what they mean: heading and lead.
const MEANINGS: [(Meaning, &str, &str); 5] = [
    (Meaning::Progress, "Achieved", "Better, since the project changed or what is said of it."),
    (Meaning::Setback, "Slipped", "Worse, since the project changed or what is said of it."),
    (Meaning::RanOut, "Expired", "What was said is too old to count."),
    (
        Meaning::SeenDifferently,
        "Only seen differently",
        "Another token or another place showed more or less. This is neither progress nor a setback.",
    ),
    (
        Meaning::MeasuredDifferently,
        "Only measured differently",
        "The model, the questions or the program changed. This is neither progress nor a setback.",
    ),
];

/// What templates get.
#[derive(Serialize)]
struct View<'y> {
    year: &'y Year,
    from_words: Option<String>,
    to_words: String,
    commit_short: Option<String>,
    access: Option<String>,
    models: Vec<ModelView>,
    groups: Vec<GroupView<'y>>,
    figures: Vec<FiguresView<'y>>,
    goals: Vec<GoalView>,
    next_goals: Vec<GoalView>,
    steps: &'y [Next],
    reviewers: Vec<ReviewerView<'y>>,
    assessments: String,
    remarks: &'y [String],
    /// The program that writes this.
    generator: String,
}

#[derive(Serialize)]
struct ModelView {
    chart: Chart,
    parts: Vec<Chart>,
    /// How the verified reading went, such as "level 2; level 1 on 1 May 2025".
    words: String,
}

#[derive(Serialize)]
struct GroupView<'y> {
    title: &'static str,
    lead: &'static str,
    findings: Vec<FindingView<'y>>,
}

#[derive(Serialize)]
struct FindingView<'y> {
    model: &'y str,
    id: &'y str,
    demands: &'y str,
    why: String,
}

#[derive(Serialize)]
struct FiguresView<'y> {
    title: &'y str,
    figures: &'y [Figure],
}

#[derive(Serialize)]
struct GoalView {
    model: String,
    part: String,
    target: String,
    verified: String,
    claimed: String,
    /// reached, reached by word, or open
    state: &'static str,
}

#[derive(Serialize)]
struct ReviewerView<'y> {
    by: &'y str,
    conflict: &'y str,
    words: String,
}

/// The year in a format, with a line break at the end.
pub fn render_year(year: &Year, format: Format) -> Result<String, ReportError> {
    match format {
        Format::Html => engine::run_built_in(&View::new(year), "annual.html", format),
        Format::Markdown => engine::run_built_in(&View::new(year), "annual.md", format),
        Format::Text => Ok(summary_of_year(year, &Terminal { verbose: true, ..Terminal::default() })),
        Format::Exchange(_) => {
            Err(ReportError::Unfit { reason: "a year is written as html, markdown, json or text".to_owned() })
        }
        Format::Json => Ok(serde_json::to_string_pretty(year)? + "\n"),
    }
}

/// How many findings of a kind the short summary lists.
const FINDINGS_SHOWN: usize = 8;

/// The year for a terminal.
pub fn summary_of_year(year: &Year, terminal: &Terminal) -> String {
    let view = View::new(year);
    let mut page = Page::new(terminal);
    page.text(0, Style::Bold, &format!("{} in {}", year.subject.id, year.year));
    page.field("To", &view.to_words);
    page.field("From", view.from_words.as_deref().unwrap_or("there is no earlier assessment"));
    page.field("Of", &view.assessments);
    for remark in view.remarks {
        page.item("!", Style::Unknown, remark);
    }
    page.heading("How it went, by what is verified");
    for model in &view.models {
        page.item("-", Style::Plain, &format!("{}: {}", model.chart.title, model.words));
        for part in model.parts.iter().filter(|_| terminal.verbose) {
            page.text(4, Style::Dim, &format!("{}: {}", part.title, part.now_words()));
        }
    }
    for group in &view.groups {
        group.show(&mut page, terminal.verbose);
    }
    if !year.expired.is_empty() {
        page.heading(&format!("Answers that have run out ({})", year.expired.len()));
        for answer in &year.expired {
            page.item("-", Style::Unknown, &format!("{} It held until {}.", answer.ask, answer.until));
        }
    }
    for group in &view.figures {
        page.heading(group.title);
        for figure in group.figures {
            let then = figure.then.as_ref().map_or_else(String::new, |then| format!(" (before: {then})"));
            page.item("-", Style::Plain, &format!("{}: {}{then}", figure.title, figure.now));
        }
    }
    goals(&mut page, "Goals set before", &view.goals);
    goals(&mut page, "Goals for the next year", &view.next_goals);
    page.finish()
}

fn goals(page: &mut Page, title: &str, goals: &[GoalView]) {
    if !goals.is_empty() {
        page.heading(title);
    }
    for goal in goals {
        let GoalView { model, part, target, verified, claimed, state } = goal;
        page.item(
            "-",
            Style::Plain,
            &format!("{model}, {part}: {target}; {state} (verified {verified}, claimed {claimed})"),
        );
    }
}

impl GroupView<'_> {
    fn show(&self, page: &mut Page, all: bool) {
        page.heading(&format!("{} ({})", self.title, self.findings.len()));
        let shown = if all { self.findings.len() } else { FINDINGS_SHOWN };
        for finding in self.findings.iter().take(shown) {
            page.item("-", Style::Plain, &format!("{} {} {}", finding.id, finding.demands, finding.why));
        }
        let more = self.findings.len().saturating_sub(shown);
        if more > 0 {
            page.text(2, Style::Dim, &format!("and {more} more, which `-v` lists"));
        }
    }
}

impl<'y> View<'y> {
    fn new(year: &'y Year) -> Self {
        let diff = year.diff.as_ref();
        let access = diff.map(|diff| match (diff.old.access.as_str(), diff.new.access.as_str()) {
            (old, new) if old == new => new.to_owned(),
            (old, new) => format!("{old}, then {new}"),
        });
        let engine = Engine::this();
        Self {
            year,
            from_words: year.from.map(long_date),
            to_words: long_date(year.to),
            commit_short: year.subject.commit.as_ref().map(|commit| commit.chars().take(10).collect()),
            access,
            models: year.trends.iter().map(ModelView::new).collect(),
            groups: diff.map(groups).unwrap_or_default(),
            figures: year
                .figures
                .iter()
                .map(|group| FiguresView { title: &group.title, figures: &group.figures })
                .collect(),
            goals: year.goals.iter().map(GoalView::new).collect(),
            next_goals: year.next_goals.iter().map(GoalView::new).collect(),
            steps: &year.next_steps,
            reviewers: year.reviewers.iter().map(ReviewerView::new).collect(),
            assessments: plural(year.assessments, "assessment"),
            remarks: diff.map(|diff| diff.remarks.as_slice()).unwrap_or_default(),
            generator: format!("{} {}", engine.name, engine.version),
        }
    }
}

fn groups(diff: &Diff) -> Vec<GroupView<'_>> {
    let of = |meaning: Meaning| {
        let of_model = move |model| {
            let model: &crate::diff::ModelDiff = model;
            model.of(meaning).map(|finding| FindingView::new(&model.title, finding))
        };
        diff.models.iter().flat_map(of_model).collect()
    };
    let group = |(meaning, title, lead): &(Meaning, &'static str, &'static str)| GroupView {
        title,
        lead,
        findings: of(*meaning),
    };
    MEANINGS.iter().map(group).filter(|group| !group.findings.is_empty()).collect()
}

impl<'y> FindingView<'y> {
    fn new(model: &'y str, finding: &'y FindingDiff) -> Self {
        let why: Vec<&str> = finding.causes.iter().map(|cause| cause.text.as_str()).collect();
        Self { model, id: &finding.requirement, demands: &finding.demands, why: why.join(" ") }
    }
}

impl ModelView {
    fn new(trend: &Trend) -> Self {
        Self { chart: Chart::new(trend), parts: trend.parts.iter().map(Chart::new).collect(), words: went(trend) }
    }
}

/// How a trend went, in words.
fn went(trend: &Trend) -> String {
    let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { return String::new() };
    let now = shown(trend.unit, last.verified);
    if trend.points.len() == 1 {
        return format!("{now} on {}", long_date(last.on));
    }
    let before = shown(trend.unit, first.verified);
    if before == now {
        format!("{now}, as on {}", long_date(first.on))
    } else {
        format!("{now}; {before} on {}", long_date(first.on))
    }
}

/// A number with its unit.
pub(super) fn shown(unit: Unit, number: f64) -> String {
    match unit {
        Unit::Level if number < 1.0 => "no level".to_owned(),
        Unit::Level => format!("level {number:.0}"),
        Unit::Percent => format!("{:.0} %", number.floor()),
        Unit::Points => format!("{:.2}", (number * 100.0).floor() / 100.0),
    }
}

impl GoalView {
    fn new(goal: &Goal) -> Self {
        let number = |number: Option<f64>| number.map_or_else(|| "not known".to_owned(), plain);
        Self {
            model: goal.model.clone(),
            part: goal.part.clone(),
            target: plain(goal.target),
            verified: number(goal.verified),
            claimed: number(goal.claimed),
            state: match (goal.is_reached(), goal.is_claimed()) {
                (true, _) => "reached",
                (false, true) => "reached by word alone",
                (false, false) => "open",
            },
        }
    }
}

/// A number without needless digits.
fn plain(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl<'y> ReviewerView<'y> {
    fn new(reviewer: &'y Reviewer) -> Self {
        let parts =
            [(reviewer.accepted, "accepted"), (reviewer.challenged, "challenged"), (reviewer.overruled, "overruled")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let total = reviewer.accepted + reviewer.challenged + reviewer.overruled;
        let void = match total - reviewer.counting.min(total) {
            0 => String::new(),
            void => format!("; {void} of them do not count"),
        };
        Self { by: &reviewer.by, conflict: &reviewer.conflict, words: format!("{}{void}", parts.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_their_unit_and_rounded_down() {
        assert_eq!(shown(Unit::Level, 0.0), "no level");
        assert_eq!(shown(Unit::Level, 2.0), "level 2");
        assert_eq!(shown(Unit::Percent, 99.9), "99 %");
        assert_eq!(shown(Unit::Points, 1.666), "1.66");
        assert_eq!((plain(1.5), plain(2.0), plain(0.333)), ("1.5".into(), "2".into(), "0.33".into()));
    }
}
