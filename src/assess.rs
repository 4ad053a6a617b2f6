//! Assessing: resolve questions, judge requirements, score, and write the record.
//!
//! Everything here is pure. It knows no network, file system or clock: the same evidence, answers, questionnaires and day
//! give a byte-identical record on any machine, years later.

pub mod record;
