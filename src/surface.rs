//! Test surfaces: functions of two numbers, on which an optimizer's path can be seen whole.
//!
//! To add one: write its file beside these and give it a line in [`TABLE`].

use std::fmt::Debug;
use std::ops::Deref;

use crate::spec::{Base, Describe, Pick};

mod ackley;
mod beale;
mod booth;
mod easom;
mod himmelblau;
mod matyas;
mod quadratic;
mod rastrigin;
mod rosenbrock;
mod saddle;
mod styblinski_tang;
mod three_hump_camel;

/// Every surface that can be picked, in the order in which it is shown.
pub static TABLE: &[Entry] = &[
    entry::<quadratic::Quadratic>(),
    entry::<rosenbrock::Rosenbrock>(),
    entry::<saddle::Saddle>(),
    entry::<beale::Beale>(),
    entry::<himmelblau::Himmelblau>(),
    entry::<rastrigin::Rastrigin>(),
    entry::<booth::Booth>(),
    entry::<matyas::Matyas>(),
    entry::<ackley::Ackley>(),
    entry::<styblinski_tang::StyblinskiTang>(),
    entry::<three_hump_camel::ThreeHumpCamel>(),
    entry::<easom::Easom>(),
];

/// A place on a surface, (x, y).
pub type Point = [f64; 2];

/// A row of [`TABLE`].
pub struct Entry {
    base: Base,
    builder: fn(&Pick) -> Box<dyn Surface>,
    /// Where to start and what to look at.
    pub scene: Scene,
}

impl Deref for Entry {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl Entry {
    /// The surface with the parameters picked.
    #[must_use]
    pub fn build(&self, pick: &Pick) -> Box<dyn Surface> {
        (self.builder)(pick)
    }
}

const fn entry<S: Describe + Stage + Surface + 'static>() -> Entry {
    Entry { base: Base::of::<S>(), builder: |pick| Box::new(S::build(pick)), scene: S::SCENE }
}

/// Where to start on a surface and what to look at; the same whatever its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// The usual start.
    pub start: Point,
    /// What is drawn of x.
    pub x: (f64, f64),
    /// What is drawn of y.
    pub y: (f64, f64),
    /// Where it is lowest; nowhere if it falls for ever.
    pub minima: &'static [Point],
}

/// A surface that has a [`Scene`].
trait Stage {
    /// Its scene.
    const SCENE: Scene;
}

/// Something to minimise.
pub trait Surface: Debug {
    /// Its height.
    fn value(&self, at: Point) -> f64;
    /// (∂/∂x, ∂/∂y).
    fn gradient(&self, at: Point) -> Point;
}
