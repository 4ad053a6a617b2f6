//! A page of text: wrapping, bars and colours, never wider than the terminal.

use std::fmt::Write as _;

use textwrap::core::display_width;
use textwrap::{Options, WordSplitter, wrap};

use super::{Bar, Terminal, escape::clean};

/// The narrowest page that is laid out; a narrower terminal wraps it itself.
const NARROWEST: usize = 40;

/// The widest label of a bar.
const WIDEST_LABEL: usize = 26;

/// How many characters a bar has.
const BAR_WIDTH: usize = 24;

/// Columns that the explanation of the bars needs in one line.
const KEY_WIDTH: usize = 60;

/// Columns of the four numbers after a bar.
const NUMBER_WIDTH: usize = 5;

/// The kinds of segments in their order, with the characters and styles that show them.
const FILLS: [(&str, char, char, Style); 4] = [
    ("verified", '█', '#', Style::Good),
    ("claimed", '▓', '+', Style::Claim),
    ("unknown", '░', '?', Style::Unknown),
    ("missing", '·', '.', Style::Bad),
];

/// The signs of outcomes where only ASCII may be used.
const PLAIN_SYMBOLS: [(&str, &str); 5] = [("✓", "+"), ("○", "o"), ("◐", "/"), ("✗", "x"), ("–", "-")];

/// How a text is shown where there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Claim,
    Unknown,
    Bad,
}

impl Style {
    /// The codes of SGR (ECMA-48) that turn it on.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Good => Some("32"),
            Self::Claim => Some("36"),
            Self::Unknown => Some("33"),
            Self::Bad => Some("31"),
        }
    }
}

pub(super) struct Page {
    text: String,
    width: usize,
    colour: bool,
    unicode: bool,
    label_width: usize,
}

impl Page {
    pub(super) fn new(terminal: &Terminal) -> Self {
        Self {
            text: String::new(),
            width: terminal.width.max(NARROWEST),
            colour: terminal.colour,
            unicode: terminal.unicode,
            label_width: WIDEST_LABEL,
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Wrapped text, each line indented.
    pub(super) fn text(&mut self, indent: usize, style: Style, text: &str) {
        let indent = " ".repeat(indent);
        self.wrapped(&indent, &indent, style, text);
    }

    /// Wrapped text of at most so many lines; an ellipsis says that it was cut.
    pub(super) fn short_text(&mut self, indent: usize, longest: usize, text: &str) {
        let room = self.width.saturating_sub(indent).max(2);
        let text = clean(text);
        let lines = wrap(&text, options(room));
        if lines.len() <= longest {
            return self.text(indent, Style::Plain, &text);
        }
        let ellipsis = if self.unicode { "…" } else { "..." };
        let kept = wrap(&text, options(room.saturating_sub(ellipsis.len())));
        let kept: Vec<&str> = kept.iter().take(longest).map(AsRef::as_ref).collect();
        let cut = kept.join(" ");
        let cut = cut.trim_end_matches(['.', ',', ';', ':', ' ']);
        self.text(indent, Style::Plain, &format!("{cut}{ellipsis}"));
    }

    /// A heading with an empty line before it.
    pub(super) fn heading(&mut self, title: &str) {
        self.blank();
        self.text(0, Style::Bold, title);
    }

    /// A heading for what must not be overlooked.
    pub(super) fn alarm(&mut self, title: &str) {
        self.blank();
        self.text(0, Style::Bad, title);
    }

    /// A name and its value.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.wrapped(&format!("  {name:<8}"), &" ".repeat(10), Style::Plain, value);
    }

    /// A name and its value within an item.
    pub(super) fn pair(&mut self, name: &str, value: &str) {
        self.wrapped(&format!("    {name:<9}"), &" ".repeat(13), Style::Plain, value);
    }

    /// A list item; its mark carries the style.
    pub(super) fn item(&mut self, mark: &str, style: Style, text: &str) {
        let indent = 2 + mark.len() + 1;
        let mark = self.painted(style, mark);
        self.wrapped_after(&format!("  {mark} "), indent, Style::Plain, text);
    }

    /// One of the three readings.
    pub(super) fn reading(&mut self, title: &str, level: &str, meaning: &str) {
        let level = format!("{level:<14}");
        let start = format!("  {title:<9} {}", self.painted(Style::Bold, &level));
        self.wrapped_after(&start, 26, Style::Dim, meaning);
    }

    /// A finding: the sign of its outcome and its id, then what is demanded.
    pub(super) fn finding(&mut self, style: Style, symbol: &str, id: &str, demands: &str) {
        let plain = PLAIN_SYMBOLS.iter().find(|entry| entry.0 == symbol).map_or(symbol, |entry| entry.1);
        let mark = self.painted(style, if self.unicode { symbol } else { plain });
        self.wrapped_after(&format!("  {mark} "), 4, Style::Plain, &format!("{id}  {demands}"));
    }

    /// The heading of the bars, which also says what their characters mean; the labels fix the width of the column.
    pub(super) fn bars_head<'a>(&mut self, labels: impl Iterator<Item = &'a str>) {
        let widest = labels.map(display_width).max().unwrap_or(0);
        self.label_width = widest.min(WIDEST_LABEL).min(self.width.saturating_sub(self.bar_and_numbers()).max(8));
        let fills = FILLS.map(|(_, block, plain, style)| {
            let sign = if self.unicode { block } else { plain };
            self.painted(style, &sign.to_string())
        });
        let [verified, claimed, unknown, missing] = fills;
        let between = if self.width < KEY_WIDTH { "\n" } else { "" };
        let _ = writeln!(
            self.text,
            "  {verified} verified  {claimed} claimed{between}  {unknown} unknown  {missing} not met or partly met"
        );
        if self.shows_numbers() {
            self.text.push_str(&" ".repeat(2 + self.label_width + 1 + BAR_WIDTH));
            for (_, block, plain, style) in FILLS {
                let sign = if self.unicode { block } else { plain }.to_string();
                let _ = write!(self.text, "{}{}", " ".repeat(NUMBER_WIDTH), self.painted(style, &sign));
            }
            self.blank();
        }
    }

