//! Exemptions from checks of CLOMonitor, as a repository declares them in `.clomonitor.yml`, each with its reason.

use serde_yaml::Value as Yaml;

use super::gather::{Claim, Gather, links_in};
use super::{Format, Imported, Input, Mapping, Refused};
use crate::collect::files::note::quotation;
use crate::collect::files::yaml::parse_bounded;

/// The longest reason that is quoted, in characters.
const LONGEST_QUOTE: usize = 1500;

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let document =
        parse_bounded(input.text).map_err(|error| Refused(format!("{}: {}", input.name, quotation(&error, 300))))?;
    if !["exemptions", "licenseScanning"].iter().any(|key| document.get(*key).is_some()) {
        let message = "has neither `exemptions` nor `licenseScanning`, as a metadata file of CLOMonitor does";
        return Err(Refused(format!("{} {message}", input.name)));
    }
    let mut gather = Gather::new(Format::Clomonitor, input, format!("the project, in {}", input.name));
    let mapping = Mapping::of(Format::Clomonitor);
    match document.get("exemptions") {
        Some(Yaml::Sequence(exemptions)) => {
            for (index, exemption) in exemptions.iter().enumerate() {
                exempt(&format!("exemptions[{index}]"), exemption, &mapping, &mut gather);
            }
        }
        None | Some(Yaml::Null) => gather.remark("The file exempts the project from no check."),
        Some(_) => gather.fault("exemptions", "is a list of checks with reasons"),
    }
    for (key, _) in document.as_mapping().into_iter().flatten() {
        if let Some(key) = key.as_str().filter(|key| *key != "exemptions") {
            gather.not_taken(key, "no question asks for it");
        }
    }
    Ok(gather.finish())
}

fn exempt(place: &str, exemption: &Yaml, mapping: &Mapping, gather: &mut Gather<'_>) {
    let text = |name: &str| exemption.get(name).and_then(Yaml::as_str).map(str::trim).filter(|text| !text.is_empty());
    let (Some(check), Some(reason)) = (text("check"), text("reason")) else {
        gather.fault(place, "has no check, or no reason");
        return;
    };
    let quote = quotation(reason, LONGEST_QUOTE);
    let mut some = false;
    for rule in mapping.rules_of(check) {
        let because = format!("Exempt from the check {check} in {}: \"{quote}\"", gather.name());
        let mut claim = Claim::new(&rule.question, rule.said.clone(), rule.confidence, place, because);
        claim.links = links_in(reason);
        gather.claim(claim);
        some = true;
    }
    if !some {
        gather.not_taken(place, format!("no question asks for the check {check}"));
    }
}
