//! `seaworthy verify`: whether a ledger holds.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::history::ListFormat;
use super::ledger;
use super::output::Output;
use super::seal::public_keys;
use super::table::wrapped;
use crate::ledger::verify::{Found, Verification, verify};
use crate::report::escape::clean;

/// Verify a ledger: every digest, the chain, and that each record follows from what it was made of.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
    seaworthy verify                     the ledger of the checkout here
    seaworthy verify --key ann.pub       also that the newest record is sealed by that key
    seaworthy verify ledgers/widget --format json

Exit status: 0 it holds; 3 it does not; 2 there is no ledger; 1 it cannot be read.
What another version of Seaworthy comes to is a note, unless --strict is given.")]
pub(super) struct Arguments {
    /// Folder of the ledger, or a checkout that has one; by default the checkout here
    folder: Option<String>,
    /// Public key, SSH public key or file of allowed signers: the newest record must be sealed by one of them
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Also fail where this version comes to something else than the version that made a record
    #[arg(long)]
    strict: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
}

#[derive(Serialize)]
struct Printed<'a> {
    holds: bool,
    #[serde(flatten)]
    verification: &'a Verification,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let folder = ledger::folder(arguments.folder.as_deref())?;
    let keys = arguments.key.as_deref().map(public_keys).transpose()?;
    let verification = verify(&folder, keys.as_ref())?;
    let is_fault = |found: &Found| found.kind.is_fault() || arguments.strict && found.kind.is_fault_if_strict();
    let faults = verification.found.iter().filter(|found| is_fault(found)).count();
    match arguments.format {
        ListFormat::Json => {
            let printed = Printed { holds: faults == 0, verification: &verification };
            output.result(&(serde_json::to_string_pretty(&printed)? + "\n"))?;
        }
        ListFormat::Text => output.result(&text(&verification, is_fault, output.width()))?,
    }
    if faults == 0 {
        return Ok(());
    }
    let word = if faults == 1 { "fault was" } else { "faults were" };
    Err(Failure::NotReached(format!("the ledger in `{}` does not hold: {faults} {word} found", folder.display())))
}

fn text(verification: &Verification, is_fault: impl Fn(&Found) -> bool, width: usize) -> String {
    let mut text = String::new();
    for found in &verification.found {
        let mark = if is_fault(found) { "✗" } else { "·" };
        let line = format!("{}  {} ({})", clean(&found.path), clean(&found.what), found.kind.word());
        text.push_str(&wrapped(width, &format!("{mark} "), &line));
    }
    let Verification { records, derived, .. } = verification;
    let word = if *records == 1 { "record" } else { "records" };
    text.push_str(&format!("{records} {word}; {derived} made again from what they rest on, byte for byte.\n"));
    if let Some(file) = &verification.sealed_up_to {
        text.push_str(&format!("Sealed up to {file}.\n"));
    }
    if let Some(latest) = verification.latest.as_ref().filter(|_| verification.holds()) {
        text.push_str(&format!("The newest is {}, which stands for all before it.\n", clean(latest)));
    }
    text
}
