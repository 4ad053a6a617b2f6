//! OSCAL assessment results in JSON whose findings are about requirements of the OSPS Baseline. They are somebody's
//! judgement, not the project's word: what they say is likely, never certain.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_yaml::Value as Yaml;

use super::badge::{BASELINE, Status, of_requirement};
use super::gather::{Claim, Gather, day};
use super::{Confidence, Format, Imported, Input, Refused};
use crate::collect::files::note::quotation;
use crate::collect::files::yaml::parse_json;
use crate::questionnaire::Requirement;

/// The longest text that is quoted, in characters.
const LONGEST_QUOTE: usize = 600;

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let document =
        parse_json(input.text).map_err(|error| Refused(format!("{}: {}", input.name, quotation(&error, 300))))?;
    let Some(results) = document.get("assessment-results") else {
        return Err(Refused(format!("{} has no `assessment-results`, as OSCAL assessment results do", input.name)));
    };
    let title = results.get("metadata").and_then(|metadata| text(metadata, "title")).unwrap_or("without a title");
    let mut gather = Gather::new(Format::Oscal, input, format!("OSCAL assessment results, {}", quotation(title, 150)));
    let modified = results.get("metadata").and_then(|metadata| day_of(metadata, "last-modified"));
    let all = list(results, "results");
    // A document may hold a result for each of several models; those of the same day differ in what they speak of.
    let speaks =
        |result: &Yaml| list(result, "findings").iter().any(|finding| requirement_of(finding, input).is_some());
    let newest = all.iter().enumerate().max_by_key(|(index, result)| (day_of(result, "start"), speaks(result), *index));
    let Some((index, result)) = newest else {
        return Err(Refused(format!("{} holds no result", input.name)));
    };
    if all.len() > 1 {
        gather.remark(format!("It holds {} results; the newest was read.", all.len()));
    }
    let base = format!("/assessment-results/results/{index}");
    let dated = day_of(result, "end").or_else(|| day_of(result, "start")).or(modified);
    gather.dated(&base, dated);
    let observations: BTreeMap<&str, &Yaml> = list(result, "observations")
        .iter()
        .filter_map(|observation| Some((text(observation, "uuid")?, observation)))
        .collect();
    for (number, finding) in list(result, "findings").iter().enumerate() {
        read_finding(&format!("{base}/findings/{number}"), finding, &observations, input, &mut gather);
    }
    read_inapplicable(&base, result, input, &mut gather);
    Ok(gather.finish())
}

fn read_finding(
    place: &str,
    finding: &Yaml,
    observations: &BTreeMap<&str, &Yaml>,
    input: &Input<'_>,
    gather: &mut Gather<'_>,
) {
    let target = finding.get("target");
    let id = target.and_then(|target| text(target, "target-id"));
    let state = target.and_then(|target| target.get("status")).and_then(|status| text(status, "state"));
    let (Some(id), Some(state)) = (id, state) else {
        gather.fault(place, "has no target with id and status");
        return;
    };
    let Some(requirement) = requirement(id, input) else {
        gather.not_taken(place, format!("{id} is no requirement of the OSPS Baseline"));
        return;
    };
    let status = match state {
        "satisfied" => Status::Met,
        "not-satisfied" => Status::Unmet,
        other => {
            gather.fault(place, format!("{other} is no state of OSCAL"));
            return;
        }
    };
    let said = of_requirement(requirement, status);
    if said.is_empty() {
        gather.not_taken(
            place,
            format!("{} is {state}, which does not tell which of its questions failed", requirement.id),
        );
        return;
    }
    let related: Vec<&&Yaml> = list(finding, "related-observations")
        .iter()
        .filter_map(|related| observations.get(text(related, "observation-uuid")?))
        .collect();
    let links: Vec<String> = related
        .iter()
        .flat_map(|observation| list(observation, "relevant-evidence"))
        .filter_map(|evidence| text(evidence, "href").map(str::to_owned))
        .collect();
    let quote = text(finding, "description").or_else(|| text(finding, "title")).unwrap_or_default();
    for (question, said, confidence) in said {
        let because =
            format!("{} finds {} {state}: \"{}\"", gather.name(), requirement.id, quotation(quote, LONGEST_QUOTE));
        let mut claim = Claim::new(&question, said, confidence.min(Confidence::Likely), place, because);
        claim.links.clone_from(&links);
        claim.on = related.iter().filter_map(|observation| day_of(observation, "collected")).min();
        claim.until = related.iter().filter_map(|observation| day_of(observation, "expires")).min();
        gather.claim(claim);
    }
}

/// What does not apply has no finding in OSCAL. Seaworthy names it among the controls that were left out, and says why.
fn read_inapplicable(base: &str, result: &Yaml, input: &Input<'_>, gather: &mut Gather<'_>) {
    let Some(reviewed) = result.get("reviewed-controls") else { return };
    for (number, selection) in list(reviewed, "control-selections").iter().enumerate() {
        let says_so =
            |prop: &Yaml| text(prop, "name") == Some("outcome") && text(prop, "value") == Some("not-applicable");
        if !list(selection, "props").iter().any(says_so) {
            continue;
        }
        for (index, control) in list(selection, "exclude-controls").iter().enumerate() {
            let place = format!("{base}/reviewed-controls/control-selections/{number}/exclude-controls/{index}");
            let Some(requirement) = text(control, "control-id").and_then(|id| requirement(id, input)) else { continue };
            for (question, said, confidence) in of_requirement(requirement, Status::NotApplicable) {
                let because = format!("{} finds that {} does not apply.", gather.name(), requirement.id);
                gather.claim(Claim::new(&question, said, confidence.min(Confidence::Likely), &place, because));
            }
        }
    }
}

/// The requirement of the Baseline that a finding is about.
fn requirement_of<'q>(finding: &Yaml, input: &Input<'q>) -> Option<&'q Requirement> {
    requirement(text(finding.get("target")?, "target-id")?, input)
}

fn requirement<'q>(id: &str, input: &Input<'q>) -> Option<&'q Requirement> {
    let requirements = &input.questionnaires.model(BASELINE)?.requirements;
    requirements.iter().find(|requirement| is_about(id, requirement))
}

/// Whether an id of OSCAL, such as `osps-ac-01.01_obj`, means a requirement.
fn is_about(id: &str, requirement: &Requirement) -> bool {
    let id = id.to_ascii_lowercase();
    let mut names = std::iter::once(&requirement.id).chain(&requirement.aliases);
    names.any(|name| {
        let rest = id.strip_prefix(&name.to_ascii_lowercase());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

fn text<'y>(value: &'y Yaml, name: &str) -> Option<&'y str> {
    value.get(name).and_then(Yaml::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn list<'y>(value: &'y Yaml, name: &str) -> &'y [Yaml] {
    value.get(name).and_then(Yaml::as_sequence).map_or(&[], Vec::as_slice)
}

fn day_of(value: &Yaml, name: &str) -> Option<NaiveDate> {
    text(value, name).and_then(day)
}
