//! Keys: Ed25519 in PKCS#8, or as SSH keeps them. With an SSH key the signature is an SSHSIG
//! (<https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig>), as git's are, under a namespace of our own,
//! so that no signature can stand for another.

mod allowed;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ssh_key::private::KeypairData;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use crate::ledger::layout;
use allowed::Allowed;

/// What signatures with SSH keys are for.
pub(super) const NAMESPACE: &str = "seaworthy";
/// How a `SubjectPublicKeyInfo` of Ed25519 begins; the key follows.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const ARMOUR: &str = "SSH SIGNATURE";
/// How long lines of an armoured signature are.
const LINE: usize = 70;

/// Why a key cannot be used, or a signature is not good.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "the key is encrypted, and this program asks for no passphrase; seal with a key that has none, kept where only the \
         one who seals can read it"
    )]
    Encrypted,
    #[error(
        "the key is of the type {0}; only Ed25519 keys seal: `ssh-keygen -t ed25519` or `openssl genpkey -algorithm ed25519`"
    )]
    Type(String),
    #[error("it is no private key in PEM (PKCS#8 or OpenSSH)")]
    NoPrivateKey,
    #[error("it is no public key in PEM, no SSH public key and no file of allowed signers")]
    NoPublicKey,
    #[error("it is a private key; name the public one")]
    Private,
    #[error("the key cannot be read: {0}")]
    Broken(String),
    #[error("holds a signature that is not good: {0}")]
    Signature(String),
}

/// A signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    pub(super) keyid: String,
    pub(super) sig: String,
}

/// A key that signs.
pub struct SealKey {
    pair: Ed25519KeyPair,
    /// Whether signatures are those of SSH.
    is_ssh: bool,
}

impl SealKey {
    /// Reads the text of a file with a private key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let pem = pem::parse(text).map_err(|_| KeyError::NoPrivateKey)?;
        match pem.tag() {
            "PRIVATE KEY" => Ed25519KeyPair::from_pkcs8(pem.contents())
                .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(pem.contents()))
                .map(|pair| Self { pair, is_ssh: false })
                .map_err(|error| KeyError::Type(format!("another kind ({error})"))),
            "OPENSSH PRIVATE KEY" => Self::of_ssh(text),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            other if other.ends_with("PRIVATE KEY") => Err(KeyError::Type(other.replace(" PRIVATE KEY", ""))),
            _ => Err(KeyError::NoPrivateKey),
        }
    }

    fn of_ssh(text: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::from_openssh(text).map_err(|error| KeyError::Broken(error.to_string()))?;
        if key.is_encrypted() {
            return Err(KeyError::Encrypted);
        }
        let KeypairData::Ed25519(pair) = key.key_data() else {
            return Err(KeyError::Type(key.algorithm().to_string()));
        };
        let pair = Ed25519KeyPair::from_seed_and_public_key(&pair.private.to_bytes(), &pair.public.0)
            .map_err(|error| KeyError::Broken(error.to_string()))?;
        Ok(Self { pair, is_ssh: true })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Signature, KeyError> {
        let public: [u8; 32] = self
            .pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| KeyError::Broken("its public half has another length".to_owned()))?;
        if !self.is_ssh {
            let sig = STANDARD.encode(self.pair.sign(message));
            return Ok(Signature { keyid: keyid(&public), sig });
        }
        let broken = |error: ssh_key::Error| KeyError::Broken(error.to_string());
        let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, message).map_err(broken)?;
        let signature = ssh_key::Signature::new(Algorithm::Ed25519, self.pair.sign(&data).as_ref()).map_err(broken)?;
        let signature = SshSig::new(ssh_public(&public), NAMESPACE, HashAlg::Sha512, signature).map_err(broken)?;
        Ok(Signature { keyid: ssh_keyid(&public), sig: blob(&signature)? })
    }
}

/// Keys whose signatures count.
#[derive(Clone, Debug)]
pub struct PublicKeys {
    keys: Vec<Allowed>,
}

