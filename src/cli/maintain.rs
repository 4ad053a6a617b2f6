//! What `init` and `answer` have in common: the answers file, the evidence, and the assessment of both.

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::Common;
use super::assess::unknown_model;
use super::collect::Limits;
use super::declared;
use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::subject::{Subject, now};
use crate::answers::edit::{Edit, EditError, apply};
use crate::answers::{ANSWERS_PATH, ANSWERS_SCHEMA, Answers};
use crate::assess::assess;
use crate::assess::record::Assessment;
use crate::disk;
use crate::evidence::{self, Evidence};
use crate::import::Declarations;
use crate::interview::{beginning, is_mail_address};
use crate::ledger::{Entry, LEDGER_PATH, Ledger, LedgerError};
use crate::questionnaire::{Model, Questionnaires};
use crate::report::escape::clean;
use crate::schema;
use crate::validity;
use crate::yaml::Document;

/// What the answers are about, and where they are kept.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// A path to a checkout, owner/name, or the address of a repository
    #[arg(default_value = ".")]
    subject: String,
    /// The answers file; by default .seaworthy/answers.yaml of the checkout, or of the folder that you are in
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Model whose questions are meant; may be repeated; `all` means all of them [default: osps-baseline; of `status`: all]
    #[arg(long, value_name = "ID")]
    model: Vec<String>,
    /// Ask no network: the subject must be a checkout
    #[arg(long)]
    offline: bool,
    /// The day on which the answers are given or looked at; by default today in UTC
    #[arg(long, value_name = "DATE", visible_alias = "as-of")]
    on: Option<NaiveDate>,
    /// An earlier evidence snapshot, or a ledger, of which the newest counts: answers given before what changed since are
    /// suspect; by default the ledger of the checkout, where it has one
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Leave out what the subject declares in other files, such as its Security Insights
    #[arg(long)]
    no_declared: bool,
    #[command(flatten)]
    limits: Limits,
}

/// The model whose questions are asked where none is named.
const DEFAULT_MODEL: &str = "osps-baseline";

/// The evidence with the changes since an earlier snapshot in a file.
pub(super) fn with_changes_since(path: &Path, evidence: Evidence, output: &Output) -> Result<Evidence, Failure> {
    let earlier = if path.is_dir() { of_ledger(path)? } else { of_file(path)? };
    if earlier.collected_at >= evidence.collected_at {
        output.remark(&format!("`{}` is not earlier than the evidence, and tells no change.", path.display()));
    }
    Ok(validity::compare::since(&earlier, evidence))
}

fn of_file(path: &Path) -> Result<Evidence, Failure> {
    let json = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    Evidence::from_json(&json).map_err(|error| Failure::Invalid(format!("`{}`: {error}", path.display())))
}

/// The evidence of the newest assessment of a ledger.
fn of_ledger(folder: &Path) -> Result<Evidence, Failure> {
    let ledger = Ledger::open(folder)?;
    let latest = ledger.latest().ok_or_else(|| Failure::from(LedgerError::NoRecords(folder.to_owned())))?;
    Ok(latest.evidence()?)
}

/// The evidence with the changes since the newest assessment in the ledger of a checkout, where it has one about the same
/// subject. A ledger that cannot be read is told, and hinders nothing.
fn with_changes_since_ledger(subject: &Subject, named: &str, evidence: Evidence, output: &Output) -> Evidence {
    let folder = match subject {
        Subject::Checkout(_) => ledger::folder(Some(named)).ok().filter(|folder| folder.ends_with(LEDGER_PATH)),
        Subject::GitHub(_) => None,
    };
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else { return evidence };
    let earlier = Ledger::open(&folder).and_then(|ledger| ledger.latest().map(Entry::evidence).transpose());
    match earlier {
        Ok(Some(earlier)) if earlier.subject.id.eq_ignore_ascii_case(&evidence.subject.id) => {
            validity::compare::since(&earlier, evidence)
        }
        Ok(_) | Err(LedgerError::NoRecords(_)) => evidence,
        Err(error) => {
            output.remark(&format!(
                "The ledger was left out: {}. `seaworthy verify` tells more.",
                clean(&error.to_string())
            ));
            evidence
        }
    }
}

/// All that is known before anything is asked.
pub(super) struct Session {
    pub(super) questionnaires: Questionnaires,
    pub(super) evidence: Evidence,
    pub(super) file: AnswersFile,
    pub(super) on: NaiveDate,
    /// What the subject declares in other files.
    pub(super) declared: Declarations,
    models: Vec<String>,
}

