//! Making the model of a profile.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Changed, Derived, Dropped, Named, Profile};
use crate::questionnaire::condition::Condition;
use crate::questionnaire::model::{Area, Demand, Group, Level, Model, Parts, Requirement, Worth};
use crate::yaml::{Problem, nearest};

impl Profile {
    /// The model that comes of it. `digest` is that of the base.
    pub(in crate::questionnaire) fn derive(&self, base: &Model, digest: &str, problems: &mut Vec<Problem>) -> Model {
        self.check_names(base, problems);
        let levels = self.levels_of(base);
        let mut requirements: Vec<Requirement> =
            base.requirements.iter().filter(|requirement| self.takes(requirement)).cloned().collect();
        // What is wrong with what is taken over shows in the base; here it can only be the choice.
        for requirement in &mut requirements {
            requirement.span = self.extends.span.clone();
        }
        let kept = requirements.len();
        let (mut changed, mut added) = (Vec::new(), Vec::new());
        for parts in &self.requirements {
            if let Some(requirement) = requirements.iter_mut().find(|known| known.is_called(&parts.id)) {
                changed.push(change(requirement, parts, problems));
            } else if let Some(requirement) = Self::addition(parts, base, problems) {
                added.push(requirement.id.clone());
                requirements.push(requirement);
            }
        }
        for requirement in &mut requirements {
            self.fit_levels(requirement, &levels, problems);
        }
        let areas = self.areas_of(base, &requirements);
        let documents = base.documents.iter().filter_map(|document| document.keeping(&requirements, &added)).collect();
        let model = Model {
            id: self.id.clone(),
            title: self.title.clone(),
            version: self.version.clone(),
            source: self.source.clone(),
            about: self.about.clone(),
            scoring: base.scoring,
            groups: self.groups_of(base, &areas),
            levels,
            areas,
            requirements,
            documents,
            versions: Vec::new(),
            derived: Some(Derived {
                model: base.id.clone(),
                title: base.title.clone(),
                version: base.version.clone(),
                digest: digest.to_owned(),
                kept: number(kept),
                total: number(base.requirements.len()),
                dropped: self
                    .drop
                    .iter()
                    .map(|(name, because)| Dropped { id: name.text.clone(), because: because.clone() })
                    .collect(),
                changed,
                added,
            }),
        };
        model.check(problems);
        model
    }

    /// Whether it takes over a requirement of the base.
    pub(in crate::questionnaire) fn takes(&self, requirement: &Requirement) -> bool {
        let names = |names: &[Named], id: &str| names.iter().any(|name| name.text == id);
        let called = |name: &Named| requirement.is_called(&name.text);
        let chosen = self.choose.as_ref().is_none_or(|choose| {
            let by_kind = !(choose.levels.is_empty() && choose.areas.is_empty())
                && (choose.levels.is_empty() || choose.levels.contains(&requirement.from_level()))
                && (choose.areas.is_empty() || names(&choose.areas, &requirement.area));
            by_kind || choose.requirements.iter().any(called)
        });
        let dropped = self.drop.iter().any(|(name, _)| called(name) || name.text == requirement.area);
        chosen && !dropped
    }

    /// The ids in `choose` and `drop`, and the version.
    fn check_names(&self, base: &Model, problems: &mut Vec<Problem>) {
        let requirements = || base.requirements.iter().flat_map(Requirement::names);
        let areas = || base.areas.iter().map(|area| area.id.as_str());
        if let Some(choose) = &self.choose {
            for name in &choose.requirements {
                known(name, "requirement", base, requirements(), problems);
            }
            for name in &choose.areas {
                known(name, "area", base, areas(), problems);
            }
            for level in choose.levels.iter().filter(|level| !base.levels.iter().any(|known| known.id == **level)) {
                let at = self.extends.span.clone();
                problems.push(Problem::error(format!("`{}` has no level {level} to choose", base.id), at));
            }
        }
        for (name, _) in &self.drop {
            known(name, "requirement or area", base, requirements().chain(areas()), problems);
        }
        if let Some(version) = self.of_version.as_ref().filter(|version| version.text != base.version) {
            let message = format!("it was written for {} {}, which is {} now", base.id, version.text, base.version);
            problems.push(
                Problem::warning(message, version.span.clone())
                    .help("see what has changed (`seaworthy models show`), then name the new version"),
            );
        }
    }

    /// A requirement that is not one of those taken over: new, or a slip.
    fn addition(parts: &Parts, base: &Model, problems: &mut Vec<Problem>) -> Option<Requirement> {
        let at = parts.span.start..parts.span.start;
        if base.requirements.iter().any(|requirement| requirement.is_called(&parts.id)) {
            let message = format!("`{}` is changed, but not taken over", parts.id);
            problems.push(Problem::error(message, at).help("choose it, or do not drop it"));
            return None;
        }
        if parts.also_when.is_some() || parts.loosens.is_some() {
            let message = format!("`{}` has no requirement `{}` to change", base.id, parts.id);
            problems.push(with_nearest(Problem::error(message, at), &parts.id, base));
            return None;
        }
        let whole = parts.clone().complete();
        if whole.is_none() {
            let message = format!("`{}` is no requirement of `{}`", parts.id, base.id);
            let problem = Problem::error(message, at);
            problems.push(with_nearest(problem, &parts.id, base));
        }
        whole
    }

    /// The levels: its own, or those of the base that it chooses.
    fn levels_of(&self, base: &Model) -> Vec<Level> {
        let chosen = self.choose.as_ref().map(|choose| choose.levels.as_slice()).unwrap_or_default();
        let inherited = base.levels.iter().filter(|level| chosen.is_empty() || chosen.contains(&level.id));
        self.levels.clone().unwrap_or_else(|| inherited.cloned().collect())
    }

