//! The names of a job's checks: one for each combination of its matrix, named as GitHub does.

use github_actions_models::common::expr::LoE;
use github_actions_models::workflow::Job;
use github_actions_models::workflow::job::{Matrix, NormalJob};
use serde_yaml::Value;

use super::expression::{Context, Expression, Token, expressions, tokens};
use super::steps::JobView;

/// The most combinations that are named one by one; a larger matrix goes by the name of its job.
const MAX_COMBINATIONS: usize = 50;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// The names of the checks of a job.
pub(super) fn check_names(view: &JobView<'_>) -> Vec<String> {
    let (name, combinations) = match view.job {
        Job::NormalJob(job) => (job.name.as_deref(), combinations(job)),
        Job::ReusableWorkflowCallJob(job) => (job.name.as_deref(), None),
    };
    let name = name.filter(|name| !name.trim().is_empty()).unwrap_or(view.id);
    let mut names: Vec<String> = Vec::new();
    for combination in combinations.unwrap_or_default() {
        let named = clean(&named(name, &combination));
        if !names.contains(&named) {
            names.push(named);
        }
    }
    let mut names = if names.is_empty() { vec![clean(name)] } else { names };
    for name in &mut names {
        *name = readable(name, view.id);
    }
    names.dedup();
    names
}

/// A name with `…` for each expression whose value only the run can tell; the job's id where nothing else is left.
fn readable(name: &str, id: &str) -> String {
    let shown = expressions(name).iter().fold(name.to_owned(), |name, one| name.replacen(one.source, "…", 1));
    if shown.chars().any(char::is_alphanumeric) { shown } else { format!("{} (…)", clean(id)) }
}

/// One combination: the names and values of its dimensions, in order.
#[derive(Clone)]
struct Combination {
    values: Vec<(String, String)>,
    /// How many of the values come from the dimensions themselves; the rest was included.
    own: usize,
}

impl Combination {
    fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn own(&self) -> &[(String, String)] {
        self.values.get(..self.own).unwrap_or(&self.values)
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.values.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.values.push((name.to_owned(), value.to_owned())),
        }
    }
}

/// The combinations of a matrix whose values are all plain and known beforehand, if they are not too many.
fn combinations(job: &NormalJob) -> Option<Vec<Combination>> {
    let Some(LoE::Literal(matrix)) = job.strategy.as_ref().and_then(|strategy| strategy.matrix.as_ref()) else {
        return None;
    };
    let Matrix { include: LoE::Literal(include), exclude: LoE::Literal(exclude), dimensions: LoE::Literal(dimensions) } =
        matrix
    else {
        return None;
    };
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for (name, values) in dimensions {
        let LoE::Literal(values) = values else { return None };
        known.push((name.clone(), values.iter().map(plain).collect::<Option<_>>()?));
    }
    let size = known.iter().try_fold(1_usize, |size, (_, values)| size.checked_mul(values.len()))?;
    if size > MAX_COMBINATIONS || include.len() > MAX_COMBINATIONS {
        return None;
    }
    let excluded = entries(exclude)?;
    let mut found = product(&known);
    found.retain(|one| !excluded.iter().any(|entry| entry.iter().all(|(key, value)| one.get(key) == Some(value))));
    add_included(&mut found, &entries(include)?);
    (found.len() <= MAX_COMBINATIONS).then_some(found)
}

type Entry = Vec<(String, String)>;

fn entries<'a, M>(maps: &'a [M]) -> Option<Vec<Entry>>
where
    &'a M: IntoIterator<Item = (&'a String, &'a Value)>,
{
    maps.iter().map(|map| map.into_iter().map(|(key, value)| Some((key.clone(), plain(value)?))).collect()).collect()
}

fn product(dimensions: &[(String, Vec<String>)]) -> Vec<Combination> {
    if dimensions.is_empty() {
        return Vec::new();
    }
    let mut found = vec![Combination { values: Vec::new(), own: dimensions.len() }];
    for (name, values) in dimensions {
        found = found
            .iter()
            .flat_map(|one| {
                values.iter().map(|value| {
                    let mut next = one.clone();
                    next.values.push((name.clone(), value.clone()));
                    next
                })
            })
            .collect();
    }
    found
}

/// An included entry extends each combination whose own values it does not change; else it is one more combination.
fn add_included(found: &mut Vec<Combination>, included: &[Entry]) {
    let originals = found.len();
    for entry in included {
        let mut extended = false;
        for one in found.iter_mut().take(originals) {
            let changes =
                entry.iter().any(|(key, value)| one.own().iter().any(|(own, old)| own == key && old != value));
            if !changes {
                for (key, value) in entry {
                    one.set(key, value);
                }
                extended = true;
            }
        }
        if !extended {
            found.push(Combination { values: entry.clone(), own: 0 });
        }
    }
}

/// The text that GitHub shows for a plain value.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.contains("${{") => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        // A version such as 1.0 that is not quoted is a number, and shown as 1.
        Value::Number(number) => Some(number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())),
        _ => None,
    }
}

/// The name of a combination. GitHub adds the values to a name without expressions.
fn named(name: &str, combination: &Combination) -> String {
    if !name.contains("${{") {
        let values: Vec<&str> =
            combination.values.iter().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()).collect();
        return if values.is_empty() { name.to_owned() } else { format!("{name} ({})", values.join(", ")) };
    }
    expressions(name).iter().fold(name.to_owned(), |name, expression| match value_of(expression, combination) {
        Some(value) => name.replacen(expression.source, &value, 1),
        None => name,
    })
}

