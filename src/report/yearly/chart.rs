//! The geometry of a small chart: three readings over the years.

use chrono::NaiveDate;
use serde::Serialize;

use super::shown;
use crate::annual::{Point, Trend, Unit};

/// The drawing area, in units of the picture.
const WIDTH: f64 = 220.0;
const HEIGHT: f64 = 84.0;
/// What is left around it, so that lines and dots at the edge are whole.
const MARGIN: f64 = 6.0;

/// A chart, ready to be drawn.
#[derive(Serialize)]
pub(super) struct Chart {
    pub(super) title: String,
    /// What it shows, for those who cannot see it.
    words: String,
    width: u32,
    height: u32,
    verified: Line,
    claimed: Line,
    possible: Line,
    /// Heights of the levels, or of none, half and all.
    rules: Vec<Rule>,
    /// Where the version of the model changed.
    versions: Vec<Version>,
    first: String,
    last: String,
    /// The three readings on the last day.
    now: [String; 3],
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Line {
    /// The commands of an SVG path.
    path: String,
    dots: Vec<[String; 2]>,
}

/// A level line with its name.
#[derive(Debug, PartialEq, Serialize)]
struct Rule {
    y: String,
    /// The same in percent of the whole height, for a label beside the picture.
    at: String,
    label: String,
}

#[derive(Serialize)]
struct Version {
    x: String,
    version: String,
}

/// The numbers, as a table tells them.
#[derive(Serialize)]
struct Row {
    on: NaiveDate,
    version: String,
    readings: [String; 3],
}

impl Chart {
    pub(super) fn new(trend: &Trend) -> Self {
        let scale = Scale::of(trend);
        let row = |point: &Point| Row {
            on: point.on,
            version: point.version.clone(),
            readings: [point.verified, point.claimed, point.possible].map(|number| shown(trend.unit, number)),
        };
        let last = trend.points.last();
        let now = last.map_or_else(|| ["", "", ""].map(str::to_owned), |point| row(point).readings);
        let [verified, claimed, possible] = &now;
        let day = |point: Option<&Point>| point.map_or_else(String::new, |point| point.on.to_string());
        let words = format!(
            "{}: {verified} verified, {claimed} claimed, {possible} possible on {}; {} since {}",
            trend.title,
            day(last),
            super::plural(trend.points.len(), "assessment"),
            day(trend.points.first()),
        );
        Self {
            title: trend.title.clone(),
            words,
            width: edge(WIDTH),
            height: edge(HEIGHT),
            verified: scale.line(&trend.points, |point| point.verified),
            claimed: scale.line(&trend.points, |point| point.claimed),
            possible: scale.line(&trend.points, |point| point.possible),
            rules: scale.rules(),
            versions: versions(&trend.points, &scale),
            first: day(trend.points.first()),
            last: day(last),
            now,
            rows: trend.points.iter().map(row).collect(),
        }
    }
}

impl Chart {
    /// The readings of the last day, in words.
    pub(super) fn now_words(&self) -> String {
        let [verified, claimed, possible] = &self.now;
        format!("{verified} verified, {claimed} claimed, {possible} possible")
    }
}

/// The outer length of a picture.
fn edge(inner: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they are the constants above")]
    let edge = (inner + 2.0 * MARGIN) as u32;
    edge
}

/// How days and numbers become places.
struct Scale {
    first: NaiveDate,
    days: f64,
    highest: f64,
    steps: bool,
    unit: Unit,
}

impl Scale {
    fn of(trend: &Trend) -> Self {
        let first = trend.points.first().map_or(NaiveDate::MIN, |point| point.on);
        let last = trend.points.last().map_or(first, |point| point.on);
        #[expect(clippy::cast_precision_loss, reason = "days of some years are small numbers")]
        let days = (last - first).num_days() as f64;
        let steps = trend.unit == Unit::Level;
        Self { first, days, highest: trend.highest.max(f64::EPSILON), steps, unit: trend.unit }
    }