    /// Takes away the levels that the profile has not.
    fn fit_levels(&self, requirement: &mut Requirement, levels: &[Level], problems: &mut Vec<Problem>) {
        let is_own = self.requirements.iter().any(|parts| requirement.is_called(&parts.id) && parts.levels.is_some());
        if is_own || requirement.levels.is_empty() {
            return;
        }
        let is_known = |level: &u32| levels.iter().any(|known| known.id == *level);
        requirement.levels.retain(is_known);
        requirement.rules.retain(|level, _| is_known(level));
        if requirement.levels.is_empty() {
            let message = format!("`{}` has none of the levels of this profile", requirement.id);
            let problem = Problem::error(message, requirement.span.start..requirement.span.start);
            problems.push(problem.help("give it `levels` under `requirements`, or drop it"));
            requirement.levels.extend(levels.first().map(|level| level.id));
        }
    }

    fn areas_of(&self, base: &Model, requirements: &[Requirement]) -> Vec<Area> {
        let used: BTreeSet<&str> = requirements.iter().map(|requirement| requirement.area.as_str()).collect();
        let own = |id: &str| self.areas.iter().any(|area| area.id == id);
        let inherited = base.areas.iter().filter(|area| used.contains(area.id.as_str()) && !own(&area.id));
        inherited.chain(&self.areas).cloned().collect()
    }

    fn groups_of(&self, base: &Model, areas: &[Area]) -> Vec<Group> {
        let used = |id: &str| areas.iter().any(|area| area.group.as_deref() == Some(id));
        let own = |id: &str| self.groups.iter().any(|group| group.id == id);
        let inherited = base.groups.iter().filter(|group| used(&group.id) && !own(&group.id));
        inherited.chain(&self.groups).cloned().collect()
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn known<'a>(
    name: &Named,
    what: &str,
    base: &Model,
    mut names: impl Iterator<Item = &'a str> + Clone,
    problems: &mut Vec<Problem>,
) {
    let all = names.clone();
    if names.any(|known| known == name.text) {
        return;
    }
    let problem = Problem::error(format!("`{}` is no {what} of `{}`", name.text, base.id), name.span.clone());
    problems.push(match nearest(&name.text, all) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("`seaworthy models show {}` lists them", base.id)),
    });
}

fn with_nearest(problem: Problem, id: &str, base: &Model) -> Problem {
    let own = "a requirement of its own needs `area`, `demands` and `met_when`";
    match nearest(id, base.requirements.iter().map(|requirement| requirement.id.as_str())) {
        Some(near) => problem.help(format!("did you mean `{near}`? {own}")),
        None => problem.help(own),
    }
}

/// Changes a requirement, and tells what is different.
fn change(requirement: &mut Requirement, parts: &Parts, problems: &mut Vec<Problem>) -> Changed {
    let at: Range<usize> = parts.span.start..parts.span.start;
    let mut what = Vec::new();
    if parts.worth.is_some() || parts.worth_of.is_some() {
        let problem = Problem::error(format!("what `{}` is worth cannot be changed", parts.id), at);
        problems.push(problem.help("demand more with `also_when`, or drop it and add one of its own"));
    }
    if let Some(also) = &parts.also_when {
        add_condition(requirement, also);
    }
    if let Some(met) = &parts.met {
        requirement.met = met.clone();
    }
    if let Some(partly) = &parts.partly_when {
        requirement.partly_when = Some(partly.clone());
    }
    if let Some(condition) = &parts.not_applicable_when {
        requirement.not_applicable_when = Some(condition.clone());
    }
    let conditions = [&parts.also_when, &parts.partly_when, &parts.not_applicable_when];
    if parts.met.is_some() || conditions.into_iter().any(Option::is_some) {
        what.push("conditions");
    }
    if let Some(levels) = &parts.levels {
        requirement.levels.clone_from(levels);
        what.push("levels");
    }
    if let Some(rules) = &parts.rules {
        requirement.rules.clone_from(rules);
        what.push("rules");
    }
    if let Some(demands) = &parts.demands {
        requirement.demands.clone_from(demands);
        what.push("wording");
    }
    if let Some(advice) = &parts.advice {
        requirement.advice = Some(advice.clone());
        what.push("advice");
    }
    if let Some(aliases) = &parts.aliases {
        let new: Vec<String> = aliases.iter().filter(|alias| !requirement.is_called(alias)).cloned().collect();
        requirement.aliases.extend(new);
        what.push("aliases");
    }
    if let Some(area) = &parts.area {
        requirement.area.clone_from(area);
        what.push("area");
    }
    if let Some(maps) = &parts.maps {
        requirement.maps.extend(maps.clone());
        what.push("maps");
    }
    requirement.span = parts.span.clone();
    Changed {
        requirement: requirement.id.clone(),
        what: what.into_iter().map(str::to_owned).collect(),
        loosened_because: parts.loosens.clone(),
    }
}

/// Demands one thing more. What is worth less than the whole needs it too.
fn add_condition(requirement: &mut Requirement, also: &Condition) {
    let with = |condition: &Condition| Condition::All(vec![condition.clone(), also.clone()]);
    if let Demand::When(condition) = &requirement.met {
        requirement.met = Demand::When(with(condition));
    }
    requirement.worth =
        requirement.worth.iter().map(|worth| Worth { share: worth.share, when: with(&worth.when) }).collect();
    // The condition is written out; the answers alone no longer say what it is worth.
    requirement.worth_of = None;
}