/// The value of `matrix.x`, or of several such and texts joined by `||`. None for anything else.
fn value_of(expression: &Expression<'_>, combination: &Combination) -> Option<String> {
    let inside = expression.source.strip_prefix("${{")?.strip_suffix("}}")?;
    let tokens = tokens(inside);
    let mut value = None;
    for alternative in tokens.split(|token| *token == Token::Or) {
        let this = match alternative {
            [Token::Text(text)] => text.as_str(),
            [Token::Name(context), Token::Dot, Token::Name(dimension)] if context == "matrix" => {
                combination.get(dimension).unwrap_or_default()
            }
            _ => return None,
        };
        // An empty text counts as false.
        if value.as_ref().is_none_or(String::is_empty) {
            value = Some(this.to_owned());
        }
    }
    value
}

/// The values that `matrix.x`, or `matrix.x.y`, can have in a job, as far as they are known beforehand.
pub(super) fn values<'a>(job: &'a NormalJob, context: &Context) -> Vec<&'a Value> {
    let names = context.names();
    let ["matrix", dimension, inner @ ..] = names.as_slice() else { return Vec::new() };
    let Some(LoE::Literal(Matrix { include, dimensions, .. })) =
        job.strategy.as_ref().and_then(|strategy| strategy.matrix.as_ref())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let LoE::Literal(dimensions) = dimensions {
        let own = dimensions.iter().filter(|(name, _)| name.eq_ignore_ascii_case(dimension));
        found.extend(own.filter_map(|(_, values)| if let LoE::Literal(values) = values { Some(values) } else { None }));
    }
    let mut found: Vec<&Value> = found.into_iter().flatten().collect();
    if let LoE::Literal(include) = include {
        let entries = include.iter().flat_map(|entry| entry.iter());
        found.extend(entries.filter(|(name, _)| name.eq_ignore_ascii_case(dimension)).map(|(_, value)| value));
    }
    for name in inner {
        found = found.into_iter().filter_map(|value| member(value, name)).collect();
    }
    found
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut entries = value.as_mapping()?.iter();
    entries.find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name))).map(|(_, value)| value)
}

fn clean(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::steps::jobs;
    use super::super::tests::one_workflow;
    use super::*;

    fn names(job: &str) -> Vec<String> {
        let text = format!("on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: x}}]\n{job}");
        let repository = one_workflow(&text);
        let flows = read(&repository);
        assert_eq!(flows.unreadable, []);
        jobs(&flows.read[0]).flat_map(|view| check_names(&view)).collect()
    }

    #[test]
    fn checks_are_named_as_github_does() {
        let cases: &[(&str, &[&str])] = &[
            ("", &["test"]),
            ("    name: Unit tests\n", &["Unit tests"]),
            ("    name: ''\n", &["test"]),
            (
                "    strategy: {matrix: {os: [a, b], v: [1.70, 2]}}\n",
                &["test (a, 1.7)", "test (a, 2)", "test (b, 1.7)", "test (b, 2)"],
            ),
            ("    name: T\n    strategy: {matrix: {v: ['1.70', 3.0, true]}}\n", &["T (1.70)", "T (3)", "T (true)"]),
            ("    name: T on ${{ matrix.os }}\n    strategy: {matrix: {os: [a, b]}}\n", &["T on a", "T on b"]),
            (
                "    name: ${{ matrix.name || matrix.os }}\n    strategy: {matrix: {include: [{os: a}, {name: B, os: b}]}}\n",
                &["a", "B"],
            ),
            ("    name: ${{ matrix.none || 'x' }}\n    strategy: {matrix: {os: [a]}}\n", &["x"]),
            ("    name: ${{ matrix.os && 'x' }}\n    strategy: {matrix: {os: [a]}}\n", &["test (…)"]),
            ("    name: Unit ${{ github.sha }} x\n", &["Unit … x"]),
            ("    strategy: {matrix: {os: [a, b], v: [1], exclude: [{os: a}]}}\n", &["test (b, 1)"]),
            (
                "    strategy: {matrix: {os: [a, b], include: [{os: a, x: 1}, {os: c, x: 2}]}}\n",
                &["test (a, 1)", "test (b)", "test (c, 2)"],
            ),
            ("    strategy: {matrix: {include: [{os: a}, {os: b}]}}\n", &["test (a)", "test (b)"]),
            ("    strategy: {matrix: {os: '${{ fromJSON(x) }}'}}\n", &["test"]),
            ("    strategy: {matrix: {os: [{a: b}]}}\n", &["test"]),
            ("    strategy: {matrix: '${{ x }}'}\n", &["test"]),
        ];
        for (job, expected) in cases {
            assert_eq!(names(job), *expected, "{job}");
        }
    }

    #[test]
    fn a_huge_matrix_goes_by_the_name_of_its_job() {
        let dimension =
            |name: &str| format!("{name}: [{}]", (0..200).map(|n| n.to_string()).collect::<Vec<_>>().join(", "));
        let matrix: Vec<String> = "abcdefghij".chars().map(|name| dimension(&name.to_string())).collect();
        assert_eq!(names(&format!("    strategy: {{matrix: {{{}}}}}\n", matrix.join(", "))), ["test"]);
    }
}
