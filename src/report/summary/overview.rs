//! Several models side by side, for a terminal.

use crate::report::page::{Page, Style};
use crate::report::view::words::plural;
use crate::report::view::{ActionView, OverviewRow, OverviewView};

/// How many actions the short summary lists.
const ACTIONS_SHOWN: usize = 5;

/// What each model comes to, and which actions move most of them.
pub(super) fn overview(page: &mut Page, overview: &OverviewView, verbose: bool) {
    page.heading("Overview");
    for row in &overview.models {
        let OverviewRow { title, readings, highest, judged, total, .. } = row;
        let [verified, claimed, possible] = [0, 1, 2].map(|at| readings.get(at).map_or("", String::as_str));
        let line = format!(
            "{title}: {verified} verified, {claimed} claimed, {possible} possible of {highest}; {judged} of {total} judged"
        );
        page.item("-", Style::Plain, &line);
    }
    page.blank();
    page.bars_head(overview.models.iter().map(|row| row.title.as_str()));
    for row in &overview.models {
        page.bar(&row.title, &row.bar);
    }
    let apart = match overview.to_answer_apart {
        apart if apart > overview.to_answer => format!("; asked for each model alone, it would be {apart}"),
        _ => String::new(),
    };
    page.blank();
    let to_answer = plural(overview.to_answer, "question");
    page.text(2, Style::Plain, &format!("A person still has to answer {to_answer} for all of them{apart}."));
    actions(page, overview, verbose);
}

fn actions(page: &mut Page, overview: &OverviewView, verbose: bool) {
    if overview.actions.is_empty() {
        return;
    }
    page.heading("What moves most");
    let shown = if verbose { overview.actions.len() } else { ACTIONS_SHOWN };
    for ActionView { number, ask, effort, moves, count, .. } in overview.actions.iter().take(shown) {
        let (models, requirements) = (plural(moves.len(), "model"), plural(*count, "requirement"));
        page.item(&format!("{number}."), Style::Bold, &format!("{ask} ({models}, {requirements}; effort: {effort})"));
    }
}
