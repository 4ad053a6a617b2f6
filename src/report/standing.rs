//! What still holds, for a terminal.

use super::Terminal;
use super::page::{Page, Style};
use super::view::words::{long_date, plural};
use crate::validity::{Counts, Item, Standing, Validity};

/// How many pieces of work the short summary lists.
const WORK_SHOWN: usize = 10;

/// The heading of a validity, how it looks, and what it means.
fn look(validity: Validity) -> (&'static str, Style, &'static str) {
    match validity {
        Validity::Expired => ("Expired", Style::Bad, "They ran out and do not count: unknown again."),
        Validity::Contradicted => ("Contradicted", Style::Bad, "What was observed says otherwise, and counts."),
        Validity::Suspect => (
            "Suspect",
            Style::Unknown,
            "Something on which they rest changed. They count as claimed, never as verified.",
        ),
        Validity::Due => ("Due", Style::Claim, "They hold, and should be looked at again."),
        Validity::Superseded => ("Superseded", Style::Dim, "Something else took their place."),
        Validity::Fresh => ("Fresh", Style::Good, "They hold."),
    }
}

/// What still holds, what broke it, and the least work. `again` are the arguments that name the subject again.
pub fn summary_of_standing(standing: &Standing, again: &str, terminal: &Terminal) -> String {
    let mut page = Page::new(terminal);
    page.text(0, Style::Bold, &format!("What still holds of {}", standing.subject));
    page.field("As of", &format!("{}; seen on {}", long_date(standing.as_of), long_date(standing.seen_on)));
    page.field("Said", &counts(&standing.counts, "nothing was said"));
    page.field("Seen", &counts(&standing.observed, "nothing settles a question by itself"));
    if let Some(next) = standing.next_due {
        page.field("Next due", &long_date(next));
    }
    broken(&mut page, standing);
    for validity in Validity::ALL {
        let items: Vec<&Item> = standing.with(validity).collect();
        if items.is_empty() || (validity == Validity::Fresh && !terminal.verbose) {
            continue;
        }
        let (title, style, lead) = look(validity);
        page.heading(&format!("{title} ({})", items.len()));
        page.text(2, Style::Dim, lead);
        for item in items {
            one(&mut page, item, style);
        }
    }
    work(&mut page, standing, again, terminal.verbose);
    page.finish()
}

/// Such as "12 fresh, 2 due".
fn counts(counts: &Counts, none: &str) -> String {
    let all = [
        (counts.fresh, "fresh"),
        (counts.due, "due"),
        (counts.suspect, "suspect"),
        (counts.contradicted, "contradicted"),
        (counts.expired, "expired"),
        (counts.superseded, "superseded"),
    ];
    let told: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if told.is_empty() { none.to_owned() } else { told.join(", ") }
}

fn broken(page: &mut Page, standing: &Standing) {
    if standing.touched.is_empty() {
        return;
    }
    page.heading("What changed since");
    for touched in &standing.touched {
        let change = &touched.change;
        page.item("!", Style::Unknown, &format!("{}: {}", change.on, change.title));
        if let Some(what) = &change.what {
            page.text(4, Style::Plain, what);
        }
        page.text(4, Style::Dim, &format!("touches {}", touched.questions.join(", ")));
    }
}

fn one(page: &mut Page, item: &Item, style: Style) {
    let said = item.value.as_ref().map(|value| format!(": {value}")).unwrap_or_default();
    let by = match (&item.by, item.on) {
        (Some(by), Some(on)) => format!(", {by} on {on}"),
        (Some(by), None) => format!(", {by}"),
        (None, Some(on)) => format!(", seen on {on}"),
        (None, None) => String::new(),
    };
    page.item("-", style, &format!("{}{said}{by}", item.id));
    page.text(4, Style::Dim, &item.ask);
    for because in &item.because {
        page.text(4, Style::Plain, because);
    }
}

fn work(page: &mut Page, standing: &Standing, again: &str, verbose: bool) {
    if standing.work.is_empty() {
        page.blank();
        page.text(0, Style::Good, "Everything holds; there is nothing to do.");
        return;
    }
    page.heading(&format!("The least work that makes it whole ({})", standing.work.len()));
    let shown = if verbose { standing.work.len() } else { WORK_SHOWN };
    for (number, work) in standing.work.iter().take(shown).enumerate() {
        let waits = match work.requirements {
            0 => String::new(),
            count => format!(" For {}.", plural(count, "requirement")),
        };
        page.item(&format!("{}.", number + 1), Style::Bold, &format!("{}: {}{waits}", work.id, work.what));
    }
    if standing.work.len() > shown {
        page.text(2, Style::Dim, &format!("and {} more.", standing.work.len() - shown));
    }
    page.blank();
    page.text(2, Style::Plain, &format!("`seaworthy answer{again} --only due` asks what is due, suspect or expired."));
}
