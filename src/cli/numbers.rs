//! Lists of numbers as they are typed: `-1,0,2`, and `2:1,1.5:0` for several lists.

use std::str::FromStr;

use crate::nn::Real;

/// Numbers that were joined by commas; at least one, all finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers<F>(pub Vec<F>);

/// What is wrong with a list of numbers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// An element is no number, or too large for one.
    #[error("element {position}, `{given}`, is not a finite number")]
    Element {
        /// Counted from 1.
        position: usize,
        /// What was typed.
        given: String,
    },
    /// There is nothing between two commas, or nothing at all.
    #[error("element {position} is empty; numbers are joined by commas, as in -1,0,2")]
    Empty {
        /// Counted from 1.
        position: usize,
    },
    /// Something is wrong within one of several lists.
    #[error("list {position}, `{given}`: {reason}")]
    List {
        /// Counted from 1.
        position: usize,
        /// The list.
        given: String,
        /// What is wrong within it.
        reason: Box<Self>,
    },
}

/// Reads numbers joined by commas.
///
/// # Errors
/// The first bad element and its position.
pub fn parse<F: Real + FromStr>(text: &str) -> Result<Numbers<F>, NumberError> {
    split(text, ',').map(Numbers)
}

/// Reads lists joined by commas, the numbers of each joined by colons.
///
/// # Errors
/// The first bad list and the element in it; of lists of one number, just the element.
pub fn parse_lists<F: Real + FromStr>(text: &str) -> Result<NumberLists<F>, NumberError> {
    if !text.contains(':') {
        return Ok(NumberLists(split(text, ',')?.into_iter().map(|x| vec![x]).collect()));
    }
    let lists = text.split(',').enumerate().map(|(index, list)| {
        split(list, ':').map_err(|reason| NumberError::List {
            position: index + 1,
            given: list.to_owned(),
            reason: Box::new(reason),
        })
    });
    lists.collect::<Result<_, _>>().map(NumberLists)
}

/// Lists of numbers, joined by commas, their numbers joined by colons.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberLists<F>(pub Vec<Vec<F>>);

fn split<F: Real + FromStr>(text: &str, separator: char) -> Result<Vec<F>, NumberError> {
    let elements = text.split(separator).enumerate().map(|(index, element)| {
        let (position, element) = (index + 1, element.trim());
        if element.is_empty() {
            return Err(NumberError::Empty { position });
        }
        let number = element.parse().ok().filter(|x: &F| x.is_finite());
        number.ok_or_else(|| NumberError::Element { position, given: element.to_owned() })
    });
    elements.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_joined_by_commas() {
        assert_eq!(parse("-1,0, 2.5e-1").unwrap(), Numbers(vec![-1.0, 0.0, 0.25]));
    }

    #[test]
    fn reads_lists_joined_by_colons() {
        let lists = |text| parse_lists::<f64>(text).unwrap().0;
        assert_eq!(lists("2:1,1.5:0"), [[2.0, 1.0], [1.5, 0.0]]);
        assert_eq!(lists("2,1.5"), [[2.0], [1.5]]);
    }

    #[test]
    fn names_the_bad_element() {
        let cases = [
            ("1,x,3", "element 2, `x`, is not a finite number"),
            ("1,2,", "element 3 is empty; numbers are joined by commas, as in -1,0,2"),
            ("", "element 1 is empty; numbers are joined by commas, as in -1,0,2"),
            ("nan", "element 1, `nan`, is not a finite number"),
            ("0,1e39", "element 2, `1e39`, is not a finite number"),
        ];
        for (text, message) in cases {
            assert_eq!(parse::<f32>(text).unwrap_err().to_string(), message);
        }
        let error = parse_lists::<f64>("2:1,1.5:y").unwrap_err().to_string();
        assert_eq!(error, "list 2, `1.5:y`: element 2, `y`, is not a finite number");
    }
}
