//! The summary for terminals and plain text.

mod overview;

use super::page::{Page, Style};
use super::view::words::plural;
use super::{Bar, ContradictionView, FindingView, ModelView, ReportError, ScoreView, StepView, UnknownGroup, View};
use crate::assess::record::Assessment;

/// With more models than these the short summary tells them by the overview alone.
const MODELS_APART: usize = 3;

/// How many next steps the short summary shows.
const STEPS_SHOWN: usize = 5;

/// How many lines the short summary spends on how a step is done.
const HOW_LINES: usize = 2;

/// How many requirement ids stand in one list of the short summary.
const IDS_SHOWN: usize = 6;

/// What the output can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns; no line is wider. At least 40 are used.
    pub width: usize,
    /// Whether colours may be used.
    pub colour: bool,
    /// Whether block characters may be used.
    pub unicode: bool,
    /// Whether all findings and steps are listed.
    pub verbose: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { width: 80, colour: false, unicode: true, verbose: false }
    }
}

/// What `assess` prints: the result, contradictions, next steps and unknowns.
pub fn summary(record: &Assessment, terminal: &Terminal) -> Result<String, ReportError> {
    let view = View::new(record);
    let mut page = Page::new(terminal);
    head(&mut page, &view);
    // Many models side by side are told by the overview; their chapters are long.
    let told_apart = terminal.verbose || view.models.len() <= MODELS_APART;
    if let Some(several) = &view.overview {
        overview::overview(&mut page, several, terminal.verbose);
    }
    for model in view.models.iter().filter(|_| told_apart) {
        result(&mut page, model);
    }
    let lead = "What was observed differs from what the maintainers say. What was observed counts.";
    both_sides(&mut page, "Contradictions", lead, &view.contradictions);
    let lead = "A sign or a reviewer speaks against what the maintainers say. The answer counts as a claim.";
    both_sides(&mut page, "Disputed answers", lead, &view.disputes);
    for model in view.models.iter().filter(|_| told_apart) {
        let several = (view.models.len() > 1).then_some(model.title.as_str());
        steps(&mut page, model, several, terminal.verbose);
        unknowns(&mut page, model, several, terminal.verbose);
        waivers(&mut page, model, several);
    }
    audits(&mut page, &view, terminal.verbose);
    due(&mut page, &view, terminal.verbose);
    if terminal.verbose {
        for model in &view.models {
            findings(&mut page, model);
        }
    }
    foot(&mut page, &view, terminal.verbose);
    Ok(page.finish())
}

fn head(page: &mut Page, view: &View) {
    page.text(0, Style::Bold, &format!("Assessment of {}", view.subject.id));
    let models: Vec<String> = view.models.iter().map(|model| format!("{} {}", model.title, model.version)).collect();
    page.field("As of", &view.as_of_words);
    page.field("Under", &models.join(", "));
    if let Some(commit) = &view.subject.commit {
        let short: String = commit.chars().take(12).collect();
        let branch = view.subject.default_branch.as_ref().map(|branch| format!(" of {branch}")).unwrap_or_default();
        page.field("Commit", &format!("{short}{branch}"));
    }
    page.field("Access", view.inputs.access_meaning);
    page.field("Seen", &format!("{} of {} observations are known", view.inputs.known, view.inputs.total));
    page.field("Said", &view.inputs.said);
}

fn result(page: &mut Page, model: &ModelView) {
    page.heading(&format!("{} {}", model.title, model.version));
    if let Some(profile) = &model.profile {
        page.text(2, Style::Plain, &profile.sentence);
    }
    if model.highest > 0 {
        for reading in &model.readings {
            let level = match reading.level {
                0 => "no level".to_owned(),
                level => format!("level {level} of {}", model.highest),
            };
            let named = reading.named.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            page.reading(reading.title, &level, &format!("{named}{}", reading.meaning));
        }
    }
    scores(page, model);
    if let Some(gone) = model.scores.first().and_then(|score| score.to_target.as_ref()) {
        page.text(2, Style::Plain, &format!("{gone} of the way to the targets is gone, by what is claimed."));
    }
    page.text(2, Style::Plain, &format!("{} of {} requirements could be judged.", model.judged, model.total));
    let rows: Vec<(String, &Bar)> = model
        .levels
        .iter()
        .map(|level| (level.title.clone(), &level.bar))
        .chain(model.areas.iter().filter(|_| !model.areas_scored).map(|area| (area.title.clone(), &area.bar)))
        .collect();
    if rows.is_empty() {
        return;
    }
    page.blank();
    page.bars_head(rows.iter().map(|row| row.0.as_str()));
    for (index, (label, bar)) in rows.iter().enumerate() {
        if index == model.levels.len() && index > 0 {
            page.blank();
        }
        page.bar(label, bar);
    }
}

