//! The JSON Schemas of the formats.
//!
//! Those of evidence and records are made from the types that read and write them. Files that people write are read with
//! positions instead of serde; the types here describe them for editors, and tests hold both together.

mod answers;
mod crosswalk;
mod model;
mod questions;
mod replaced;
mod value;

use schemars::{Schema, schema_for};

use self::answers::AnswersFile;
use self::crosswalk::CrosswalkFile;
use self::model::ModelFile;
use self::questions::QuestionsFile;
use self::replaced::ReplacedFile;
use crate::annual::Year;
use crate::assess::record::Assessment;
use crate::collect::github::doctor::Examination;
use crate::diff::Diff;
use crate::evidence::Evidence;
use crate::validity::Standing;

/// The schema of an evidence snapshot.
pub fn evidence() -> Schema {
    schema_for!(Evidence)
}

/// The schema of an assessment record.
pub fn assessment() -> Schema {
    schema_for!(Assessment)
}

/// The schema of an answers file.
pub fn answers() -> Schema {
    schema_for!(AnswersFile)
}

/// The schema of a file with questions.
pub fn questions() -> Schema {
    schema_for!(QuestionsFile)
}

/// The schema of a file with a model.
pub fn model() -> Schema {
    schema_for!(ModelFile)
}

/// The schema of a file that says which questions took the place of old ones.
pub fn replaced() -> Schema {
    schema_for!(ReplacedFile)
}

/// The schema of a file with relations between requirements of models.
pub fn crosswalk() -> Schema {
    schema_for!(CrosswalkFile)
}

/// The schema of what `seaworthy doctor --format json` prints.
pub fn doctor() -> Schema {
    schema_for!(Examination)
}

/// The schema of what `seaworthy status --format json` prints.
pub fn status() -> Schema {
    schema_for!(Standing)
}

/// The schema of what `seaworthy diff --format json` prints.
pub fn diff() -> Schema {
    schema_for!(Diff)
}

/// The schema of what `seaworthy annual --format json` prints.
pub fn year() -> Schema {
    schema_for!(Year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Questionnaires;
    use crate::yaml::Document;

    /// The fields of a definition.
    fn fields(schema: &Schema, definition: Option<&str>) -> Vec<String> {
        let value = schema.as_value();
        let object = match definition {
            Some(name) => &value["$defs"][name],
            None => value,
        };
        object["properties"].as_object().unwrap().keys().cloned().collect()
    }

    /// A document that has exactly these fields, under some lead.
    fn document(lead: &str, indent: &str, fields: &[String]) -> Document {
        let body = fields.iter().fold(String::new(), |body, field| body + indent + field + ": x\n");
        Document::new("test.yaml", format!("{lead}{body}"))
    }

    fn without_schema(fields: &[String]) -> Vec<String> {
        fields.iter().filter(|field| *field != "schema").cloned().collect()
    }

    fn unknown_fields(problems: &[crate::yaml::Problem]) -> Vec<&str> {
        problems
            .iter()
            .map(|problem| problem.message.as_str())
            .filter(|message| message.contains("has no field"))
            .collect()
    }

    #[test]
    fn readers_know_the_fields_of_the_schemas() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let id = &questionnaires.questions()[0].id;
        let answers = answers();
        for (kind, definition) in [("answers", "Answer"), ("reviews", "Review")] {
            let lead = format!("schema: seaworthy.answers/1\n{kind}:\n  {id}:\n");
            let (_, problems) = crate::answers::Answers::read(
                &document(&lead, "    ", &fields(&answers, Some(definition))),
                &questionnaires,
            );
            assert_eq!(unknown_fields(&problems), Vec::<&str>::new());
        }
        let lead = "schema: seaworthy.answers/1\naudits:\n  one:\n";
        let audit = document(lead, "    ", &fields(&answers, Some("Audit")));
        let (_, problems) = crate::answers::Answers::read(&audit, &questionnaires);
        assert_eq!(unknown_fields(&problems), Vec::<&str>::new());
        let questions = questions();
        let lead = "schema: seaworthy.questions/1\ntopic: a\ntitle: A\nquestions:\n-\n";
        let (_, files) = Questionnaires::check(vec![document(lead, "    ", &fields(&questions, Some("Question")))]);
        assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        let crosswalk = document("schema: seaworthy.crosswalk/1\n", "", &without_schema(&fields(&crosswalk(), None)));
        let (_, files) = Questionnaires::check(vec![crosswalk]);
        assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        let model = model();
        let profile = ["extends", "of_version", "choose", "drop"];
        for left_out in [&profile[..], &["versions", "documents"]] {
            let own: Vec<String> = fields(&model, None)
                .into_iter()
                .filter(|field| field != "schema" && !left_out.contains(&field.as_str()))
                .collect();
            let (_, files) = Questionnaires::check(vec![document("schema: seaworthy.model/1\n", "", &own)]);
            assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        }
    }
}
