//! Reading JSON without good will: an object is an object. serde takes a list for a structure too, and an empty one for
//! a structure whose fields may all be left out, so that `[]` would say of everything that there is none.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// Reads a value; structures of every depth must be objects.
pub(in super::super) fn from_value<D: DeserializeOwned>(value: &Value) -> Result<D, Error> {
    D::deserialize(Strict(value))
}

#[derive(Clone, Copy)]
struct Strict<'de>(&'de Value);

impl<'de> IntoDeserializer<'de, Error> for Strict<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Strict));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Value::Object(fields) => {
                let mut fields =
                    MapDeserializer::new(fields.iter().map(|(name, field)| (name.as_str(), Strict(field))));
                let value = visitor.visit_map(&mut fields)?;
                fields.end()?;
                Ok(value)
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_object() {
            self.deserialize_any(visitor)
        } else {
            let what = if self.0.is_array() { "a list" } else { "a single value" };
            Err(Error::custom(format!("{what} stands where an object is due")))
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Rule {
        on: bool,
        names: Vec<String>,
        below: Option<Box<Self>>,
    }

    #[test]
    fn a_list_is_no_object_at_any_depth() {
        let read = |value: Value| from_value::<Rule>(&value);
        let whole = json!({ "on": true, "names": ["a"], "below": { "names": [] }, "other": [1, { "x": null }] });
        let below = Some(Box::new(Rule::default()));
        assert_eq!(read(whole).unwrap(), Rule { on: true, names: vec!["a".into()], below });
        assert_eq!(read(json!({ "below": null })).unwrap(), Rule::default());
        for wrong in [json!([]), json!(null), json!("x"), json!({ "below": [] }), json!({ "names": {} })] {
            assert!(serde_json::from_value::<Rule>(json!([])).is_ok() && read(wrong.clone()).is_err(), "{wrong}");
        }
        assert!(from_value::<Vec<Rule>>(&json!([[]])).is_err() && from_value::<Vec<Rule>>(&json!({})).is_err());
        assert_eq!(from_value::<Value>(&json!({ "a": [1] })).unwrap(), json!({ "a": [1] }));
    }
}
