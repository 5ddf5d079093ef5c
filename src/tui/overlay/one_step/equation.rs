//! A sum written out: `z = 0.310·x1 − 1.20·x2 + 0.0500`.

use crate::tui::widgets::format;

/// One term of a sum: its name, what it is multiplied by, and the number behind the name.
#[derive(Clone, Debug)]
pub struct Term {
    /// The name; none for a constant.
    pub name: Option<String>,
    /// The factor, or the constant.
    pub factor: f64,
    /// What the name stands for.
    pub value: f64,
}

impl Term {
    fn product(&self) -> f64 {
        if self.name.is_some() { self.factor * self.value } else { self.factor }
    }
}

/// `number` with its sign set apart, as the first of a sum or a later one.
fn signed(number: f64, first: bool, rest: &str) -> String {
    let size = format::significant(number.abs(), 3);
    let sign = match (number < 0.0, first) {
        (true, true) => "−",
        (false, true) => "",
        (true, false) => " − ",
        (false, false) => " + ",
    };
    format!("{sign}{size}{rest}")
}

/// `number` with the sign that formulas have.
pub fn minus(number: &str) -> String {
    number.strip_prefix('-').map_or_else(|| number.to_owned(), |size| format!("−{size}"))
}

/// The sum `symbol` of `terms`, the largest first, then `constant`: once by names and once by products,
/// each in a line of at most `width` columns. Terms that do not fit are counted.
pub fn lines(symbol: &str, mut terms: Vec<Term>, total: f64, width: usize) -> [String; 2] {
    let constants = terms.extract_if(.., |term| term.name.is_none()).collect::<Vec<_>>();
    let size = |term: &Term| {
        let size = term.product().abs();
        if size.is_nan() { f64::INFINITY } else { size }
    };
    terms.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let indent = " ".repeat(format::width(symbol));
    let mut shown = terms.len();
    loop {
        let kept: Vec<&Term> = terms[..shown].iter().chain(&constants).collect();
        let left = terms.len() - shown;
        let others = if left > 0 { format!(" + {left} more") } else { String::new() };
        let sum = |of: &dyn Fn(&Term, bool) -> String| -> String {
            kept.iter().enumerate().map(|(index, term)| of(term, index == 0)).collect()
        };
        let named = sum(&|term, first| {
            let name = term.name.as_ref().map_or_else(String::new, |name| format!("·{name}"));
            signed(term.factor, first, &name)
        });
        let products = sum(&|term, first| signed(term.product(), first, ""));
        let rest: f64 = terms[shown..].iter().map(Term::product).sum();
        let rest = if left > 0 { signed(rest, false, "") } else { String::new() };
        let total = minus(&format::significant(total, 4));
        let lines = [
            format!("{symbol} = {named}{others}"),
            format!("{indent} = {products}{rest} = {total}"),
        ];
        if shown == 0 || lines.iter().all(|line| format::width(line) <= width) {
            return lines;
        }
        // Many at first, so that thousands take no time.
        shown = shown.min(width).saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(name: &str, factor: f64, value: f64) -> Term {
        Term { name: (!name.is_empty()).then(|| name.to_owned()), factor, value }
    }

    #[test]
    fn a_sum_is_written_out() {
        let terms = vec![term("x1", 0.31, 0.5), term("x2", -1.2, -2.0), term("", 0.05, 1.0)];
        assert_eq!(
            lines("z", terms, 2.605, 60),
            ["z = −1.20·x2 + 0.310·x1 + 0.0500", "  = 2.40 + 0.155 + 0.0500 = 2.605"]
        );
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let terms = (0..784).map(|i| term(&format!("pixel{i}"), f64::from(i), 0.001));
        let terms: Vec<Term> = terms.chain([term("", -0.5, 1.0)]).collect();
        let total: f64 = terms.iter().map(Term::product).sum();
        let [names, products] = lines("z", terms, total, 38);
        assert_eq!(names, "z = 783·pixel783 − 0.500 + 783 more");
        assert_eq!(products, "  = 0.783 − 0.500 + 306 = 306.4");
    }

    #[test]
    fn numbers_that_are_none_stand_first() {
        let terms = vec![term("a", 1.0, 2.0), term("b", f64::NAN, 1.0), term("", 0.0, 1.0)];
        let [names, products] = lines("z", terms, f64::NAN, 60);
        assert_eq!(names, "z = NaN·b + 1.00·a + 0");
        assert_eq!(products, "  = NaN + 2.00 + 0 = NaN");
    }
}