/// What the model counts beside levels, each with a bar: verified, claimed and possible of the highest, and the target.
fn scores(page: &mut Page, model: &ModelView) {
    if model.scores.is_empty() {
        return;
    }
    let label = |score: &ScoreView| {
        let indent = match score.of {
            "area" if model.scores.iter().any(|other| other.of == "group") => " ",
            _ => "",
        };
        format!("{indent}{}", score.title)
    };
    let labels: Vec<String> = model.scores.iter().map(label).collect();
    page.scores_head(labels.iter().map(String::as_str), model.has_targets);
    for (label, score) in labels.iter().zip(&model.scores) {
        let target = score.target.as_deref().unwrap_or_default();
        page.score(label, &score.bar, &[&score.verified, &score.claimed, &score.possible, target]);
    }
    page.blank();
}

fn both_sides(page: &mut Page, title: &str, lead: &str, items: &[ContradictionView]) {
    if items.is_empty() {
        return;
    }
    page.alarm(&format!("{title} ({})", items.len()));
    page.text(2, Style::Dim, lead);
    for item in items {
        page.item("!", Style::Bad, &item.ask);
        let by = item.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        page.pair("said", &format!("{}{by}", item.answered.as_deref().unwrap_or("nothing")));
        let reason = item.reasons.first().map(|reason| format!(": {}", reason.text)).unwrap_or_default();
        match &item.observed {
            Some(observed) => page.pair("observed", &format!("{observed}{reason}")),
            None => page.pair("against", reason.trim_start_matches(": ")),
        }
        page.pair("decides", &ids(item.requirements.iter().map(|finding| finding.id.as_str())));
    }
}

fn steps(page: &mut Page, model: &ModelView, several: Option<&str>, verbose: bool) {
    let Some(first) = model.steps.first() else { return };
    let title = match first.level {
        0 => "Next steps".to_owned(),
        level => format!("Next steps to level {level}"),
    };
    page.heading(&named(&title, several));
    let shown = if verbose { model.steps.len() } else { STEPS_SHOWN };
    for step in model.steps.iter().take(shown) {
        one_step(page, step, verbose);
    }
    if model.steps.len() > shown {
        page.text(2, Style::Dim, &format!("and {} more.", plural(model.steps.len() - shown, "step")));
    }
}

fn one_step(page: &mut Page, step: &StepView, verbose: bool) {
    page.item(&format!("{}.", step.number), Style::Bold, &step.ask);
    page.short_text(5, if verbose { usize::MAX } else { HOW_LINES }, &step.how);
    page.text(
        5,
        Style::Dim,
        &format!(
            "Needs {}; {} effort; for {}",
            step.needs,
            step.effort,
            ids(step.requirements.iter().map(|requirement| requirement.id.as_str()))
        ),
    );
}

fn unknowns(page: &mut Page, model: &ModelView, several: Option<&str>, verbose: bool) {
    if model.unknowns.is_empty() {
        return;
    }
    page.heading(&named("What is unknown, and what would settle it", several));
    for group in &model.unknowns {
        page.item("?", Style::Unknown, &group.sentence);
        page.text(4, Style::Dim, &group_ids(group, verbose));
        if verbose {
            for missing in &group.missing {
                page.text(4, Style::Dim, &format!("not readable: {missing}"));
            }
        }
    }
}

fn group_ids(group: &UnknownGroup, verbose: bool) -> String {
    let all = group.requirements.iter().map(|finding| finding.id.as_str());
    if verbose { all.collect::<Vec<_>>().join(", ") } else { ids(all) }
}

fn waivers(page: &mut Page, model: &ModelView, several: Option<&str>) {
    if model.waivers.is_empty() {
        return;
    }
    page.heading(&named("Waivers", several));
    for waiver in &model.waivers {
        let ends = if waiver.ended { "ended" } else { "ends" };
        page.item("~", Style::Unknown, &format!("{}: {}", waiver.requirement, waiver.reason));
        page.text(4, Style::Dim, &format!("{ends} on {} ({}), by {}", waiver.until, waiver.when, waiver.by));
    }
}

