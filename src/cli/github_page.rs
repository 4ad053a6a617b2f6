//! The page of the documentation that says what is read of GitHub.

use crate::collect::github::reads::{Fact, Reads};
use crate::evidence::{KeyInfo, Permissions, Vocabulary};

/// The most keys of a fact that are named.
const MAX_NAMED: usize = 4;

/// The page.
pub(super) fn page(reads: &Reads, vocabulary: &Vocabulary) -> String {
    let mut text = String::from(
        "# What is read of GitHub\n\n<!-- Made by `seaworthy observations --github`; a test compares. -->\n\n\
         Seaworthy only reads. It asks what the role of its token can see, and nothing that it has no use for. What the\n\
         keys mean stands under [observations](observations.md), how many requests a collection makes and what happens\n\
         where one fails under [collecting](collecting.md).\n\n## Requests of the REST API\n\n\
         Each counts as one request against the rate limit, unless it says otherwise. *Needs* names the permissions\n\
         without which some of its keys are *not permitted*.\n\n\
         | request | when | needs | read for |\n| --- | --- | --- | --- |\n",
    );
    for request in &reads.requests {
        let keys = reads.keys_of_request(request, vocabulary);
        let counted = if request.counted { "" } else { " (not counted)" };
        text.push_str(&format!(
            "| `{}`{counted} | {} | {} | {} |\n",
            request.request,
            request.when,
            needs(&keys),
            read_for(request.purpose.as_deref(), &keys)
        ));
    }
    text.push_str(&queries(reads, vocabulary));
    text.push_str(&comparison(reads, vocabulary));
    text
}

fn queries(reads: &Reads, vocabulary: &Vocabulary) -> String {
    let mut text = String::from(
        "\n## Queries of GraphQL\n\n\
         Without a token GitHub answers no GraphQL. A query counts points of the hourly 5,000 that GraphQL has for itself;\n\
         in the budgets of Seaworthy it counts as a request, too. A query that is too much for GitHub, or partly\n\
         refused, is asked again without what was at fault.\n\n\
         | query | when | points |\n| --- | --- | --- |\n",
    );
    for query in &reads.queries {
        let most = if query.most > 1 {
            format!("{} each, {} times at most", query.points, query.most)
        } else {
            query.points.to_string()
        };
        text.push_str(&format!("| `{}` | {} | {most} |\n", query.query, query.when));
    }
    text.push_str(
        "\nThey consist of these parts:\n\n| part | of the query | needs | read for |\n| --- | --- | --- | --- |\n",
    );
    for part in &reads.parts {
        let keys = reads.keys_of_part(part, vocabulary);
        let read_for = read_for(part.purpose.as_deref(), &keys);
        text.push_str(&format!("| `{}` | `{}` | {} | {read_for} |\n", part.part, part.query, needs(&keys)));
    }
    text
}

/// The permissions that keys need, each once.
fn needs(keys: &[&KeyInfo]) -> String {
    let words = |name| Permissions::built_in().words(name);
    let mut needed: Vec<&str> = keys.iter().filter_map(|info| info.permission()).map(words).collect();
    needed.sort_unstable();
    needed.dedup();
    if needed.is_empty() { "–".to_owned() } else { needed.join("; ") }
}

fn read_for(purpose: Option<&str>, keys: &[&KeyInfo]) -> String {
    let keys: Vec<String> = keys.iter().map(|info| format!("`{}`", info.key)).collect();
    let keys = (!keys.is_empty()).then(|| keys.join(", "));
    purpose.map(str::to_owned).into_iter().chain(keys).collect::<Vec<_>>().join(": ")
}

fn comparison(reads: &Reads, vocabulary: &Vocabulary) -> String {
    let mut text = String::from(
        "\n## What other tools read\n\nWhat could be learnt of GitHub for an assessment, and who reads it; – says that a tool does \
         not.\nWhy Seaworthy does not stands under [what is not collected](observations.md#what-is-not-collected). What a tool makes\nof a fact is another matter. The tools were looked at in this state:\n\n",
    );
    for tool in &reads.tools {
        text.push_str(&format!("- {}: {}\n", tool.name, tool.seen));
    }
    for topic in &reads.comparison {
        let tools: Vec<&str> = reads.tools.iter().map(|tool| tool.name.as_str()).collect();
        text.push_str(&format!("\n### {}\n\n| fact | Seaworthy | {} |\n", topic.topic, tools.join(" | ")));
        text.push_str(&format!("| --- | --- |{}\n", " --- |".repeat(reads.tools.len())));
        for fact in &topic.rows {
            let marks = reads.tools.iter().map(|tool| if fact.by.contains(&tool.id) { " yes |" } else { " – |" });
            let ours = ours(fact, vocabulary);
            text.push_str(&format!("| {} | {ours} |{}\n", fact.what, marks.collect::<String>()));
        }
    }
    text
}

/// The keys that tell a fact.
fn ours(fact: &Fact, vocabulary: &Vocabulary) -> String {
    let keys = Reads::keys_of_fact(fact, vocabulary);
    let named: Vec<String> = keys.iter().take(MAX_NAMED).map(|info| format!("`{}`", info.key)).collect();
    match keys.len() {
        0 => fact.elsewhere.clone().unwrap_or_else(|| "–".to_owned()),
        count if count > MAX_NAMED => format!("{} and {} more", named.join(", "), count - MAX_NAMED),
        _ => named.join(", "),
    }
}
