//! Concepts of optimization.

use super::{ACTIVATION_OR_OPTIMIZER, Concept, Kind, Listed, concept};

/// The rows.
pub(super) const CONCEPTS: &[Concept] = &[
    Concept {
        comparison: Some(&ACTIVATION_OR_OPTIMIZER),
        formula: "W ← W − α·∇L   plain gradient descent\nW ← W − α·u    others, with u made of present and past gradients",
        pitfall: "Comparing optimizers at one learning rate. A rate that suits one may be a hundred times too small for another, so each has to be given its own.",
        list: Listed::All(Kind::Optimizer),
        ..concept(
            ("optimizer", "Optimizer"),
            &["update rule", "solver"],
            "The rule by which gradients move weights. It decides how long each step is and what \
             is remembered of earlier gradients; what the network can compute is the activations' \
             business. Every layer may have its own.",
            &[
                "gradlab compare spirals --optimizers sgd,sgd:momentum=0.9,adam",
                "gradlab explain adam",
            ],
            &["learning_rate", "momentum", "schedule", "activation"],
        )
    },
    Concept {
        formula: "v ← β·v + ∇L\nW ← W − α·v,   steps up to 1 / (1 − β) as long",
        pitfall: "Raising momentum without lowering the rate: at 0.99 steps can get a hundred times as long, and the loss swings.",
        list: Listed::With(Kind::Optimizer, &["momentum", "betas", "beta", "beta1"]),
        ..concept(
            ("momentum", "Momentum"),
            &["heavy ball", "velocity", "nesterov"],
            "A decaying sum or mean of past gradients that moves the weights instead of the last \
             gradient alone. Along a valley the gradients agree and add up; across it they change \
             sign and cancel. With a factor of 0.9 it looks back about 10 steps, and under sgd the \
             steps get up to 10 times as long, so the rate should be smaller. In adam and its kin \
             the first of `betas` is this factor.",
            &[
                "gradlab run moons --set optimizer=sgd:lr=0.05,momentum=0",
                "gradlab run moons --set optimizer=sgd:lr=0.05,momentum=0.9",
            ],
            &["sgd", "optimizer.momentum", "learning_rate"],
        )
    },
    Concept {
        formula: "W ← W − α·∇L,   α is the rate; plain descent is stable below 2 / sharpness",
        pitfall: "Keeping the rate when the optimizer, the batch size or the loss is changed. Each of these moves the best rate.",
        ..concept(
            ("learning_rate", "Learning rate"),
            &["lr", "rate", "step size", "alpha", "eta", "α", "η"],
            "The length of a step: how far weights move for a given gradient, `lr` of every optimizer. \
         It matters more than anything else. Too small and training crawls, too large and it \
         rattles or diverges; good ones span about a decade, and differ between optimizers by \
         factors of 10 to 1000, so optimizers are compared fairly only at the best rate of each.",
            &["gradlab compare rates-of-adam", "gradlab run rate-too-high"],
            &["optimizer.lr", "schedule", "divergence", "warmup"],
        )
    },
    Concept {
        list: Listed::All(Kind::Schedule),
        ..concept(
            ("schedule", "Schedule"),
            &["learning rate schedule", "scheduler", "annealing", "lr decay"],
            "The course of the learning rate over a run: high at first to get far, low at the end \
             to settle. Every layer's own rate goes along in proportion. Most schedules are as long \
             as `train.steps`.",
            &["gradlab schedule cosine", "gradlab run spirals --set schedule=cosine"],
            &["warmup", "learning_rate", "train.steps"],
        )
    },
    concept(
        ("warmup", "Warm-up"),
        &["warm-up", "warm up"],
        "Small steps at first, longer ones within the first percents of a run. Initial weights are \
         where curvature is large and where the averages of adaptive optimizers have seen little, \
         so the full rate could break what the next thousand steps need.",
        &["gradlab run warmup", "gradlab run warmup --set schedule=none"],
        &["schedule", "divergence"],
    ),
    Concept {
        list: Listed::With(Kind::Optimizer, &["weight_decay"]),
        ..concept(
            ("weight_decay", "Weight decay"),
            &["decay", "l2 regularization", "regularization", "regularisation", "ridge"],
            "Shrinking the weights at every step, which favours smoother functions. As a penalty on \
             the loss (`train.l2`, `weight_decay` of sgd and adam) it goes through the optimizer, \
             and adaptive ones rescale it; decoupled, as in adamw or `train.decoupled_decay`, it \
             does not. For plain SGD both are the same.",
            &["gradlab run breast-cancer", "gradlab run wine --set train.l2=0.05"],
            &["adamw", "train.l2", "train.decoupled_decay", "overfitting"],
        )
    },
    Concept {
        formula: "∇L = (∂L/∂w₁, ∂L/∂w₂, …)",
        pitfall: "Taking the gradient for the step. It points uphill and tells the slope here; how far to go, and in which direction in the end, is the optimizer's business.",
        ..concept(
            ("gradient", "Gradient"),
            &["derivative", "backpropagation", "backprop", "gradient descent", "slope"],
            "The derivative of the loss by every weight: the direction in which the loss rises \
         fastest, so that a step goes the other way. Backpropagation computes it from the output \
         back, multiplying by each layer's weights and by f′ of its activation.",
            &["gradlab check-gradients spirals", "gradlab run deep-sigmoid"],
            &["vanishing_gradients", "activation", "gradient_clipping"],
        )
    },
    concept(
        ("gradient_clipping", "Gradient clipping"),
        &["clip", "clipping"],
        "Cutting gradients that are too long before the optimizer sees them: all together to a \
         norm (`train.clip_norm`), which keeps their direction, or each element to a size \
         (`train.clip_value`). It guards against the one step that would undo a thousand.",
        &["gradlab run spirals --set train.clip_norm=1"],
        &["train.clip_norm", "train.clip_value", "divergence"],
    ),
    Concept {
        formula: "step of each weight ∝ gradient / √(mean of its squared gradients)",
        pitfall: "Expecting it to help in any valley. It scales single weights: a valley that lies across them stays a valley.",
        ..concept(
            ("adaptive", "Adaptive learning rates"),
            &["adaptive optimizer", "preconditioning", "second moment"],
            "A rate for every weight, as adagrad, rmsprop and adam have it: steps are divided by the \
         root of a mean of squared gradients, so that weights with small gradients move as far as \
         those with large ones. It evens out valleys along the axes, not those that are turned.",
            &["gradlab run valley", "gradlab run valley --set data.angle=45"],
            &["adam", "rmsprop", "adagrad", "momentum"],
        )
    },
    concept(
        ("conditioning", "Conditioning"),
        &["condition number", "ill conditioned", "valley", "canyon"],
        "How much more steeply a loss curves along one direction than along another: the condition \
         number κ is the largest eigenvalue of its Hessian over the smallest. In such a ravine the \
         steepest direction bounds the rate (2/λ for gradient descent), and at that rate the way along \
         the flattest takes about κ steps; with momentum about √κ (Polyak 1964). Rates for each \
         coordinate mend it where the ravine lies along an axis.",
        &[
            "gradlab optimize --walk ravine",
            "gradlab optimize quadratic:condition=100 --optimizer sgd:lr=0.02",
        ],
        &["quadratic", "momentum", "adaptive", "sharpness"],
    ),
    concept(
        ("saddle_point", "Saddle point"),
        &["escape", "strict saddle"],
        "A place without a slope that is lowest along some directions and highest along others. \
         Gradient descent comes to it along the steep ones and lingers, since the slope that leads away \
         is as small as the distance from the ridge; it then grows step by step. Losses of large \
         networks have far more saddle points than minima (Dauphin et al. 2014). Momentum and rates \
         divided by the size of gradients leave sooner, and noise helps.",
        &[
            "gradlab optimize --walk saddle",
            "gradlab optimize saddle --optimizer sgd:lr=0.05 --optimizer rmsprop:lr=0.05",
        ],
        &["saddle", "momentum", "adaptive", "gradient"],
    ),
    Concept {
        formula: "λ = largest eigenvalue of the Hessian of L",
        pitfall: "Reading a sharp minimum as a bad one. It says how large a rate is stable there; whether it generalises is another question.",
        ..concept(
            ("sharpness", "Sharpness"),
            &["curvature", "hessian", "largest eigenvalue", "critical sharpness"],
            "How much the loss curves where it curves most: the largest eigenvalue λ of its Hessian, the \
         matrix of second derivatives. A step of gradient descent multiplies what is left along that \
         direction by 1 − α·λ, so a rate above 2/λ makes it grow. With momentum the bound is \
         2·(1 + μ)/λ; Adam divides rates and so feels the curvature divided.",
            &["gradlab curvature edge-of-stability --steps 500", "gradlab run rate-too-high"],
            &["edge_of_stability", "learning_rate", "divergence", "gradient"],
        )
    },
    concept(
        ("landscape", "Loss landscape"),
        &["loss surface", "filter normalization", "filter normalisation"],
        "The loss as a function of all weights, of which a map shows two directions. What it shows \
         depends on these. Random directions see next to nothing of the path; each row of weights in \
         them is made as long as the network's own (filter normalisation, Li et al. 2018), since else \
         large weights would look flat and small ones sharp. The main directions of the path hold \
         most of it, but those of a random walk do so as well, and look as smooth (Antognini and \
         Sohl-Dickstein 2018, arXiv 1806.08805): so a smooth path is no finding, and the share of \
         its variance is told. Eigenvectors of the Hessian show where the valley is narrowest. A \
         point of the path lies off the plane: its true loss stands beside the plane's.",
        &[
            "gradlab landscape spirals --steps 3000",
            "gradlab landscape spirals --steps 3000 --plane random",
            "gradlab landscape edge-of-stability --steps 500 --plane hessian",
        ],
        &["sharpness", "gradient", "edge_of_stability"],
    ),
    concept(
        ("edge_of_stability", "Edge of stability"),
        &["eos", "progressive sharpening", "stability threshold"],
        "Full-batch training with a fixed rate sharpens the valley that it goes down until the \
         sharpness stands at what the rate can take, 2/α for gradient descent (Cohen et al. 2021) and \
         38/α for Adam, whose rates are divided (2022). There it holds, and the loss goes on falling, no \
         longer at every step. It was found for the mean squared error; with mini-batches or \
         cross-entropy sharpness is mostly lower.",
        &[
            "gradlab run edge-of-stability",
            "gradlab run edge-of-stability-adam",
            "gradlab curvature edge-of-stability",
        ],
        &["sharpness", "adam", "sgd", "learning_rate"],
    ),
];
