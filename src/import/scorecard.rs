//! Results of OpenSSF Scorecard: scores of checks (`--format json`), outcomes of probes (`--format probe`), or either in an
//! in-toto statement. Scorecard sees signs. They become proposals with the tool named, never observations: the names and
//! values of its probes are not those of the vocabulary, and a result of another day proves nothing of today.

use std::collections::BTreeMap;

use serde_yaml::Value as Yaml;

use super::gather::{Claim, Gather, day, subject_of};
use super::{Format, Imported, Input, Mapping, Refused, Test};
use crate::collect::files::note::quotation;
use crate::collect::files::yaml::parse_json;

/// The longest reason that is quoted, in characters.
const LONGEST_QUOTE: usize = 300;

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let document =
        parse_json(input.text).map_err(|error| Refused(format!("{}: {}", input.name, quotation(&error, 300))))?;
    let (base, result) = match document.get("predicate") {
        Some(predicate) => ("/predicate", predicate),
        None => ("", &document),
    };
    let list = |name: &str| result.get(name).and_then(Yaml::as_sequence);
    let (checks, findings) = (list("checks"), list("findings"));
    if checks.is_none() && findings.is_none() {
        return Err(Refused(format!(
            "{} holds neither `checks` nor `findings`, as results of Scorecard do",
            input.name
        )));
    }
    let text = |way: [&str; 2]| result.get(way[0])?.get(way[1])?.as_str();
    let version = text(["scorecard", "version"]).filter(|version| !matches!(*version, "" | "unknown" | "(devel)"));
    let tool = version.map_or_else(|| "OpenSSF Scorecard".to_owned(), |version| format!("OpenSSF Scorecard {version}"));
    let tool = quotation(&tool, 60);
    let mut gather = Gather::new(Format::Scorecard, input, tool.clone());
    gather.dated(&format!("{base}/date"), result.get("date").and_then(Yaml::as_str).and_then(day));
    gather.subject(text(["repo", "name"]).and_then(subject_of));
    gather.remark("Scorecard sees signs, not proof: each proposal needs your word.");
    let reader = Reader { mapping: Mapping::of(Format::Scorecard), tool };
    for (index, check) in checks.into_iter().flatten().enumerate() {
        reader.check(&format!("{base}/checks/{index}"), check, &mut gather);
    }
    reader.findings(&format!("{base}/findings"), findings.map_or(&[], Vec::as_slice), &mut gather);
    Ok(gather.finish())
}

struct Reader {
    mapping: Mapping,
    tool: String,
}

impl Reader {
    fn check(&self, place: &str, check: &Yaml, gather: &mut Gather<'_>) {
        let name = check.get("name").and_then(Yaml::as_str);
        let score = check.get("score").and_then(whole);
        let (Some(name), Some(score)) = (name, score.filter(|score| (-1..=10).contains(score))) else {
            gather.fault(place, "has no name, or no score from -1 to 10");
            return;
        };
        let reason = check.get("reason").and_then(Yaml::as_str).unwrap_or_default();
        let quote = quotation(reason, LONGEST_QUOTE);
        if score < 0 {
            gather.not_taken(place, format!("Scorecard could not judge {name}: {quote}"));
            return;
        }
        let because = format!("{} gave {name} the score {score} of 10: \"{quote}\"", self.tool);
        let fits = |test: &Test| matches!(test, Test::Score(from, to) if (*from..=*to).contains(&score));
        if !self.claim(name, fits, place, &because, gather) {
            let why = if self.mapping.rules_of(name).next().is_some() {
                format!("{name} with the score {score} settles no question")
            } else {
                format!("no question asks for {name}")
            };
            gather.not_taken(place, why);
        }
    }

    /// A probe has a finding for each place or release; what yields nothing is told once for each probe and outcome.
    fn findings(&self, base: &str, findings: &[Yaml], gather: &mut Gather<'_>) {
        let mut left: BTreeMap<(String, String), (String, usize)> = BTreeMap::new();
        for (index, finding) in findings.iter().enumerate() {
            let place = format!("{base}/{index}");
            let text = |name: &str| finding.get(name).and_then(Yaml::as_str);
            let (Some(probe), Some(outcome)) = (text("probe"), text("outcome")) else {
                gather.fault(place, "has no probe, or no outcome");
                continue;
            };
            let message = quotation(text("message").unwrap_or_default(), LONGEST_QUOTE);
            let because = format!("{}: probe {probe} is {outcome}: \"{message}\"", self.tool);
            let fits = |test: &Test| matches!(test, Test::Is(words) if words.iter().any(|word| word == outcome));
            if !self.claim(probe, fits, &place, &because, gather) {
                left.entry((probe.to_owned(), outcome.to_owned())).or_insert((place, 0)).1 += 1;
            }
        }
        for ((probe, outcome), (place, count)) in left {
            let times = if count > 1 { format!(", {count} times") } else { String::new() };
            let why = match outcome.as_str() {
                "True" | "False" if self.mapping.rules_of(&probe).next().is_some() => "settles no question",
                "True" | "False" => "no question asks for it",
                _ => "Scorecard could not tell",
            };
            gather.not_taken(place, format!("probe {probe} is {outcome}{times}: {why}"));
        }
    }

    /// Claims what the rules of a name say; whether any said something.
    fn claim(
        &self,
        name: &str,
        fits: impl Fn(&Test) -> bool,
        place: &str,
        because: &str,
        gather: &mut Gather<'_>,
    ) -> bool {
        let mut some = false;
        for rule in self.mapping.rules_of(name).filter(|rule| fits(&rule.test)) {
            gather.claim(Claim::new(&rule.question, rule.said.clone(), rule.confidence, place, because.to_owned()));
            some = true;
        }
        some
    }
}

/// A number without a fraction.
fn whole(value: &Yaml) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        (-1..=10).find(|whole: &i32| (f64::from(*whole) - number).abs() < 1e-9).map(i64::from)
    })
}