    fn x(&self, on: NaiveDate) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "days of some years are small numbers")]
        let since = (on - self.first).num_days() as f64;
        // A single day stands at the end, where the present is.
        MARGIN + if self.days > 0.0 { WIDTH * since / self.days } else { WIDTH }
    }

    fn y(&self, number: f64) -> f64 {
        MARGIN + HEIGHT * (1.0 - (number / self.highest).clamp(0.0, 1.0))
    }

    fn line(&self, points: &[Point], reading: fn(&Point) -> f64) -> Line {
        let mut path = String::new();
        let mut before = None;
        for point in points {
            let (x, y) = (number(self.x(point.on)), number(self.y(reading(point))));
            match &before {
                None => path.push_str(&format!("M{x} {y}")),
                // A level holds until the next assessment finds another.
                Some(before) if self.steps => path.push_str(&format!("L{x} {before}L{x} {y}")),
                Some(_) => path.push_str(&format!("L{x} {y}")),
            }
            before = Some(y);
        }
        let dots = points.iter().map(|point| [number(self.x(point.on)), number(self.y(reading(point)))]);
        Line { path, dots: dots.collect() }
    }

    fn rules(&self) -> Vec<Rule> {
        let parts = match self.unit {
            Unit::Level => self.highest,
            Unit::Percent => 2.0,
            Unit::Points => 3.0,
        };
        let mut rules = Vec::new();
        let mut part = 0.0;
        while part <= parts && rules.len() < 10 {
            let value = self.highest * part / parts;
            let y = self.y(value);
            let at = number(100.0 * y / (HEIGHT + 2.0 * MARGIN));
            rules.push(Rule { y: number(y), at, label: shown(self.unit, value) });
            part += 1.0;
        }
        rules
    }
}

fn versions(points: &[Point], scale: &Scale) -> Vec<Version> {
    let pairs = points.iter().zip(points.iter().skip(1));
    let changed = pairs.filter(|(before, after)| before.version != after.version);
    changed.map(|(_, after)| Version { x: number(scale.x(after.on)), version: after.version.clone() }).collect()
}

/// A place in the picture, to a tenth.
fn number(number: f64) -> String {
    format!("{number:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(unit: Unit, highest: f64, points: &[(&str, f64)]) -> Trend {
        let point = |(on, number): &(&str, f64)| Point {
            on: on.parse().unwrap(),
            version: on.get(..4).unwrap().to_owned(),
            verified: *number,
            claimed: *number,
            possible: highest,
        };
        Trend {
            model: "m".to_owned(),
            title: "Model".to_owned(),
            unit,
            highest,
            points: points.iter().map(point).collect(),
            parts: Vec::new(),
        }
    }

    #[test]
    fn a_level_goes_in_steps() {
        let chart = Chart::new(&trend(Unit::Level, 3.0, &[("2024-01-01", 0.0), ("2026-01-01", 3.0)]));
        assert_eq!(chart.verified.path, "M6.0 90.0L226.0 90.0L226.0 6.0");
        let rules: Vec<(&str, &str)> = chart.rules.iter().map(|rule| (rule.y.as_str(), rule.label.as_str())).collect();
        assert_eq!(rules, [("90.0", "no level"), ("62.0", "level 1"), ("34.0", "level 2"), ("6.0", "level 3")]);
        assert_eq!((chart.rules[0].at.as_str(), chart.rules[3].at.as_str()), ("93.8", "6.2"));
        assert_eq!(chart.versions.len(), 1);
        assert!(chart.words.contains("level 3 verified"), "{}", chart.words);
    }

    #[test]
    fn a_share_goes_straight_and_a_single_day_stands_at_the_end() {
        let chart = Chart::new(&trend(Unit::Percent, 100.0, &[("2024-01-01", 0.0), ("2026-01-01", 50.0)]));
        assert_eq!(chart.verified.path, "M6.0 90.0L226.0 48.0");
        let chart = Chart::new(&trend(Unit::Percent, 100.0, &[("2024-01-01", 100.0)]));
        assert_eq!(chart.verified.dots, [["226.0".to_owned(), "6.0".to_owned()]]);
        let empty = Chart::new(&trend(Unit::Points, 0.0, &[]));
        assert!(empty.verified.path.is_empty() && empty.rows.is_empty());
    }
}