    /// A bar with its numbers.
    pub(super) fn bar(&mut self, label: &str, bar: &Bar) {
        let mut line = self.labelled(label, bar);
        if self.shows_numbers() {
            for kind in FILLS.map(|fill| fill.0) {
                let _ = write!(line, " {:>NUMBER_WIDTH$}", count_of(bar, kind));
            }
        }
        self.text.push_str(line.trim_end());
        self.blank();
    }

    /// A label and its bar.
    fn labelled(&self, label: &str, bar: &Bar) -> String {
        let label = shortened(label, self.label_width);
        let gap = " ".repeat(self.label_width.saturating_sub(display_width(&label)));
        let mut line = format!("  {label}{gap} ");
        let widths = shares(bar);
        for ((_, block, plain, style), width) in FILLS.into_iter().zip(widths) {
            if width > 0 {
                let sign = if self.unicode { block } else { plain };
                line.push_str(&self.painted(style, &sign.to_string().repeat(width)));
            }
        }
        line.push_str(&" ".repeat(BAR_WIDTH.saturating_sub(widths.iter().sum())));
        line
    }

    /// The heading of scores, as of bars: what their characters mean, and the columns of the readings.
    pub(super) fn scores_head<'a>(&mut self, labels: impl Iterator<Item = &'a str>, targets: bool) {
        let widest = labels.map(display_width).max().unwrap_or(0);
        self.label_width = widest.min(self.width.saturating_sub(self.bar_and_scores()).max(8));
        let [verified, claimed, possible, missing] = FILLS.map(|(_, block, plain, style)| {
            let sign = if self.unicode { block } else { plain };
            self.painted(style, &sign.to_string())
        });
        let between = if self.width < KEY_WIDTH { "\n" } else { "" };
        let _ = writeln!(
            self.text,
            "  {verified} verified  {claimed} claimed{between}  {possible} possible  {missing} not reached"
        );
        if self.shows_numbers() {
            self.text.push_str(&" ".repeat(2 + self.label_width + 1 + BAR_WIDTH));
            for sign in [&verified, &claimed, &possible] {
                let _ = write!(self.text, "{}{sign}", " ".repeat(NUMBER_WIDTH));
            }
            self.text.push_str(if targets { " target" } else { "" });
            self.blank();
        }
    }

    /// A score: its bar, then verified, claimed, possible and the target.
    pub(super) fn score(&mut self, label: &str, bar: &Bar, numbers: &[&str; 4]) {
        let mut line = self.labelled(label, bar);
        if self.shows_numbers() {
            for number in numbers {
                let _ = write!(line, " {number:>NUMBER_WIDTH$}");
            }
        } else {
            let [verified, claimed, possible, _] = numbers;
            let _ = write!(line, "\n    {verified}, {claimed}, {possible}");
        }
        self.text.push_str(line.trim_end());
        self.blank();
    }

    fn bar_and_scores(&self) -> usize {
        // The last heading is wider than its numbers.
        self.bar_and_numbers() + usize::from(self.shows_numbers())
    }

    fn bar_and_numbers(&self) -> usize {
        let numbers = if self.shows_numbers() { 4 * (NUMBER_WIDTH + 1) } else { 0 };
        3 + BAR_WIDTH + numbers
    }

    /// Whether there is room for numbers beside the bars.
    fn shows_numbers(&self) -> bool {
        self.width >= 3 + BAR_WIDTH + 4 * (NUMBER_WIDTH + 1) + 16
    }

    fn wrapped(&mut self, first: &str, other: &str, style: Style, text: &str) {
        let indent = display_width(first).max(other.len());
        self.wrapped_after(first, indent, style, text);
    }

    /// Text after a start that may hold colours and is `indent` columns wide; later lines are indented as far.
    fn wrapped_after(&mut self, start: &str, indent: usize, style: Style, text: &str) {
        let text = clean(text);
        let room = self.width.saturating_sub(indent).max(1);
        for (index, line) in wrap(&text, options(room)).iter().enumerate() {
            if index == 0 {
                self.text.push_str(start);
            } else {
                self.text.push_str(&" ".repeat(indent));
            }
            let line = self.painted(style, line);
            self.text.push_str(&line);
            self.blank();
        }
    }

    fn painted(&self, style: Style, text: &str) -> String {
        match style.code() {
            Some(code) if self.colour => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }
}

