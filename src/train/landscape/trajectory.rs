//! The states that a path goes through.

use crate::train::engine::{Parameters, trained_numbers};

/// The most states, and the bytes that they may take as long as there are a few.
const MOST: usize = 128;
const FEW: usize = 4;
const BYTES: usize = 64 << 20;

/// A network at one step: the parameters that it predicts with.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Steps done.
    pub step: u64,
    /// The parameters, running statistics included.
    pub params: Vec<Parameters>,
}

/// States of a run, evenly spread over those that are offered: when there are too many, every other one
/// goes.
#[derive(Clone, Debug)]
pub struct Trajectory {
    states: Vec<State>,
    most: usize,
    /// States that are offered for each one that is kept.
    stride: u64,
    offered: u64,
}

/// The states that are kept of a network of so many numbers, at most.
#[must_use]
pub const fn most_states(parameters: usize) -> usize {
    let room = BYTES / if parameters == 0 { 1 } else { 4 * parameters };
    if room < FEW {
        FEW
    } else if room > MOST {
        MOST
    } else {
        room
    }
}

impl Trajectory {
    /// An empty one, of at most `most` states and the last.
    #[must_use]
    pub const fn new(most: usize) -> Self {
        Self { states: Vec::new(), most, stride: 1, offered: 0 }
    }

    /// Keeps the state at `step`, if it is its turn.
    pub fn offer(&mut self, step: u64, params: impl FnOnce() -> Vec<Parameters>) {
        if self.offered.is_multiple_of(self.stride) {
            self.states.push(State { step, params: params() });
        }
        self.offered += 1;
        if self.states.len() > self.most {
            self.stride *= 2;
            let mut index = 0;
            self.states.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }

    /// Ends it with the state at `step`, in any case. States of networks of other tensors, which an
    /// edit has left, are dropped.
    pub fn end(&mut self, step: u64, params: Vec<Parameters>) {
        self.states.retain(|state| state.step < step && same_tensors(&state.params, &params));
        self.states.push(State { step, params });
    }

    /// The states, from the first on.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The trained numbers of each state.
    #[must_use]
    pub fn numbers(&self) -> Vec<Vec<f32>> {
        self.states.iter().map(|state| trained_numbers(&state.params)).collect()
    }
}

/// Whether two networks have the same trained tensors, so that one can be seen from the other.
#[must_use]
pub fn same_tensors(a: &[Parameters], b: &[Parameters]) -> bool {
    let tensors = |layers: &[Parameters]| -> Vec<_> {
        let layers = layers.iter().enumerate();
        layers
            .flat_map(|(index, layer)| {
                layer.trained().map(move |it| (index, it.name, it.value.dim()))
            })
            .collect()
    };
    tensors(a) == tensors(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_evenly_spread_and_bounded() {
        let mut trajectory = Trajectory::new(8);
        for step in 0..1000 {
            trajectory.offer(step, Vec::new);
        }
        trajectory.end(1003, Vec::new());
        let steps: Vec<u64> = trajectory.states().iter().map(|state| state.step).collect();
        assert_eq!(steps, [0, 128, 256, 384, 512, 640, 768, 896, 1003]);
        trajectory.end(1003, Vec::new());
        assert_eq!(trajectory.states().len(), 9);
        assert_eq!([most_states(0), most_states(354), most_states(usize::MAX / 8)], [128, 128, 4]);
    }
}
