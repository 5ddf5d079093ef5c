//! Numbers as a case holds them: one, a list or a matrix. Results keep the shape of the input.

use serde::Serialize;
use serde_json::Value;

use crate::nn::Real;

/// A number, a list, or a matrix of rows of equal length; never empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Nested<F> {
    /// One number.
    Scalar(F),
    /// A list.
    List(Vec<F>),
    /// A matrix, row after row.
    Matrix(Vec<Vec<F>>),
}

impl<F: Real> Nested<F> {
    /// Reads JSON; `place` is what errors call it.
    ///
    /// # Errors
    /// The place of the first element that is not as it must be, and why.
    pub fn from_json(value: &Value, place: &str) -> Result<Self, String> {
        let Value::Array(items) = value else { return number(value, place).map(Self::Scalar) };
        if !items.first().is_some_and(Value::is_array) {
            return list(items, place).map(Self::List);
        }
        let mut rows: Vec<Vec<F>> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place_of = |index| format!("{place}[{index}]");
            let Value::Array(cells) = item else {
                return Err(format!("`{}` is {}, not a list", place_of(index), brief(item)));
            };
            let row = list(cells, &place_of(index))?;
            if let Some(first) = rows.first().filter(|first| first.len() != row.len()) {
                let (given, wanted) = (row.len(), first.len());
                return Err(format!(
                    "`{}` has {given} numbers, but `{}` has {wanted}",
                    place_of(index),
                    place_of(0)
                ));
            }
            rows.push(row);
        }
        Ok(Self::Matrix(rows))
    }

    /// Rows and columns; a list is one row.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Scalar(_) => (1, 1),
            Self::List(xs) => (1, xs.len()),
            Self::Matrix(rows) => (rows.len(), rows.first().map_or(0, Vec::len)),
        }
    }

    /// All numbers, row after row.
    #[must_use]
    pub fn flat(&self) -> Vec<F> {
        match self {
            Self::Scalar(x) => vec![*x],
            Self::List(xs) => xs.clone(),
            Self::Matrix(rows) => rows.concat(),
        }
    }

    /// Row by row; a number or a list is one row.
    #[must_use]
    pub fn rows(&self) -> Vec<Vec<F>> {
        match self {
            Self::Scalar(_) | Self::List(_) => vec![self.flat()],
            Self::Matrix(rows) => rows.clone(),
        }
    }

    /// `values`, row after row, in this shape; a row may have another length than here.
    #[must_use]
    pub fn shaped(&self, values: &[F]) -> Self {
        match self {
            Self::Scalar(x) => Self::Scalar(values.first().copied().unwrap_or(*x)),
            Self::List(_) => Self::List(values.to_vec()),
            Self::Matrix(rows) => {
                let columns = (values.len() / rows.len()).max(1);
                Self::Matrix(values.chunks(columns).map(<[F]>::to_vec).collect())
            }
        }
    }

    /// What it is, for messages: "a list of 3 numbers".
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Scalar(_) => "one number".to_owned(),
            Self::List(xs) => format!("a list of {}", xs.len()),
            Self::Matrix(_) => {
                let (rows, columns) = self.dim();
                format!("a {rows} × {columns} matrix")
            }
        }
    }
}

fn list<F: Real>(items: &[Value], place: &str) -> Result<Vec<F>, String> {
    if items.is_empty() {
        return Err(format!("`{place}` is empty"));
    }
    let numbers = items.iter().enumerate().map(|(i, item)| number(item, &format!("{place}[{i}]")));
    numbers.collect()
}

fn number<F: Real>(value: &Value, place: &str) -> Result<F, String> {
    let number = value.as_f64().map(F::of).filter(|x| x.is_finite());
    number.ok_or_else(|| format!("`{place}` is {}, not a finite number", brief(value)))
}

/// What a JSON value is, for messages.
#[must_use]
pub fn brief(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > 20 => "a long text".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_its_shape() {
        let cases = [json!(1.5), json!([1.0, 2.0]), json!([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])];
        let dims = [(1, 1), (1, 2), (3, 2)];
        for (case, dim) in cases.iter().zip(dims) {
            let nested = Nested::<f64>::from_json(case, "x").unwrap();
            assert_eq!(nested.dim(), dim);
            assert_eq!(nested.shaped(&nested.flat()), nested);
            assert_eq!(serde_json::to_value(&nested).unwrap(), *case);
        }
    }

    #[test]
    fn says_where_it_is_wrong() {
        let cases = [
            (json!("a"), "`x` is \"a\", not a finite number"),
            (json!([]), "`x` is empty"),
            (json!([1, null]), "`x[1]` is null, not a finite number"),
            (json!([1, [2]]), "`x[1]` is a list, not a finite number"),
            (json!([[1, 2], [3]]), "`x[1]` has 1 numbers, but `x[0]` has 2"),
            (json!([[1], 2]), "`x[1]` is 2, not a list"),
            (json!([[1], [{}]]), "`x[1][0]` is an object, not a finite number"),
            (json!(1e39), "`x` is 1e+39, not a finite number"),
        ];
        for (case, message) in cases {
            assert_eq!(Nested::<f32>::from_json(&case, "x").unwrap_err(), message);
        }
    }
}