impl Place {
    /// Loads questionnaires, answers and evidence, from a snapshot or by collecting. What is wrong with the files is told before the network is asked.
    pub(super) fn open(&self, snapshot: Option<&Path>, common: &Common, output: &Output) -> Result<Session, Failure> {
        let questionnaires = common.load_questionnaires()?;
        let models = self.models(&questionnaires)?;
        let subject = Subject::parse(&self.subject);
        if self.offline && snapshot.is_none() && matches!(subject, Subject::GitHub(_)) {
            return Err(Failure::Invalid(format!(
                "`{}` is on GitHub, and --offline asks no network; name a checkout",
                self.subject
            )));
        }
        let file = AnswersFile::open(self.path(&subject))?;
        let answers = file.answers(&questionnaires)?;
        let (evidence, declaring) = match snapshot {
            Some(path) => {
                let json = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
                let evidence = Evidence::from_json(&json)
                    .map_err(|error| Failure::Invalid(format!("`{}`: {error}", path.display())))?;
                (evidence, subject.declared_on_disk())
            }
            None => {
                let collected = subject.collect(common, &self.limits, output)?;
                (collected.evidence, collected.declared)
            }
        };
        let evidence = match &self.since {
            Some(path) => with_changes_since(path, evidence, output)?,
            None => with_changes_since_ledger(&subject, &self.subject, evidence, output),
        };
        let on = self.on.unwrap_or_else(|| now().date_naive());
        let declared = if self.no_declared {
            Declarations::default()
        } else {
            declared::read(&declaring, Some(&answers), &evidence, on, &questionnaires, output)
        };
        let session = Session { questionnaires, evidence, file, on, declared, models };
        session.check_subject()?;
        Ok(session)
    }

    fn path(&self, subject: &Subject) -> PathBuf {
        match (&self.answers, subject) {
            (Some(path), _) => path.clone(),
            (None, Subject::Checkout(folder)) if folder != Path::new(".") => folder.join(ANSWERS_PATH),
            (None, _) => PathBuf::from(ANSWERS_PATH),
        }
    }

    fn models(&self, questionnaires: &Questionnaires) -> Result<Vec<String>, Failure> {
        if self.model.iter().any(|id| id == "all") {
            return Ok(questionnaires.models().iter().map(|model| model.id.clone()).collect());
        }
        if self.model.is_empty() {
            return Ok(vec![DEFAULT_MODEL.to_owned()]);
        }
        for id in &self.model {
            questionnaires.model(id).ok_or_else(|| unknown_model(id, questionnaires))?;
        }
        Ok(self.model.clone())
    }

    /// The name of the person in the git configuration of the subject's folder, if it is a checkout.
    pub(super) fn git_user(&self) -> Option<String> {
        let folder = match Subject::parse(&self.subject) {
            Subject::Checkout(folder) => folder,
            Subject::GitHub(_) => PathBuf::from("."),
        };
        let repository = gix::open(folder).ok()?;
        let config = repository.config_snapshot();
        let name = |key: &str| config.string(key).map(|name| clean(&name.to_string())).filter(|name| !name.is_empty());
        let user = name("github.user").map(|user| format!("@{}", user.trim_start_matches('@')));
        user.or_else(|| name("user.name")).filter(|name| !is_mail_address(name))
    }

    /// Whether the person named models, or the answers file.
    pub(super) fn names_models(&self) -> bool {
        !self.model.is_empty()
    }

    pub(super) fn names_answers(&self) -> bool {
        self.answers.is_some()
    }

    /// The arguments that name the same place again, for a command to show.
    pub(super) fn again(&self) -> String {
        let mut words = String::new();
        if self.subject != "." {
            words += &format!(" {}", self.subject);
        }
        if let Some(path) = &self.answers {
            words += &format!(" --answers {}", path.display());
        }
        words
    }
}

impl Session {
    fn check_subject(&self) -> Result<(), Failure> {
        let answers = self.file.answers(&self.questionnaires)?;
        match answers.subject {
            Some(subject)
                if evidence::Subject::is_lasting(&self.evidence.subject.id)
                    && !subject.eq_ignore_ascii_case(&self.evidence.subject.id) =>
            {
                Err(Failure::Invalid(format!(
                    "`{}` is about {subject}, not about {}; name its own file with --answers",
                    self.file.path.display(),
                    clean(&self.evidence.subject.id)
                )))
            }
            _ => Ok(()),
        }
    }