impl PublicKeys {
    /// Reads the text of a file: a public key in PEM, an SSH public key, or allowed signers as git and `ssh-keygen` read them.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if let Ok(pem) = pem::parse(text) {
            return match pem.tag() {
                "PUBLIC KEY" => {
                    let key = pem.contents().strip_prefix(&SPKI).and_then(|key| key.try_into().ok());
                    let key = key.ok_or_else(|| KeyError::Type("another kind".to_owned()))?;
                    Ok(Self { keys: vec![Allowed::always(key)] })
                }
                tag if tag.ends_with("PRIVATE KEY") => Err(KeyError::Private),
                _ => Err(KeyError::NoPublicKey),
            };
        }
        let keys: Vec<Allowed> = match PublicKey::from_openssh(text.trim()) {
            Ok(key) => match key.key_data() {
                KeyData::Ed25519(key) => vec![Allowed::always(key.0)],
                _ => return Err(KeyError::Type(key.algorithm().to_string())),
            },
            Err(_) => allowed::read(text),
        };
        if keys.is_empty() { Err(KeyError::NoPublicKey) } else { Ok(Self { keys }) }
    }

    /// Whether a signature is good; not so where its key is none of these.
    pub(super) fn verify(
        &self,
        signature: &Signature,
        message: &[u8],
        sealed_at: DateTime<Utc>,
    ) -> Result<bool, KeyError> {
        let bad = |why: &str| KeyError::Signature(why.to_owned());
        let Some((key, is_ssh)) = self.named(&signature.keyid) else { return Ok(false) };
        if !key.holds_at(sealed_at) {
            return Err(bad("the key was not to be used at the time of the seal"));
        }
        let (data, bytes) = if is_ssh {
            if !key.is_for(NAMESPACE) {
                return Err(bad("the key is not allowed to sign for `seaworthy`"));
            }
            let signature = of_blob(&signature.sig).ok_or_else(|| bad("it is no SSH signature in its one form"))?;
            if signature.namespace() != NAMESPACE || *signature.public_key() != ssh_public(&key.key) {
                return Err(bad("it is for something else, or by another key than it says"));
            }
            let data = SshSig::signed_data(NAMESPACE, signature.hash_alg(), message);
            let data = data.map_err(|error| KeyError::Signature(error.to_string()))?;
            (data, signature.signature_bytes().to_vec())
        } else {
            (message.to_vec(), STANDARD.decode(&signature.sig).map_err(|_| bad("it is no base64"))?)
        };
        match UnparsedPublicKey::new(&ED25519, key.key).verify(&data, &bytes) {
            Ok(()) => Ok(true),
            Err(_) => Err(bad("the key did not sign this")),
        }
    }

    /// The key of a name, and whether it is named as an SSH key.
    fn named(&self, name: &str) -> Option<(&Allowed, bool)> {
        let plain = self.keys.iter().find(|key| keyid(&key.key) == name).map(|key| (key, false));
        plain.or_else(|| self.keys.iter().find(|key| ssh_keyid(&key.key) == name).map(|key| (key, true)))
    }
}

/// The name of a key: the digest of its `SubjectPublicKeyInfo`.
fn keyid(key: &[u8; 32]) -> String {
    let mut spki = SPKI.to_vec();
    spki.extend_from_slice(key);
    layout::digest(&spki)
}

/// The name of an SSH key: its fingerprint, as `ssh-keygen -l` prints it.
fn ssh_keyid(key: &[u8; 32]) -> String {
    ssh_public(key).fingerprint(HashAlg::Sha256).to_string()
}

fn ssh_public(key: &[u8; 32]) -> KeyData {
    KeyData::Ed25519(ssh_key::public::Ed25519PublicKey(*key))
}

/// An SSH signature in base64, without armour.
fn blob(signature: &SshSig) -> Result<String, KeyError> {
    let armoured = signature.to_pem(LineEnding::LF).map_err(|error| KeyError::Broken(error.to_string()))?;
    Ok(armoured.lines().filter(|line| !line.starts_with("-----")).collect())
}

/// None where it is not written as we write it.
fn of_blob(text: &str) -> Option<SshSig> {
    let mut armoured = format!("-----BEGIN {ARMOUR}-----\n");
    let characters: Vec<char> = text.chars().collect();
    for line in characters.chunks(LINE) {
        armoured.extend(line);
        armoured.push('\n');
    }
    armoured.push_str(&format!("-----END {ARMOUR}-----\n"));
    let signature = SshSig::from_pem(armoured).ok()?;
    (blob(&signature).ok()? == text).then_some(signature)
}
