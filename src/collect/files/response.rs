//! How soon a security policy promises a first answer.

use super::outline::Outline;
use super::pattern::Pattern;
use super::reading::Passage;

/// A time: the upper number of a range, its kind of unit.
static TIME: Pattern = Pattern::new(
    r"\b((\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|twenty|thirty)(\s*\(\d{1,3}\))?\s*(-|–|to|or)\s*)?(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|twenty|thirty)(\s*\(\d{1,3}\))?[\s-]*((full|calendar|working|work|business|week)[\s-]*)?(hours?|hrs?|h|days?|weeks?)\b",
);

/// Words for a first answer.
static ANSWER: Pattern = Pattern::new(
    r"\b(respon(d|ds|ded|ding|se|ses)|repl(y|ies|ied|ying)|acknowledg\w*|answer\w*|get(ting)? back to|hear back|hear from us|confirm(ing|ation of|ed)? (the )?receipt|receipt (will be |is )?confirmed|reach(ed)? out to you|first contact|in touch)\b",
);

/// Words for other events that have a time of their own.
static OTHER_EVENT: Pattern = Pattern::new(
    r"\b(publish\w*|publication|disclos\w+|embargo\w*|fix(es|ed|ing)?|patch\w*|releas\w+|resolv\w+|resolution|remediat\w+|mitigat\w+|updates?|public|expires?|support\w*|advisor(y|ies)|progress|triag\w+|assess\w*|evaluat\w+|validat\w+|investigat\w+)\b",
);

/// The reporter's side, when no answer has come.
static NO_ANSWER_YET: Pattern = Pattern::new(
    r"\b(if|unless|when|should you|in case)\b.*\b(not|no|never|without)\b|\b(if|unless|when|in case)\b.*n['’]t\b|\bno (response|reply|answer|acknowledg\w+)\b",
);

/// A time that is counted from an answer, rather than to it.
static COUNTED_FROM: Pattern = Pattern::new(
    r"^\s*(of|after|from|since|following)\s+((the|our|your|that|this|an?|initial|first)\s+)*(respon|repl|acknowledg|answer|confirm)",
);

/// The days until a first answer, and the sentence that promises it.
pub(super) fn days(outline: &Outline) -> Option<(i64, Passage)> {
    outline.sentences.iter().find_map(|sentence| Some((days_in(&sentence.text)?, Passage::from(sentence))))
}

fn days_in(sentence: &str) -> Option<i64> {
    if !ANSWER.is_match(sentence) || NO_ANSWER_YET.is_match(sentence) {
        return None;
    }
    let answers = ends(&ANSWER, sentence);
    let others = ends(&OTHER_EVENT, sentence);
    TIME.find_all(sentence).iter().find_map(|time| {
        let whole = time.get(0)?;
        let rest = sentence.get(whole.end()..)?;
        if COUNTED_FROM.is_match(rest) || !belongs_to_answer(whole.range(), &answers, &others) {
            return None;
        }
        let has_within = sentence.get(..whole.start()).is_some_and(|before| LIMIT.is_match(before));
        let number = number(time.get(5)?.as_str(), has_within)?;
        to_days(number, time.get(9)?.as_str())
    })
}

/// Words that make "a day" a time limit.
static LIMIT: Pattern = Pattern::new(r"\b(within|in|under|less than|than|to|or)\s*$");

/// A time belongs to the nearest event before it, or else to the nearest after it.
fn belongs_to_answer(
    time: std::ops::Range<usize>,
    answers: &[std::ops::Range<usize>],
    others: &[std::ops::Range<usize>],
) -> bool {
    let before = |events: &[std::ops::Range<usize>]| {
        events.iter().filter(|event| event.end <= time.start).map(|event| event.end).max()
    };
    let after = |events: &[std::ops::Range<usize>]| {
        events.iter().filter(|event| event.start >= time.end).map(|event| event.start).min()
    };
    match (before(answers), before(others)) {
        (Some(answer), Some(other)) => answer > other,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => match (after(answers), after(others)) {
            (Some(answer), Some(other)) => answer < other,
            (answer, _) => answer.is_some(),
        },
    }
}

fn ends(pattern: &Pattern, text: &str) -> Vec<std::ops::Range<usize>> {
    pattern.find_all(text).iter().filter_map(|found| Some(found.get(0)?.range())).collect()
}

fn number(text: &str, has_within: bool) -> Option<i64> {
    const WORDS: [(&str, i64); 14] = [
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("fourteen", 14),
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
    ];
    let text = text.to_ascii_lowercase();
    if text == "a" || text == "an" {
        return has_within.then_some(1);
    }
    let word = WORDS.iter().find(|(word, _)| *word == text).map(|(_, number)| *number);
    word.or_else(|| text.parse().ok()).filter(|number| *number > 0)
}

fn to_days(number: i64, unit: &str) -> Option<i64> {
    match unit.to_ascii_lowercase().chars().next()? {
        'h' => Some((number + 23) / 24),
        'w' => Some(number * 7),
        _ => Some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_first_answer() {
        for (sentence, expected) in [
            ("We answer within 3 working days and publish advisories within 90 days.", Some(3)),
            ("You will get a response within 48 hours.", Some(2)),
            ("We will acknowledge your report within 24 hours, and fix it within 7 days.", Some(1)),
            ("Expect a reply in 72h.", Some(3)),
            ("You should hear back from us in less than two weeks.", Some(14)),
            ("We aim to respond within 5 business days.", Some(5)),
            ("Within 48 hours of receipt, we'll acknowledge the report.", Some(2)),
            ("Reports are acknowledged in 2-3 business days.", Some(3)),
            ("We reply in one to two weeks.", Some(14)),
            ("A maintainer will get back to you within a week.", Some(7)),
            ("Our team answers in 1 day.", Some(1)),
            ("Response time: 36 hours", Some(2)),
            ("First response | 5 days |", Some(5)),
            ("We will respond within three (3) business days.", Some(3)),
            ("We acknowledge reports within 25 hours.", Some(2)),
            ("We will respond within 48 hours with a plan for a fix within 30 days.", Some(2)),
            ("You'll receive an acknowledgement in 5-day time at most.", Some(5)),
            ("A 7-day response is what we aim for.", Some(7)),
            ("The security team will confirm receipt within 10 days.", Some(10)),
            // No time, or the time of something else.
            ("We respond as soon as possible.", None),
            ("We publish advisories within 90 days.", None),
            ("The embargo lasts 90 days after our response.", None),
            ("Within 90 days of our acknowledgement we will publish the details.", None),
            ("We will respond and then publish a fix within 90 days.", None),
            ("If you have not received a reply within 7 days, write again.", None),
            ("If you don't hear back from us in 5 days, please ping us.", None),
            ("Please allow 90 days before public disclosure.", None),
            ("Releases get fixes for 30 days.", None),
            ("A release candidate is published 14 days before the release; we respond to comments.", None),
            ("Respond to a question from a day in the office", None),
            ("We respond within 0 days.", None),
            ("Our response team fixes critical defects in 3 days.", None),
            ("Version 3 days are over.", None),
        ] {
            assert_eq!(days_in(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn the_sentence_is_told_with_its_line() {
        let outline =
            Outline::of_markdown("# Security\n\nWrite to us. We answer\nwithin 2 days. We publish in 90 days.\n");
        let (days, passage) = days(&outline).unwrap();
        assert_eq!((days, passage.line, passage.text.as_str()), (2, 3, "We answer within 2 days."));
    }
}
