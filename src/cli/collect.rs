//! `seaworthy collect`: the evidence snapshot alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use etcetera::{BaseStrategy as _, choose_base_strategy};

use super::Common;
use super::credentials::AppOptions;
use super::failure::Failure;
use super::output::Output;
use super::subject::Subject;
use crate::collect::github;
use crate::disk;

/// Collect evidence of a project and write it as a snapshot.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// owner/name, the address of a repository, or a path to a checkout
    subject: String,
    /// Where to write the snapshot; without it, it is printed
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
}

/// How long collecting may take, and how much it asks for.
#[derive(Args, Debug)]
pub(super) struct Limits {
    /// Seconds until the collection gives up and works with what it has
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// How much to ask GitHub for: what few requests tell, or all that the token can see
    #[arg(long, value_name = "DEPTH", default_value = "standard")]
    depth: Depth,
    #[command(flatten)]
    cache: CacheOptions,
    /// Do not wait for a rate limit of GitHub that is used up
    #[arg(long)]
    no_wait: bool,
    #[command(flatten)]
    pub(super) app: AppOptions,
}

/// Where GitHub's answers are kept.
#[derive(Args, Debug)]
pub(super) struct CacheOptions {
    /// Folder for GitHub's answers, which are used again where nothing has changed; by default the platform's own
    #[arg(long, value_name = "DIR", env = "SEAWORTHY_CACHE_DIR", hide_env_values = true)]
    cache_dir: Option<PathBuf>,
    /// Neither use nor keep answers of GitHub
    #[arg(long, env = "SEAWORTHY_NO_CACHE", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    no_cache: bool,
}

impl CacheOptions {
    /// The folder of the cache, unless there is to be none. Where the platform names none, neither is there.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        if self.no_cache {
            return None;
        }
        let own = || Some(choose_base_strategy().ok()?.cache_dir().join("seaworthy"));
        self.cache_dir.clone().or_else(own)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Depth {
    Standard,
    Full,
}

impl Limits {
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    pub(super) fn depth(&self) -> github::Depth {
        match self.depth {
            Depth::Standard => github::Depth::Standard,
            Depth::Full => github::Depth::Full,
        }
    }

    pub(super) fn waits(&self) -> bool {
        !self.no_wait
    }

    /// The folder of the cache, if there is to be one.
    pub(super) fn cache(&self) -> Option<PathBuf> {
        self.cache.folder()
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let collected = Subject::parse(&arguments.subject).collect(common, &arguments.limits, output)?;
    let json = collected.evidence.to_json()?;
    match arguments.output.as_deref() {
        Some(path) if path != Path::new("-") => {
            disk::write(path, &json).map_err(|error| Failure::io("write", path, &error))
        }
        _ => output.result(&json),
    }
}
