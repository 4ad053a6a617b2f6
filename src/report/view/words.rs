//! The words and sentences that reports use for outcomes, bases, dates and numbers.

use chrono::NaiveDate;

use crate::assess::record::{Basis, Certainty, Outcome, StepKind};
use crate::evidence::Access;
use crate::questionnaire::Scoring;

/// How reports speak of an outcome.
pub(in crate::report) struct OutcomeWords {
    pub outcome: Outcome,
    /// Whether it is proved; an outcome that asks for no proof is listed as proved.
    pub verified: bool,
    pub title: &'static str,
    pub symbol: &'static str,
    pub meaning: &'static str,
}

const UNKNOWN: OutcomeWords = OutcomeWords {
    outcome: Outcome::Unknown,
    verified: true,
    title: "Unknown",
    symbol: "?",
    meaning: "It could not be judged. This is neither a yes nor a no.",
};

/// All outcomes, those first that somebody should look at.
pub(super) const OUTCOMES: [OutcomeWords; 7] = [
    OutcomeWords {
        outcome: Outcome::Unmet,
        verified: true,
        title: "Not met",
        symbol: "✗",
        meaning: "What was observed or said shows that the demand is not met.",
    },
    OutcomeWords {
        outcome: Outcome::Partly,
        verified: true,
        title: "Partly met",
        symbol: "◐",
        meaning: "Some of the demand is met, some of it is not.",
    },
    UNKNOWN,
    OutcomeWords {
        outcome: Outcome::Met,
        verified: false,
        title: "Met, not proved",
        symbol: "○",
        meaning: "The maintainers say so or a sign speaks for it, but it is not proved.",
    },
    OutcomeWords {
        outcome: Outcome::Met,
        verified: true,
        title: "Met",
        symbol: "✓",
        meaning: "The demand is met, and that is proved.",
    },
    OutcomeWords {
        outcome: Outcome::NotApplicable,
        verified: false,
        title: "Does not apply, not proved",
        symbol: "–",
        meaning: "The maintainers say so or a sign speaks for it, but it is not proved.",
    },
    OutcomeWords {
        outcome: Outcome::NotApplicable,
        verified: true,
        title: "Does not apply",
        symbol: "–",
        meaning: "The demand does not concern this project.",
    },
];

/// The words for a finding. Only of met and inapplicable demands does it matter whether that is proved.
pub(in crate::report) fn outcome_words(outcome: Outcome, verified: bool) -> &'static OutcomeWords {
    let proved = verified || !matches!(outcome, Outcome::Met | Outcome::NotApplicable);
    OUTCOMES.iter().find(|words| words.outcome == outcome && words.verified == proved).unwrap_or(&UNKNOWN)
}

/// All bases with what each means, from the strongest to the weakest.
pub(super) const BASES: [(Basis, &str); 9] = [
    (Basis::Corroborated, "Observed, and the maintainers say the same."),
    (Basis::Reviewed, "A reviewer has looked at it and says so."),
    (Basis::Observed, "Read from the repository or its settings."),
    (Basis::Attested, "The maintainers say so. Nothing was seen that proves it."),
    (Basis::Disputed, "The maintainers say so, but a sign or a reviewer speaks against it."),
    (Basis::Contradicted, "The maintainers say otherwise than what was observed. What was observed counts."),
    (Basis::Lapsed, "The maintainers' answer has run out and counts no longer."),
    (Basis::Waived, "Not met, and accepted for a time by somebody who is named. It does not count as met."),
    (Basis::Unknown, "Neither observed nor answered."),
];

pub(in crate::report) fn basis_meaning(basis: Basis) -> &'static str {
    BASES.iter().find(|entry| entry.0 == basis).map_or("", |entry| entry.1)
}

pub(super) fn certainty_meaning(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Proof => "proof: it settles the matter",
        Certainty::Sign => "sign: it points this way, without settling it",
        Certainty::Word => "word: somebody says so",
        Certainty::None => "none",
    }
}

pub(super) fn access_sentence(access: Access) -> &'static str {
    match access {
        Access::Checkout => "a local checkout, without GitHub: settings could not be read",
        Access::Anonymous => "GitHub without a token: only what everybody can see",
        Access::Read => "a GitHub token that can read: most settings stay hidden",
        Access::Write => "a GitHub token with the right to push: some settings stay hidden",
        Access::Admin => "a GitHub token of an administrator: the settings could be read",
    }
}

/// Which requirements a level counts, by the model's way of scoring.
pub(super) fn levels_meaning(scoring: &str) -> &'static str {
    if scoring == Scoring::BadgePercentages.word() {
        "A level counts requirements of its own, and is reached once the level below is reached too."
    } else {
        "A level counts its own requirements and those of the levels below."
    }
}

/// How reports speak of a kind of step.
pub(super) struct StepWords {
    pub kind: &'static str,
    pub needs: &'static str,
    pub meaning: &'static str,
}

pub(super) fn step_words(kind: StepKind) -> StepWords {
    let (kind, needs, meaning) = match kind {
        StepKind::Correct => ("correct", "a correction", "Set right what was said and is disproved"),
        StepKind::Answer => ("answer", "an answer", "Answer a question that only a person can answer"),
        StepKind::Reveal => ("reveal", "a look with more rights", "Look on GitHub, with the rights that it takes"),
        StepKind::Prove => {
            ("prove", "proof or a review", "Have a reviewer confirm what is only said, or make it visible")
        }
        StepKind::Fix => ("fix", "a fix", "Do what is missing"),
        StepKind::Justify => ("justify", "a justification", "Say why, or where it can be seen"),
    };
    StepWords { kind, needs, meaning }
}

/// `24 November 2026`
pub(in crate::report) fn long_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `1 requirement`, `2 requirements`; irregular plurals are not needed.
pub(in crate::report) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `today`, `in 12 days`, `3 days ago`
pub(super) fn days_from(as_of: NaiveDate, until: NaiveDate) -> String {
    match until.signed_duration_since(as_of).num_days() {
        0 => "today".to_owned(),
        days if days > 0 => format!("in {}", plural(usize::try_from(days).unwrap_or(0), "day")),
        days => format!("{} ago", plural(usize::try_from(days.unsigned_abs()).unwrap_or(0), "day")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_the_day_of_the_assessment() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (until, wanted) in [
            ("2026-11-24", "today"),
            ("2026-11-25", "in 1 day"),
            ("2027-11-24", "in 365 days"),
            ("2026-11-23", "1 day ago"),
        ] {
            assert_eq!(days_from(day("2026-11-24"), day(until)), wanted);
        }
    }
}
