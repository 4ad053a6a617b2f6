//! What a model counts beside levels, as reports show it: percentages, averages, completeness.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Bar;
use crate::assess::record::{ModelResult, Number, ScoreOf, ScoreResult, ScoreUnit};
use crate::report::escape::clean;

/// A number that the model counts, in three readings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScoreView {
    /// `Passing`
    pub title: String,
    /// level, area, group or model
    pub of: &'static str,
    /// `63 %` or `1.25`
    pub verified: String,
    /// By what is proved or said.
    pub claimed: String,
    /// By all that is not disproved.
    pub possible: String,
    /// The most that can be reached: `100 %` or `3`.
    pub highest: String,
    /// What the maintainers aim at.
    pub target: Option<String>,
    /// How much of the way to the targets is gone, by what is claimed: `36 %`, or `n/a` where the target is 0.
    pub to_target: Option<String>,
    /// The same numbers as a bar: its parts are hundredths of a percent of the highest.
    pub bar: Bar,
}

impl ScoreView {
    pub(super) fn new(score: &ScoreResult) -> Self {
        let shown = |number: &Number| shown_number(number, score.unit);
        let part = |number: &Number| hundredths(number.decimal, score.highest.decimal);
        let (verified, claimed, possible) = (part(&score.verified), part(&score.claimed), part(&score.possible));
        let words = format!(
            "{} verified, {} claimed, {} possible of {}",
            shown(&score.verified),
            shown(&score.claimed),
            shown(&score.possible),
            shown(&score.highest)
        );
        let parts = [
            verified,
            claimed.saturating_sub(verified),
            possible.saturating_sub(claimed),
            WHOLE.saturating_sub(possible.max(claimed)),
        ];
        Self {
            title: clean(&score.title),
            of: match score.of {
                ScoreOf::Level => "level",
                ScoreOf::Area => "area",
                ScoreOf::Group => "group",
                ScoreOf::Model => "model",
            },
            verified: shown(&score.verified),
            claimed: shown(&score.claimed),
            possible: shown(&score.possible),
            highest: shown(&score.highest),
            target: score.target.as_ref().map(shown),
            to_target: score
                .to_target
                .as_ref()
                .map(|to_target| format!("{} %", rounded_down(to_target.claimed.decimal * 100.0, 0)))
                .or_else(|| score.target.as_ref().filter(|target| target.decimal <= 0.0).map(|_| "n/a".to_owned())),
            bar: Bar {
                note: format!(
                    "{} verified, {} claimed of {}",
                    shown(&score.verified),
                    shown(&score.claimed),
                    shown(&score.highest)
                ),
                words,
                ..Bar::new(parts)
            },
        }
    }
}

/// A number as reports write it: `63 %` or `1.25`.
pub(in crate::report) fn shown_number(number: &Number, unit: ScoreUnit) -> String {
    match unit {
        ScoreUnit::Percent => format!("{} %", rounded_down(number.decimal, 0)),
        ScoreUnit::Points => rounded_down(number.decimal, 2),
    }
}

/// The score of the whole in its three readings, where a model counts beside levels.
pub fn whole_in_words(model: &ModelResult) -> Option<String> {
    model.scores.first().map(|whole| ScoreView::new(whole).bar.words)
}

/// A whole bar.
const WHOLE: u32 = 10_000;

/// A part of the highest, in hundredths of a percent.
fn hundredths(part: f64, highest: f64) -> u32 {
    if highest <= 0.0 {
        return 0;
    }
    let share = (part / highest * f64::from(WHOLE)).clamp(0.0, f64::from(WHOLE));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was bounded just now")]
    let share = share as u32;
    share
}

/// A number with at most so many decimals, without zeros at the end: what is not quite reached is not shown as reached.
fn rounded_down(number: f64, decimals: i32) -> String {
    let factor = 10_f64.powi(decimals);
    // Four digits were kept, so that a small step makes up for what binary fractions lose.
    format!("{}", (number.mul_add(factor, 0.000_01)).floor() / factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_too_high() {
        for (number, decimals, text) in
            [(99.9, 0, "99"), (100.0, 0, "100"), (1.25, 2, "1.25"), (0.6666, 2, "0.66"), (3.0, 2, "3"), (1.3, 2, "1.3")]
        {
            assert_eq!(rounded_down(number, decimals), text);
        }
    }

    #[test]
    fn parts_fill_the_bar() {
        assert_eq!(hundredths(1.5, 3.0), 5_000);
        assert_eq!(hundredths(4.0, 3.0), 10_000);
        assert_eq!(hundredths(1.0, 0.0), 0);
    }
}
