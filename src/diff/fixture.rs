//! A small question bank and model, for the tests of changes and of years.

pub(crate) const QUESTIONS: &str = "\
schema: seaworthy.questions/1
topic: t
title: T
questions:
  - id: t.reviewed
    ask: Is each change approved?
    why: w
    how: h
    answer: yes-no
    observe:
      - value: yes
        when: { default_branch.required_approvals: { at_least: 1 } }
        certainty: proof
      - value: no
        when: { default_branch.required_approvals: 0 }
        certainty: proof
    valid_for: 12 months
  - id: t.recent
    ask: Is the project at work?
    why: w
    how: h
    answer: yes-no
    observe:
      - value: yes
        when: { history.last_commit_on: { within_days: 90 } }
        certainty: proof
    valid_for: 12 months
  - id: t.word
    ask: Is there a plan?
    why: w
    how: h
    answer: yes-no
    valid_for: 12 months
";

/// A model with these requirements, a line each.
pub(crate) fn model(requirements: &str) -> String {
    format!("{MODEL}{requirements}")
}

const MODEL: &str = "\
schema: seaworthy.model/1
id: m
title: M
version: '1'
source: https://example.org
about: a
scoring: cumulative-levels
levels: [{ id: 1, title: One, meaning: m }, { id: 2, title: Two, meaning: m }]
areas: [{ id: A, title: Area }]
requirements:
";

/// A requirement that an observation decides.
pub(crate) const APPROVED: &str =
    "  - { id: R1, area: A, levels: [1], demands: Each change is approved., met_when: { t.reviewed: yes } }\n";