    /// The same under all models.
    pub(super) fn under_all_models(self) -> Self {
        let models = self.questionnaires.models().iter().map(|model| model.id.clone()).collect();
        Self { models, ..self }
    }

    /// The answers of the file, above what is declared elsewhere.
    pub(super) fn answers(&self) -> Result<Answers, Failure> {
        let answers = self.file.answers(&self.questionnaires)?;
        Ok(self.declared.below(Some(answers)).unwrap_or_default())
    }

    /// The assessment of the evidence with the answers as they stand.
    pub(super) fn assess(&self, answers: &Answers) -> Result<Assessment, Failure> {
        let models: Vec<&Model> = self.models.iter().filter_map(|id| self.questionnaires.model(id)).collect();
        Ok(assess(&self.evidence, Some(answers), &self.questionnaires, &models, self.on)?)
    }

    /// Changes the answers file.
    pub(super) fn change(&mut self, edits: &[Edit]) -> Result<Kept, Failure> {
        let subject = self.evidence.subject.id.clone();
        self.file.change(edits, &subject, &self.questionnaires)
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    AsMeant,
    /// Somebody else had changed the file; their change stays too.
    WithOthers,
}

/// An answers file, and its text as it was last seen.
pub(super) struct AnswersFile {
    pub(super) path: PathBuf,
    /// None where there is no file yet.
    text: Option<String>,
}

impl AnswersFile {
    pub(super) fn open(path: PathBuf) -> Result<Self, Failure> {
        let text = read(&path)?;
        Ok(Self { path, text })
    }

    pub(super) fn exists(&self) -> bool {
        self.text.is_some()
    }

    /// Its text as it is; none where there is no file.
    pub(super) fn present(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Its text, or the beginning of a new one.
    pub(super) fn text(&self, subject: &str) -> String {
        self.text.clone().unwrap_or_else(|| beginning(&format!("./{}", self.schema_name()), subject))
    }

    /// The name of the JSON Schema beside it.
    pub(super) fn schema_name(&self) -> String {
        let stem = self.path.file_stem().map_or_else(|| "answers".into(), |stem| stem.to_string_lossy());
        format!("{stem}.schema.json")
    }

    /// What it says; nothing where there is no file.
    pub(super) fn answers(&self, questionnaires: &Questionnaires) -> Result<Answers, Failure> {
        let Some(text) = &self.text else { return Ok(Answers::default()) };
        let document = Document::new(self.path.display().to_string(), text);
        let (answers, problems) = Answers::read(&document, questionnaires);
        answers.ok_or_else(|| Failure::Problems(vec![(document, problems)]))
    }

    /// Changes the file: it is read again, changed, and replaced as a whole, so that it is valid at every moment.
    pub(super) fn change(
        &mut self,
        edits: &[Edit],
        subject: &str,
        questionnaires: &Questionnaires,
    ) -> Result<Kept, Failure> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))?;
        // Runs of this program wait for each other where folders can be locked; elsewhere the file is still read again.
        let lock = File::open(folder).ok().filter(|folder| folder.lock().is_ok());
        let present = read(&self.path)?;
        let kept = if present == self.text { Kept::AsMeant } else { Kept::WithOthers };
        self.text = present;
        let text = self.text(subject);
        let changed = apply(&text, edits, questionnaires).map_err(|error| self.failed(&text, error))?;
        if self.text.as_ref() != Some(&changed) {
            disk::write(&self.path, &changed).map_err(|error| Failure::io("write", &self.path, &error))?;
        }
        if self.text.is_none() {
            self.write_schema()?;
        }
        self.text = Some(changed);
        drop(lock);
        Ok(kept)
    }

    /// Writes the JSON Schema beside the answers file, where editors find it without a network. A file of that name that
    /// is not ours stays.
    pub(super) fn write_schema(&self) -> Result<(), Failure> {
        let path = self.path.with_file_name(self.schema_name());
        let json = serde_json::to_string_pretty(&schema::answers())? + "\n";
        let present = disk::read_text(&path).ok();
        let ours = present.as_ref().is_none_or(|text| text.contains(ANSWERS_SCHEMA));
        if ours && present.as_ref() != Some(&json) {
            disk::write(&path, &json).map_err(|error| Failure::io("write", &path, &error))?;
        }
        Ok(())
    }

    fn failed(&self, text: &str, error: EditError) -> Failure {
        match error {
            EditError::Invalid(problems) => {
                Failure::Problems(vec![(Document::new(self.path.display().to_string(), text), problems)])
            }
            other => Failure::Invalid(other.to_string()),
        }
    }
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match disk::read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}
