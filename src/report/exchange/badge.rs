//! A badge: the level that is verified, and as of when. As an SVG image, and as JSON for shields.io.
//!
//! It shows the first model of the record. What is only claimed is not on it, and where nothing could be judged it says so.
//! Words carry the meaning; the colours are shades of one blue and a grey, which every eye tells apart by their lightness.

use serde::Serialize;
use serde_json::json;

use crate::assess::record::{Assessment, ModelResult, ScoreOf, ScoreResult, ScoreUnit};
use crate::report::escape::clean;
use crate::report::view::shown_number;
use crate::report::{Format, ReportError, engine};

/// White on these has a contrast of at least 5 to 1.
const NOTHING: &str = "5a5a5a";
const SOME: &str = "0072b2";
const ALL: &str = "004c78";

/// The most characters of each half.
const LONGEST: usize = 60;

/// What a badge says.
struct Said {
    label: String,
    message: String,
    colour: &'static str,
}

#[derive(Serialize)]
struct Drawn {
    title: String,
    label: String,
    message: String,
    colour: &'static str,
    width: u32,
    label_width: u32,
    message_width: u32,
    label_length: u32,
    message_length: u32,
    label_middle: u32,
    message_middle: u32,
}

/// The badge as an image, in the form that is usual for badges.
pub(super) fn svg(record: &Assessment) -> Result<String, ReportError> {
    let Said { label, message, colour } = said(record)?;
    let (label_length, message_length) = (length(&label), length(&message));
    let (label_width, message_width) = (label_length + 10, message_length + 10);
    let drawn = Drawn {
        title: format!("{label}: {message}"),
        colour,
        width: label_width + message_width,
        label_middle: label_width / 2,
        message_middle: label_width + message_width / 2,
        label,
        message,
        label_width,
        message_width,
        label_length,
        message_length,
    };
    engine::run_built_in(&drawn, "badge.svg", Format::Html)
}

/// The JSON of an endpoint for shields.io.
pub(super) fn shields(record: &Assessment) -> Result<String, ReportError> {
    let Said { label, message, colour } = said(record)?;
    let badge = json!({ "schemaVersion": 1, "label": label, "message": message, "color": colour });
    Ok(serde_json::to_string_pretty(&badge)? + "\n")
}

fn said(record: &Assessment) -> Result<Said, ReportError> {
    let model = record.models.first().ok_or_else(|| ReportError::Unfit { reason: "the record has no model".into() })?;
    let (result, colour) = result(model);
    Ok(Said {
        label: shortened(&clean(&model.title), "assessment"),
        message: shortened(&format!("{result}, {}", record.as_of), "unknown"),
        colour,
    })
}

/// What is verified, in words, and its colour.
fn result(model: &ModelResult) -> (String, &'static str) {
    if model.coverage.judged == 0 {
        return ("unknown".to_owned(), NOTHING);
    }
    let maturity = model.maturity;
    if maturity.highest > 0 {
        let title = model.levels.iter().find(|level| level.id == maturity.verified).map(|level| clean(&level.title));
        return match (maturity.verified, title.filter(|title| !title.is_empty())) {
            (0, _) => ("no level verified".to_owned(), NOTHING),
            (level, Some(title)) => (format!("{title} verified"), colour(level >= maturity.highest)),
            (level, None) => (format!("level {level} verified"), colour(level >= maturity.highest)),
        };
    }
    match model.scores.iter().find(|score| score.of == ScoreOf::Model) {
        Some(score) if score.verified.decimal <= 0.0 => ("nothing verified".to_owned(), NOTHING),
        Some(score) => (share(score), colour(score.verified.decimal >= score.highest.decimal)),
        None => ("unknown".to_owned(), NOTHING),
    }
}

fn share(score: &ScoreResult) -> String {
    let (verified, highest) = (shown_number(&score.verified, score.unit), shown_number(&score.highest, score.unit));
    match score.unit {
        ScoreUnit::Percent => format!("{verified} verified"),
        ScoreUnit::Points => format!("{verified} of {highest} verified"),
    }
}

fn colour(is_highest: bool) -> &'static str {
    if is_highest { ALL } else { SOME }
}

fn shortened(text: &str, otherwise: &str) -> String {
    match text.chars().count() {
        0 => otherwise.to_owned(),
        count if count <= LONGEST => text.to_owned(),
        _ => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

/// About how long a text is in Verdana at 11 pixels; the image stretches it to that.
fn length(text: &str) -> u32 {
    let tenths = |character: char| match character {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'j' | 'l' | 'I' | 'f' | 't' | '(' | ')' => 42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 100,
        'A'..='Z' => 78,
        '\u{0}'..='\u{2ff}' | '…' => 68,
        _ => 110,
    };
    text.chars().map(tenths).sum::<u32>().div_ceil(10)
}
