//! The part of a plane that is mapped.

use super::PlaneKind;

/// What is left around a path, in parts of its extent.
const MARGIN: f64 = 0.15;
/// The least rise of the loss that a map of curvature is to show by its quadratic part.
const LEAST_RISE: f64 = 1e-6;

/// Where a map begins and ends along each direction; (0, 0) is always on it.
///
/// Along random directions that is −1 to 1 (Li et al. 2018), or more where the path needs it. A path's
/// own plane is mapped as far as the path goes, with a margin. Along directions of curvature the map
/// goes as far as `radii` say, and the path may leave it.
#[must_use]
pub fn extent(kind: PlaneKind, path: &[[f64; 2]], radii: [f64; 2]) -> [(f64, f64); 2] {
    let base = match kind {
        PlaneKind::Random => [1.0; 2],
        PlaneKind::Trajectory => [0.0; 2],
        PlaneKind::Hessian => return radii.map(|radius| (-radius, radius)),
    };
    let spans = [0, 1].map(|index| {
        let along = path.iter().map(|at| at[index]).filter(|x| x.is_finite());
        let (low, high) =
            along.fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
        let margin = MARGIN * (high - low);
        ((low - margin).min(-base[index]), (high + margin).max(base[index]))
    });
    let lengths = spans.map(|(low, high)| high - low);
    let other = |index: usize| {
        let length = lengths[1 - index];
        if length > 0.0 { length / 2.0 } else { 1.0 }
    };
    // Along a direction that the path does not take, as far as along the other.
    [0, 1].map(
        |index| {
            if lengths[index] > 0.0 { spans[index] } else { (-other(index), other(index)) }
        },
    )
}

/// How far to map along a direction of curvature: as far as the quadratic part of the loss rises (or
/// falls) by as much as the loss is, so that it doubles at the edge; no farther than the weights are
/// from 0.
#[must_use]
pub fn radius(loss: f64, eigenvalue: f64, weights: f64) -> f64 {
    let most = if weights > 0.0 && weights.is_finite() { weights } else { 1.0 };
    let radius = (2.0 * loss.abs().max(LEAST_RISE) / eigenvalue.abs()).sqrt();
    if radius > 0.0 && radius < most { radius } else { most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_holds_the_path_and_the_present() {
        let path = [[-4.0, 0.5], [-1.0, 2.0], [0.0, 0.0], [f64::NAN, f64::INFINITY]];
        for (kind, path, expected) in [
            (PlaneKind::Trajectory, &path[..], [(-4.6, 0.6), (-0.3, 2.3)]),
            (PlaneKind::Random, &path[..], [(-4.6, 1.0), (-1.0, 2.3)]),
            (PlaneKind::Random, &[], [(-1.0, 1.0); 2]),
            (PlaneKind::Trajectory, &[], [(-1.0, 1.0); 2]),
            (PlaneKind::Trajectory, &[[-4.0, 0.0]], [(-4.6, 0.6), (-2.6, 2.6)]),
            (PlaneKind::Hessian, &path[..], [(-0.5, 0.5), (-2.0, 2.0)]),
        ] {
            let found = extent(kind, path, [0.5, 2.0]);
            for (found, expected) in found.into_iter().zip(expected) {
                let far = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
                assert!(far < 1e-12, "{kind:?}: {found:?}, not {expected:?}");
            }
        }
    }

    #[test]
    fn the_loss_doubles_at_the_edge() {
        assert!((radius(0.02, 4.0, 9.0) - 0.1).abs() < 1e-12);
        assert_eq!(radius(0.02, -4.0, 9.0), radius(0.02, 4.0, 9.0));
        for (loss, eigenvalue) in [(1.0, 0.0), (1.0, f64::NAN), (1.0, 1e-30)] {
            assert_eq!(radius(loss, eigenvalue, 9.0), 9.0);
            assert_eq!(radius(loss, eigenvalue, 0.0), 1.0);
        }
        assert!(radius(0.0, 1.0, 9.0) > 0.0 && radius(f64::NAN, 1.0, 9.0).is_finite());
    }
}
