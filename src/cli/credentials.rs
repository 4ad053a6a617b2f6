//! With what GitHub is asked: a token of the environment or of the `gh` program, or a GitHub App.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use super::failure::Failure;
use crate::collect::github::{App, AppKey, Credentials, Token};
use crate::disk;

/// The variable that holds an app's private key.
const APP_KEY: &str = "SEAWORTHY_APP_PRIVATE_KEY";

/// Asking as a GitHub App instead of with a token.
#[derive(Args, Debug)]
#[command(next_help_heading = "Asking as a GitHub App")]
pub(super) struct AppOptions {
    /// Id or client id of a GitHub App to ask as, instead of with a token
    #[arg(long, value_name = "ID", env = "SEAWORTHY_APP_ID", hide_env_values = true)]
    app_id: Option<String>,
    /// File with the app's private key; without it the key is read from `SEAWORTHY_APP_PRIVATE_KEY`
    #[arg(long, value_name = "FILE", requires = "app_id")]
    app_key: Option<PathBuf>,
    /// The app's installation; without it that of the subject's owner
    #[arg(long, value_name = "ID", requires = "app_id", env = "SEAWORTHY_APP_INSTALLATION_ID", hide_env_values = true)]
    installation_id: Option<u64>,
}

impl AppOptions {
    /// The app, where one is named; else the token for this host; else nothing.
    pub(super) fn find(&self, host: &str) -> Result<Credentials, Failure> {
        match self.app_id.as_deref().filter(|id| !id.trim().is_empty()) {
            Some(id) => self.app(id).map(Credentials::App),
            None => token(host).map(Credentials::from),
        }
    }

    fn app(&self, id: &str) -> Result<App, Failure> {
        let key = match &self.app_key {
            Some(path) => key_of_file(path)?,
            None => {
                let text = std::env::var(APP_KEY).map_err(|_| {
                    Failure::Invalid(format!(
                        "--app-id needs the app's private key: name its file with --app-key, or set {APP_KEY}"
                    ))
                })?;
                AppKey::from_pem(&text).map_err(|error| Failure::Invalid(format!("cannot use {APP_KEY}: {error}")))?
            }
        };
        App::new(id, key, self.installation_id)
            .map_err(|error| Failure::Invalid(format!("cannot use --app-id: {error}")))
    }
}

fn key_of_file(path: &Path) -> Result<AppKey, Failure> {
    let text = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    AppKey::from_pem(&text).map_err(|error| Failure::Invalid(format!("cannot use `{}`: {error}", path.display())))
}

/// The token: of the environment, or of the `gh` program for this host.
fn token(host: &str) -> Result<Option<Token>, Failure> {
    for name in ["GITHUB_TOKEN", "GH_TOKEN"] {
        let Some(text) = std::env::var_os(name).filter(|text| !text.to_string_lossy().trim().is_empty()) else {
            continue;
        };
        let token = text.to_str().and_then(Token::new);
        let token = token.ok_or_else(|| Failure::Invalid(format!("{name} holds characters that no token has")))?;
        return Ok(Some(token.in_actions(in_actions())));
    }
    Ok(token_of_gh(host))
}

/// Whether this is a run of GitHub Actions.
fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

fn token_of_gh(host: &str) -> Option<Token> {
    let answer = Command::new("gh")
        .args(["auth", "token", "--hostname", host])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|answer| answer.status.success())?;
    Token::new(&String::from_utf8(answer.stdout).ok()?)
}
