//! Wrong use: what clap says of it, with what clap cannot know.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};

/// Options whose value can be left out, and so must follow an equals sign.
const NEEDS_EQUALS: [&str; 1] = ["--record"];

/// The error, with a tip where the value of an option stands after a blank.
pub(super) fn explained(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidArg) else { return error };
    let before = |pair: &[OsString]| match pair {
        [option, next] if next.to_str() == Some(value) => NEEDS_EQUALS.into_iter().find(|needs| option == needs),
        _ => None,
    };
    if let Some(option) = arguments.windows(2).find_map(before) {
        let tip = StyledStr::from(format!("the value of `{option}` follows an equals sign: {option}={value}"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}
