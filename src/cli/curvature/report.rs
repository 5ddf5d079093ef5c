//! The curvature of a network, as it is printed.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::cli::table::number;
use crate::train::curvature::{
    self, Critical, Curvature, Objective, Present, Scope, Trace, critical_factor,
};
use crate::train::engine::LayerStability;

/// What a case may ask for beside.
#[derive(Debug, Default)]
pub(super) struct Extra {
    pub product: Option<Vec<f64>>,
    pub preconditioned: Option<f64>,
}

/// The curvature of a network.
#[derive(Debug)]
pub(super) struct Report {
    /// The experiment's name and the step, of a run.
    title: Option<(String, u64)>,
    parameters: usize,
    rows: usize,
    pub curvature: Curvature,
    layers: Vec<LayerStability>,
    scope: Option<Scope>,
    /// The sharpness over the thresholds, stable below 1; and whether that is all of it.
    ratio: Option<(f64, bool)>,
    /// Where the loss rises along the next update, of a run.
    critical: Option<Critical>,
    extra: Extra,
}

impl Report {
    /// That of a run where it is.
    pub fn of(mut present: Present, seed: u64, title: (String, u64)) -> Self {
        let update = present.update();
        let Present { mut objective, at, layers, preconditioner, scope, .. } = present;
        let curvature = curvature::measure(&mut objective, &at, seed);
        let largest = preconditioner.and_then(|it| it.largest(&mut objective, &at, seed));
        let critical = update.map(|update| critical_factor(&mut objective, &at, &update));
        Self {
            title: Some(title),
            parameters: objective.len(),
            rows: objective.rows(),
            curvature,
            layers,
            scope: Some(scope),
            ratio: largest,
            critical,
            extra: Extra::default(),
        }
    }

    /// That of a case.
    pub fn of_case(objective: &Objective, curvature: Curvature, extra: Extra) -> Self {
        Self {
            title: None,
            parameters: objective.len(),
            rows: objective.rows(),
            curvature,
            layers: Vec::new(),
            scope: None,
            ratio: None,
            critical: None,
            extra,
        }
    }

    /// The sharpness as a layer's rule feels it.
    fn sharpness(&self, layer: &LayerStability) -> Option<f64> {
        Some(self.ratio?.0 * layer.threshold()?)
    }

    /// As one JSON object.
    pub fn json(&self) -> Value {
        let Curvature { value, gradient_norm, largest, smallest, trace, .. } = &self.curvature;
        let layers: Vec<Value> = self
            .layers
            .iter()
            .map(|layer| {
                json!({
                    "optimizer": layer.optimizer,
                    "rate": layer.lr,
                    "threshold": layer.threshold(),
                    "sharpness": self.sharpness(layer),
                })
            })
            .collect();
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("value", json!(value));
        put("gradient_norm", json!(gradient_norm));
        put("largest_eigenvalues", json!(largest));
        put("smallest_eigenvalue", json!(smallest));
        put("trace", json!(trace.value));
        put("trace_standard_error", json!(trace.standard_error));
        put("layers", Value::Array(layers));
        if let Some(critical) = self.critical {
            let factor = if let Critical::At(factor) = critical { Some(factor) } else { None };
            put("critical_factor", json!(factor));
        }
        if let Some(product) = &self.extra.product {
            put("hessian_times_direction", json!(product));
        }
        if let Some(largest) = self.extra.preconditioned {
            put("preconditioned_largest", json!(largest));
        }
        Value::Object(object)
    }

    /// As text.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Curvature { value, gradient_norm, largest, smallest, trace, .. } = &self.curvature;
        if let Some((name, step)) = &self.title {
            writeln!(out, "{name} after {step} steps")?;
        }
        writeln!(out, "{} trained numbers, {} training rows\n", self.parameters, self.rows)?;
        let largest: Vec<String> = largest.iter().map(|&x| number(x)).collect();
        writeln!(out, "loss                 {}", number(*value))?;
        writeln!(out, "gradient norm        {}", number(*gradient_norm))?;
        writeln!(out, "largest eigenvalues  {}", largest.join("  "))?;
        writeln!(out, "smallest eigenvalue  {}", number(*smallest))?;
        let error = trace.standard_error.map_or_else(
            || "exact".to_owned(),
            |error| format!("± {}, from {} random directions", number(error), Trace::PROBES),
        );
        writeln!(out, "trace                {}  ({error})", number(trace.value))?;
        if let Some(product) = &self.extra.product {
            let numbers: Vec<String> = product.iter().map(|&x| number(x)).collect();
            writeln!(out, "Hessian × direction  {}", numbers.join(" "))?;
        }
        if let Some(largest) = self.extra.preconditioned {
            writeln!(out, "preconditioned       {}", number(largest))?;
        }
        if self.layers.is_empty() { Ok(()) } else { self.write_stability(out) }
    }

    fn write_stability(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\nlayer  optimizer      rate         sharpness    threshold")?;
        for (index, layer) in self.layers.iter().enumerate() {
            let cell = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), number);
            let (sharpness, threshold) = (cell(self.sharpness(layer)), cell(layer.threshold()));
            let (optimizer, rate) = (layer.optimizer, number(layer.lr));
            writeln!(
                out,
                "{:>5}  {optimizer:<13}  {rate:<11}  {sharpness:<11}  {threshold}",
                index + 1
            )?;
        }
        writeln!(out)?;
        for line in self.verdict() {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// What follows, in words.
    fn verdict(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let settles = self.scope.is_some_and(|scope| scope.settles);
        if let Some((ratio, known)) = self.ratio {
            let share = number(100.0 * ratio);
            let least = if known { "" } else { "at least " };
            lines.push(format!("The sharpness is {least}{share} % of what these rates can take."));
            if let [first, ..] = &self.layers[..]
                && self.layers.iter().all(|layer| layer.lr == first.lr)
                && ratio > 0.0
                && known
            {
                let largest = number(first.lr / ratio);
                lines.push(format!(
                    "At this point the largest stable rate is {largest}; this one is {}.",
                    number(first.lr)
                ));
            }
            if !settles {
                lines.push(
                    "The theory is of full batches and the mean squared error without dropout, batch \
                     normalization or clipping; here it is a measure, and no threshold that holds."
                        .to_owned(),
                );
            }
            let mut sources: Vec<&str> =
                self.layers.iter().filter_map(LayerStability::source).collect();
            sources.sort_unstable();
            sources.dedup();
            lines.push(format!("({})", sources.join("; ")));
        } else if !self.layers.is_empty() {
            lines.push("Not every layer's rule has a theory of stability, or none yet.".to_owned());
        }
        if self.scope.is_some_and(|scope| !scope.smooth) {
            lines.push(
                "With kinks in an activation the Hessian is that of almost every point.".to_owned(),
            );
        }
        lines.extend(self.critical.map(along));
        lines
    }
}

/// What forward passes along the next update say.
fn along(critical: Critical) -> String {
    match critical {
        Critical::At(factor) => format!(
            "Along the next update the loss would rise from {} times its length on (arXiv 2601.16979).",
            number(factor)
        ),
        Critical::Rises => "Along the next update the loss rises from the start.".to_owned(),
        Critical::Beyond => "Along the next update the loss does not rise.".to_owned(),
        Critical::Unknown => "Along the next update nothing can be said.".to_owned(),
    }
}