/// The latest audit, or all of them.
fn audits(page: &mut Page, view: &View, verbose: bool) {
    if view.audits.is_empty() {
        return;
    }
    page.heading(&format!("Audits of the code ({}), as the maintainers tell", view.audits.len()));
    for audit in view.audits.iter().take(if verbose { usize::MAX } else { 1 }) {
        let who = if audit.independent { "independent" } else { "by the project itself" };
        let lead = format!("{}, {} ({}), {who}: {}", audit.auditor, audit.finished, audit.age, audit.code);
        page.item("*", Style::Plain, &lead);
        page.text(4, Style::Plain, &format!("{}. {}", capitalised(audit.shipped_title), audit.shipped_because));
        page.text(4, Style::Dim, &format!("Findings: {}", audit.findings));
        if let (Some(scope), true) = (&audit.scope, verbose) {
            page.text(4, Style::Dim, &format!("Covered: {scope}"));
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

fn due(page: &mut Page, view: &View, verbose: bool) {
    let lapsed = view.due.iter().filter(|due| due.lapsed).count();
    let Some(next) = view.due.iter().find(|due| !due.lapsed) else {
        if lapsed > 0 {
            page.heading("Answers that run out");
            page.text(2, Style::Plain, &format!("{} run out.", have_run(lapsed)));
        }
        return;
    };
    page.heading("Answers that run out");
    if lapsed > 0 {
        page.text(2, Style::Plain, &format!("{} run out.", have_run(lapsed)));
    }
    page.text(2, Style::Plain, &format!("The next runs out on {} ({}).", next.until, next.when));
    if verbose {
        for due in &view.due {
            let state = if due.lapsed { "ran out" } else { "runs out" };
            page.item("-", Style::Plain, &format!("{}: {state} on {}, by {}", due.question, due.until, due.by));
        }
    }
}

fn have_run(count: usize) -> String {
    format!("{} {}", plural(count, "answer"), if count == 1 { "has" } else { "have" })
}

fn findings(page: &mut Page, model: &ModelView) {
    for area in &model.areas {
        page.heading(&format!("{} {}: {}", model.title, model.version, area.title));
        for finding in &area.findings {
            one_finding(page, finding);
        }
    }
}

fn one_finding(page: &mut Page, finding: &FindingView) {
    let style = match finding.outcome {
        "met" if finding.verified => Style::Good,
        "met" => Style::Claim,
        "unmet" => Style::Bad,
        "partly" | "unknown" => Style::Unknown,
        _ => Style::Dim,
    };
    page.finding(style, finding.symbol, &finding.id, &finding.demands);
    let worth = finding.worth.as_ref().map(|worth| format!(", worth {worth}")).unwrap_or_default();
    let uncounted = finding.uncounted.as_ref().map(|levels| format!(", not counted for {levels}")).unwrap_or_default();
    let outcome = format!("{}{worth}, {} ({}){uncounted}", finding.outcome_title, finding.basis, finding.certainty);
    page.text(4, Style::Plain, &outcome);
    for reason in &finding.reasons {
        let source = reason.source.as_ref().map(|source| format!(" [{source}]")).unwrap_or_default();
        page.text(4, Style::Dim, &format!("{}{source}", reason.text));
    }
    if !finding.also.is_empty() {
        let also: Vec<String> =
            finding.also.iter().map(|also| format!("{} {} ({})", also.model, also.id, also.words)).collect();
        let lead = if finding.outcome == "met" { "Also satisfies" } else { "Would also satisfy" };
        page.text(4, Style::Dim, &format!("{lead}: {}", also.join(", ")));
    }
    if let Some(next) = &finding.next {
        page.text(4, Style::Plain, &format!("Next: {next}"));
    }
}

fn foot(page: &mut Page, view: &View, verbose: bool) {
    page.blank();
    let more = if verbose {
        "Write a report with `-o report.html` (or .md, .json)."
    } else {
        "List all findings with `-v`; write a report with `-o report.html` (or .md, .json)."
    };
    page.text(0, Style::Dim, more);
    page.text(0, Style::Dim, &format!("{} {}", view.engine.name, view.engine.version));
}

fn named(title: &str, model: Option<&str>) -> String {
    model.map_or_else(|| title.to_owned(), |model| format!("{title} ({model})"))
}

/// The first ids, and how many more there are.
fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = ids.collect();
    let shown = all.iter().take(IDS_SHOWN).copied().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(IDS_SHOWN) {
        0 if all.is_empty() => "no requirement".to_owned(),
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
