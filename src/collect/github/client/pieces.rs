//! A GraphQL query in parts: asked in one, and in pieces where that is too much or a server does not know all of it.

use std::collections::VecDeque;

use serde_json::Value;

use super::super::parts::{self, Part};
use super::super::transport::Transport;
use super::Client;
use super::ask::Manner;
use super::graphql::{GraphQl, GraphQlError};
use super::refusal::Refusal;

/// The most queries for one set of parts.
const MAX_QUERIES: usize = 9;
/// How often a query of several parts is made before it is taken apart.
const TRIES_OF_SEVERAL: u32 = 2;

impl<T: Transport> Client<T> {
    /// Asks for all parts in one query. Where that is too much for GitHub the parts are halved, again and again; a part
    /// that a server does not know is left out. Data and errors of all pieces stand in one answer.
    ///
    /// # Errors
    /// If the first part, without which the others are of no use, cannot be asked for at all.
    pub(in super::super) async fn graphql_parts(&self, parts: &[Part], variables: &Value) -> Result<GraphQl, Refusal> {
        let mut merged = GraphQl::default();
        let mut pieces = VecDeque::from([parts.to_vec()]);
        for number in 0..MAX_QUERIES {
            let Some(piece) = pieces.pop_front() else { return Ok(merged) };
            if number > 0 {
                // Only the first query was planned for; the others repeat some of it.
                self.plan_again();
            }
            let has_first = piece.first() == parts.first();
            let again = match self.ask_piece(&piece, variables).await {
                Ok(answer) => sort(&piece, &answer, &mut merged),
                Err(refusal) if is_too_much(&refusal) && piece.len() > 1 => halves(&piece),
                Err(refusal) if has_first => return Err(refusal),
                Err(refusal) => {
                    let failed = piece.iter().map(|part| GraphQlError::of_part(part.name, refusal.reason()));
                    merged.errors.extend(failed);
                    continue;
                }
            };
            // What was split comes before what follows it, so that the first part stays first.
            again.into_iter().rev().for_each(|piece| pieces.push_front(piece));
        }
        for part in pieces.into_iter().flatten() {
            let why = "the query was too much for GitHub, even in pieces".to_owned();
            merged.errors.push(GraphQlError::of_part(part.name, why));
        }
        Ok(merged)
    }

    async fn ask_piece(&self, piece: &[Part], variables: &Value) -> Result<GraphQl, Refusal> {
        let query = parts::document(piece);
        let mut variables = variables.clone();
        if let Value::Object(given) = &mut variables {
            given.retain(|name, _| query.contains(&format!("${name}")));
        }
        let tries = if piece.len() > 1 { TRIES_OF_SEVERAL } else { Manner::USUAL.tries };
        self.query(&query, &variables, Manner { tries, ..Manner::USUAL }).await
    }
}

/// Whether GitHub gave up on a query, which a smaller one may be spared.
fn is_too_much(refusal: &Refusal) -> bool {
    matches!(refusal.status(), Some(502..=504))
}

fn halves(piece: &[Part]) -> Vec<Vec<Part>> {
    let (one, other) = piece.split_at(piece.len() / 2);
    [one, other].into_iter().filter(|half| !half.is_empty()).map(<[Part]>::to_vec).collect()
}

/// Takes over what is whole of an answer, and gives the pieces that are to be asked again.
fn sort(piece: &[Part], answer: &GraphQl, merged: &mut GraphQl) -> Vec<Vec<Part>> {
    if answer.data.is_none() && answer.errors.iter().any(GraphQlError::is_of_query) {
        return without_unknown(piece, answer, merged);
    }
    let of_all = |error: &GraphQlError| error.path.is_empty() && error.is_too_much();
    let all_is_too_much = answer.errors.iter().any(of_all);
    let is_empty = |part: &Part| answer.data.as_ref().and_then(|data| data.get(part.name)).is_none_or(Value::is_null);
    let too_much = |part: &Part| {
        let its_errors = || answer.errors.iter().filter(|error| error.is_of(part.name));
        its_errors().any(GraphQlError::is_too_much)
            || (all_is_too_much && is_empty(part) && its_errors().next().is_none())
    };
    let (again, whole): (Vec<Part>, Vec<Part>) = piece.iter().copied().partition(too_much);
    if again.len() == 1 && piece.len() == 1 {
        // Nothing smaller can be asked.
        for part in again {
            merged.adopt(part.name, answer);
            let of_all = answer.errors.iter().filter(|error| error.path.is_empty());
            merged.errors.extend(of_all.map(|error| GraphQlError::of_part(part.name, error.message.clone())));
        }
        return Vec::new();
    }
    for part in &whole {
        merged.adopt(part.name, answer);
        let of_all = || answer.errors.iter().find(|error| error.path.is_empty()).or(answer.errors.first());
        let is_unsaid = is_empty(part) && merged.error_at(&[part.name]).is_none();
        let speaks_of_it = |error: &&GraphQlError| answer.data.is_none() || error.path.is_empty();
        if let Some(error) = of_all().filter(speaks_of_it).filter(|_| is_unsaid) {
            merged.errors.push(GraphQlError::of_part(part.name, error.message.clone()));
        }
    }
    if whole.is_empty() { halves(&again) } else { Vec::from([again]).into_iter().filter(|p| !p.is_empty()).collect() }
}

/// The piece without the parts that the server does not know; in halves, where it does not say which these are.
fn without_unknown(piece: &[Part], answer: &GraphQl, merged: &mut GraphQl) -> Vec<Vec<Part>> {
    let named = |part: &Part, error: &GraphQlError| {
        let after_query = error.path.get(1).and_then(Value::as_str);
        let lines = parts::lines(piece, part);
        after_query == Some(part.name)
            || (after_query.is_none() && error.locations.iter().any(|location| lines.contains(&location.line)))
    };
    let mut known = Vec::new();
    for part in piece {
        match answer.errors.iter().find(|error| named(part, error)) {
            Some(error) => merged.errors.push(GraphQlError::not_known(part.name, error.message.clone())),
            None => known.push(*part),
        }
    }
    if known.len() < piece.len() {
        return Vec::from([known]).into_iter().filter(|piece| !piece.is_empty()).collect();
    }
    if piece.len() > 1 {
        return halves(piece);
    }
    let message = answer.errors.first().map(|error| error.message.clone()).unwrap_or_default();
    merged.errors.extend(piece.iter().map(|part| GraphQlError::not_known(part.name, message.clone())));
    Vec::new()
}

#[cfg(test)]
mod tests;
