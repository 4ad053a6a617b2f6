//! Answers as people type them.

use crate::answers::Said;
use crate::evidence::Value;
use crate::questionnaire::{AnswerType, Question, is_link};

/// The most links that are taken as evidence of one answer.
const MAX_LINKS: usize = 20;

/// What a typed text says in reply to a question, or what it should look like.
pub fn said(question: &Question, text: &str) -> Result<Said, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("not-applicable") {
        return Ok(Said::NotApplicable);
    }
    let lower = text.to_lowercase();
    let value = match question.answer {
        AnswerType::YesNo => match lower.as_str() {
            "yes" | "y" | "true" => Some(Value::Bool(true)),
            "no" | "n" | "false" => Some(Value::Bool(false)),
            _ => None,
        },
        AnswerType::Count | AnswerType::Days => text.parse().ok().map(Value::Count),
        AnswerType::Links => links(text.trim_matches(['[', ']'])).ok().map(Value::List),
        AnswerType::People => {
            // As people say it, or as it is written in the file.
            let bare = |person: &'_ str| person.trim_matches([' ', '\t', '"', '\'', '[', ']']).to_owned();
            let people = text.split([',', ';']).map(bare).filter(|person| !person.is_empty());
            Some(Value::List(people.collect()))
        }
        AnswerType::Coverage => Some(Value::Text(lower)),
        AnswerType::Choice | AnswerType::Date | AnswerType::Link => Some(Value::Text(text.to_owned())),
        AnswerType::Text => (!text.is_empty()).then(|| Value::Text(text.to_owned())),
    };
    let value = value.filter(|value| question.refuses(value).is_none());
    value.map(Said::Value).ok_or_else(|| format!("the answer to `{}` is {}", question.id, question.expects()))
}

/// Links, separated by white space or commas.
pub fn links(text: &str) -> Result<Vec<String>, String> {
    let links: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|link| !link.is_empty()).collect();
    if let Some(wrong) = links.iter().find(|link| !is_link(link)) {
        return Err(format!("`{wrong}` is no link: it begins with https://"));
    }
    if links.len() > MAX_LINKS {
        return Err(format!("those are more than {MAX_LINKS} links"));
    }
    Ok(links.into_iter().map(str::to_owned).collect())
}

/// Whether a name is an e-mail address, which does not belong into a public file.
pub fn is_mail_address(name: &str) -> bool {
    name.split_whitespace().any(|word| {
        let word = word.trim_matches(['<', '>', '(', ')']);
        word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Questionnaires;
    use crate::yaml::Document;

    fn question(answer: &str) -> Question {
        let text = format!(
            "schema: seaworthy.questions/1\ntopic: t\ntitle: T\nquestions:\n  - {{ id: t.q, ask: A?, why: W., how: H., \
             answer: {answer}, valid_for: 1 year }}\n"
        );
        Questionnaires::load(vec![Document::new("q.yaml", text)]).unwrap().questions()[0].clone()
    }

    #[test]
    fn each_type_reads_what_people_type() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        for (kind, typed, value) in [
            ("yes-no", " Yes ", Some(Value::Bool(true))),
            ("yes-no", "n", Some(Value::Bool(false))),
            ("yes-no", "maybe", None),
            ("choice, choices: [{ id: a, title: A }, { id: b, title: B }]", "a", text("a")),
            ("choice, choices: [{ id: a, title: A }, { id: b, title: B }]", "c", None),
            ("coverage", "Most", text("most")),
            ("coverage", "half", None),
            ("count", "12", Some(Value::Count(12))),
            ("count", "-1", None),
            ("days", "3.5", None),
            ("days, min: 1, max: 30", "30", Some(Value::Count(30))),
            ("days, min: 1, max: 30", "31", None),
            ("count, unit: people, min: 2", "1", None),
            ("date", "2026-02-28", text("2026-02-28")),
            ("date", "2026-02-30", None),
            ("link", "https://example.org/", text("https://example.org/")),
            ("link", "example.org", None),
            (
                "links",
                "https://a.example/x, https://b.example",
                Some(Value::List(vec!["https://a.example/x".into(), "https://b.example".into()])),
            ),
            ("links", "https://a.example/x wiki", None),
            ("links", "", None),
            ("people", "@a, @b;", Some(Value::List(vec!["@a".into(), "@b".into()]))),
            ("people", "[\"@a\", '@b']", Some(Value::List(vec!["@a".into(), "@b".into()]))),
            ("people", " , ", None),
            ("text", " So. ", text("So.")),
            ("text", " ", None),
        ] {
            assert_eq!(said(&question(kind), typed).ok(), value.map(Said::Value), "{kind} {typed:?}");
        }
        assert_eq!(said(&question("count"), "not-applicable"), Ok(Said::NotApplicable));
    }

    #[test]
    fn links_and_names_are_checked() {
        assert_eq!(links("https://a.example/x, http://b.example\n").unwrap().len(), 2);
        assert_eq!(links("  ").unwrap().len(), 0);
        assert!(links("https://a.example the-wiki").is_err());
        for (name, mail) in
            [("@alice", false), ("Alice @ Acme", false), ("a@b.example", true), ("A <a@b.example>", true)]
        {
            assert_eq!(is_mail_address(name), mail, "{name}");
        }
    }
}