fn options(width: usize) -> Options<'static> {
    Options::new(width).word_splitter(WordSplitter::NoHyphenation).break_words(true)
}

fn count_of(bar: &Bar, kind: &str) -> u32 {
    bar.segments.iter().find(|segment| segment.kind == kind).map_or(0, |segment| segment.count)
}

/// How many characters of a bar each kind gets: none for none, at least one for any, all together the whole bar.
fn shares(bar: &Bar) -> [usize; 4] {
    let counts = FILLS.map(|fill| u64::from(count_of(bar, fill.0)));
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return [0; 4];
    }
    let whole = BAR_WIDTH as u64;
    let mut widths = counts.map(|count| if count == 0 { 0 } else { (count * whole / total).max(1) });
    // What rounding left over or took too much is settled with the widest part.
    let sum: u64 = widths.iter().sum();
    if let Some(widest) = widths.iter_mut().max() {
        *widest = (*widest + whole).saturating_sub(sum);
    }
    widths.map(|width| usize::try_from(width).unwrap_or(0))
}

/// Cut to a width, with an ellipsis where something is cut off.
fn shortened(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        if display_width(&short) + textwrap::core::display_width(character.encode_utf8(&mut [0; 4])) + 1 > width {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::super::Segment;
    use super::*;

    fn bar(counts: [u32; 4]) -> Bar {
        let segments = FILLS
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(|(fill, count)| Segment {
                kind: fill.0,
                label: fill.0,
                count,
                start: String::new(),
                width: String::new(),
            })
            .collect();
        Bar { total: counts.iter().sum(), words: String::new(), note: String::new(), segments }
    }

    #[test]
    fn bars_are_as_wide_as_they_should_be() {
        for (counts, wanted) in [
            ([1, 1, 1, 1], [6, 6, 6, 6]),
            ([100, 1, 0, 0], [23, 1, 0, 0]),
            ([0, 0, 0, 0], [0, 0, 0, 0]),
            ([0, 0, 0, 3], [0, 0, 0, 24]),
            ([1000, 1, 1, 1], [21, 1, 1, 1]),
            ([1, 1, 1, 0], [8, 8, 8, 0]),
        ] {
            assert_eq!(shares(&bar(counts)), wanted, "{counts:?}");
        }
    }

    #[test]
    fn labels_are_cut_to_columns() {
        assert_eq!(shortened("short", 8), "short");
        assert_eq!(shortened("rather long", 8), "rather …");
        assert_eq!(shortened("日本語日本語", 8), "日本語…");
    }
}
