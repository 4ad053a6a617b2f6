//! `seaworthy seal`: a signature over the newest record.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::subject::now;
use crate::disk;
use crate::ledger::Ledger;
use crate::ledger::seal::{PublicKeys, SealKey, seal};
use crate::ledger::verify::verify;

/// Sign the newest record of a ledger, and with it all records before it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
    seaworthy seal --key ~/.ssh/id_ed25519                an SSH key, as git signs with
    seaworthy seal --key release.pem                      openssl genpkey -algorithm ed25519 -out release.pem
    seaworthy verify --key ~/.ssh/id_ed25519.pub          or a public key in PEM, or a file of allowed signers
A ledger that does not hold is not sealed. Keys with a passphrase, of other types, or in hardware cannot seal.")]
pub(super) struct Arguments {
    /// Folder of the ledger, or a checkout that has one; by default the checkout here
    folder: Option<String>,
    /// File of an Ed25519 private key: PKCS#8 in PEM, or an SSH key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let key = SealKey::parse(&read(&arguments.key)?).map_err(|error| invalid(&arguments.key, &error.to_string()))?;
    let folder = ledger::folder(arguments.folder.as_deref())?;
    if !verify(&folder, None)?.holds() {
        return Err(Failure::NotReached(format!(
            "the ledger in `{}` does not hold, so that it is not sealed; `seaworthy verify` tells why",
            folder.display()
        )));
    }
    let sealed = seal(&Ledger::open(&folder)?, &key, now())?;
    let done = if sealed.is_new { "Sealed" } else { "Sealed already:" };
    output.result(&format!(
        "{done} {} by the key {}, in {}.\n",
        sealed.record.display(),
        sealed.key,
        sealed.seal.display()
    ))
}

/// The keys of a file whose signatures count.
pub(super) fn public_keys(path: &Path) -> Result<PublicKeys, Failure> {
    PublicKeys::parse(&read(path)?).map_err(|error| invalid(path, &error.to_string()))
}

fn read(path: &Path) -> Result<String, Failure> {
    disk::read_text(path).map_err(|error| Failure::io("read", path, &error))
}

fn invalid(path: &Path, why: &str) -> Failure {
    Failure::Invalid(format!("`{}`: {why}", path.display()))
}
