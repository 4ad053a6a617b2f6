//! Whether a value passes a test.

use chrono::NaiveDate;

use super::logic::Truth;
pub(super) use super::logic::passes;
use crate::evidence::{Evidence, Observation, State, Value};
use crate::questionnaire::{Leaf, Test};

/// Whether an observation passes a leaf's test. Unknown observations are unknown; what is absent passes no test of a value.
pub(super) fn observation_passes(leaf: &Leaf, evidence: &Evidence, as_of: NaiveDate) -> Truth {
    let Some(observation) = evidence.get(&leaf.name) else { return Truth::Unknown };
    match (&observation.state, &leaf.test) {
        (State::Observed(value), Test::SharesWith(other)) => {
            shares(leaf, value, observation, evidence.get(other), as_of)
        }
        (State::Observed(value), test) => {
            as_far_as_seen(test, value, passes(test, value, as_of, None), observation.at_least)
        }
        (State::Absent, Test::Present(wanted)) => Truth::from(!wanted),
        (State::Absent | State::NotApplicable { .. }, Test::Applicable(wanted)) => {
            Truth::from(*wanted == (observation.state == State::Absent))
        }
        (State::Absent, _) => Truth::False,
        (State::NotApplicable { .. }, _) => Truth::NotApplicable,
        (State::NotPermitted { .. } | State::Unavailable { .. } | State::Failed { .. }, _) => Truth::Unknown,
    }
}

/// The outcome of a test where there may be more than was seen: it stands only if more could not change it.
fn as_far_as_seen(test: &Test, value: &Value, truth: Truth, at_least: bool) -> Truth {
    let stands = match (test, value) {
        (Test::Contains(_) | Test::SharesWith(_) | Test::AtLeast(_), _) => truth == Truth::True,
        (Test::AtMost(_), _) => truth == Truth::False,
        (Test::Is(Value::Count(wanted)), Value::Count(seen)) => wanted < seen,
        _ => true,
    };
    if at_least && !stands { Truth::Unknown } else { truth }
}

fn shares(
    leaf: &Leaf,
    value: &Value,
    observation: &Observation,
    other: Option<&Observation>,
    as_of: NaiveDate,
) -> Truth {
    let Some(other) = other else { return Truth::Unknown };
    match &other.state {
        State::Observed(Value::List(items)) => {
            let truth = passes(&leaf.test, value, as_of, Some(items));
            as_far_as_seen(&leaf.test, value, truth, observation.at_least || other.at_least)
        }
        State::Absent => Truth::False,
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False as F, NotApplicable as N, True as T, Unknown as U};

    fn evidence(observations: Vec<Observation>) -> Evidence {
        let mut sheet = crate::evidence::Sheet::new();
        sheet.put_all(observations);
        sheet.into_evidence(
            crate::evidence::Subject::default(),
            crate::evidence::Access::Read,
            0,
            chrono::DateTime::UNIX_EPOCH,
            |_| State::Unavailable { reason: "test".into() },
        )
    }

    #[test]
    fn each_state_meets_each_test() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let na = State::NotApplicable { reason: "r".into() };
        let hidden = State::NotPermitted { permission: "p".into() };
        let list = |items: &[&str]| State::Observed(Value::List(items.iter().map(ToString::to_string).collect()));
        let states = vec![
            ("repo.archived", State::Observed(true.into())),
            ("policy.security", State::Absent),
            ("org.two_factor_required", na),
            ("actions.enabled", hidden),
            ("releases.count", State::Observed(Value::Count(3))),
            ("releases.latest_on", State::Observed("2026-10-24".into())),
            ("workflows.sca_checks", list(&["audit"])),
            ("default_branch.required_checks", list(&["test", "audit"])),
            ("repo.owner_type", State::Observed("user".into())),
        ];
        let evidence = evidence(states.into_iter().map(|(key, state)| Observation::new(key, state)).collect());
        let rows = [
            ("repo.archived", Test::Is(true.into()), T),
            ("repo.archived", Test::Is(false.into()), F),
            ("policy.security", Test::Present(false), T),
            ("policy.security", Test::Present(true), F),
            ("policy.security", Test::Is("SECURITY.md".into()), F),
            ("org.two_factor_required", Test::Is(true.into()), N),
            ("org.two_factor_required", Test::Applicable(false), T),
            ("org.two_factor_required", Test::Applicable(true), F),
            ("actions.enabled", Test::Is(true.into()), U),
            ("actions.enabled", Test::Present(true), U),
            ("releases.count", Test::AtLeast(3), T),
            ("releases.count", Test::AtMost(2), F),
            ("releases.latest_on", Test::WithinDays(31), T),
            ("releases.latest_on", Test::WithinDays(30), F),
            ("workflows.sca_checks", Test::SharesWith("default_branch.required_checks".into()), T),
            ("workflows.sca_checks", Test::SharesWith("workflows.sast_checks".into()), U),
            ("workflows.sca_checks", Test::Contains("test".into()), F),
            ("workflows.sca_checks", Test::AtLeast(1), T),
            ("repo.owner_type", Test::OneOf(vec!["user".into(), "organization".into()]), T),
            ("no.such-key", Test::Present(true), U),
        ];
        for (name, test, expected) in rows {
            let leaf = Leaf { name: name.into(), test, span: 0..0 };
            assert_eq!(observation_passes(&leaf, &evidence, day), expected, "{leaf:?}");
        }
    }

    #[test]
    fn what_may_be_more_than_was_seen_refutes_nothing_that_more_could_prove() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let names = |items: &[&str]| Value::List(items.iter().map(ToString::to_string).collect());
        let checks = "default_branch.required_checks";
        let evidence = evidence(vec![
            Observation::seen(checks, names(&["test", "audit"])).at_least("a rule is hidden"),
            Observation::seen("releases.count", 3_usize).at_least("the first"),
            Observation::seen("workflows.tests", names(&["test"])),
            Observation::seen("workflows.lint", names(&["lint"])),
        ]);
        let rows = [
            (checks, Test::Contains("test".into()), T),
            (checks, Test::Contains("DCO".into()), U),
            (checks, Test::Present(true), T),
            (checks, Test::Present(false), F),
            (checks, Test::AtLeast(2), T),
            (checks, Test::AtLeast(3), U),
            (checks, Test::AtMost(2), U),
            (checks, Test::AtMost(1), F),
            ("workflows.tests", Test::SharesWith(checks.into()), T),
            ("workflows.lint", Test::SharesWith(checks.into()), U),
            (checks, Test::SharesWith("workflows.lint".into()), U),
            (checks, Test::SharesWith("workflows.tests".into()), T),
            ("releases.count", Test::Is(Value::Count(3)), U),
            ("releases.count", Test::Is(Value::Count(4)), U),
            ("releases.count", Test::Is(Value::Count(2)), F),
            ("releases.count", Test::AtLeast(3), T),
            ("releases.count", Test::AtMost(9), U),
        ];
        for (name, test, expected) in rows {
            let leaf = Leaf { name: name.into(), test, span: 0..0 };
            assert_eq!(observation_passes(&leaf, &evidence, day), expected, "{leaf:?}");
        }
    }
}
