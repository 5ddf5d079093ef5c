//! Concepts of networks.

use super::{ACTIVATION_OR_OPTIMIZER, Concept, Kind, Listed, concept};

/// The rows.
pub(super) const CONCEPTS: &[Concept] = &[
    Concept {
        comparison: Some(&ACTIVATION_OR_OPTIMIZER),
        formula: "a = f(z),   z = W·x + b\nback: ∂L/∂z = f′(z) · ∂L/∂a",
        pitfall: "Choosing an activation to train faster and an optimizer to fit better. It is the other way round more often: the activation limits what can be fitted, and both bear on how fast.",
        list: Listed::All(Kind::Activation),
        ..concept(
            ("activation", "Activation"),
            &["activation function", "nonlinearity", "non-linearity", "transfer function"],
            "The function f that a layer applies to its weighted sums. Without one, layers in a row \
             compute no more than a single one. Its slope f′ is what gradients are multiplied by \
             on their way back, so it decides both what a network can compute and whether it can \
             be trained. It does not move weights: the optimizer does.",
            &["gradlab compare spirals --activations relu,tanh,sigmoid", "gradlab explain relu"],
            &["optimizer", "saturation", "dead_units", "initialisation"],
        )
    },
    Concept {
        list: Listed::All(Kind::Layer),
        ..concept(
            ("layer", "Layer"),
            &["hidden layer", "depth", "unit", "neuron", "width"],
            "A row of units, each with a weight for every input and a bias, followed by an \
             activation. Hidden layers make features; the last layer gives the answer, with a unit \
             for each class or value. More units make a layer wider, more layers a network deeper. \
             A recurrent layer takes its inputs step by step, and sees its own last state as well.",
            &["gradlab run xor", "gradlab moons/16-tanh/16-tanh/2-softmax"],
            &["activation", "recurrence", "layers.*.units", "layers.*.kind"],
        )
    },
    concept(
        ("recurrence", "Recurrence"),
        &["recurrent", "recurrent layer", "bptt", "backpropagation through time", "sequence"],
        "A layer that goes through a sequence: at each step it makes a new state of the input and \
         the state before, by the same weights. Gradients go back through all the steps \
         (backpropagation through time), so that over many of them they vanish or explode as in a \
         very deep network; gates let a state pass unchanged. `return_sequences` hands on every \
         state rather than the last one, so that such layers stack.",
        &["gradlab run adding", "gradlab adding/lstm:16,return_sequences=true/gru:16/1"],
        &["rnn", "gru", "lstm", "vanishing_gradients", "gradient_clipping"],
    ),
    Concept {
        formula: "Xavier: variance 2 / (inputs + outputs)\nKaiming: variance 2 / inputs",
        pitfall: "Starting at zero, or at any other equal numbers: all units of a layer then remain the same for ever.",
        list: Listed::All(Kind::Initializer),
        ..concept(
            ("initialisation", "Initialisation"),
            &["initialization", "initializer", "initialiser", "init", "initial weights"],
            "Random weights to start from. Their size decides whether signals and gradients keep \
             their size from layer to layer: Xavier's suits tanh, Kaiming's relu. With equal \
             weights all units of a layer would remain equal. `auto` takes the one that suits the \
             activation.",
            &["gradlab run deep-relu", "gradlab run deep-relu --set layers.hidden.init=zeros"],
            &["kaiming_normal", "xavier_uniform", "vanishing_gradients", "layers.*.init"],
        )
    },
    Concept {
        formula: "(x − mean) / √(variance + ε), then scaled and shifted",
        pitfall: "Calling tanh a normalisation. It bounds its inputs to −1 … 1; it does not bring them to a common scale.",
        list: Listed::All(Kind::Norm),
        ..concept(
            ("normalisation", "Normalisation"),
            &["normalization", "norm", "norm layer"],
            "Bringing the inputs of an activation to mean 0 and variance 1: of each unit over the \
             batch (batch_norm) or of each sample over the units (layer_norm). They stay where the \
             activation has a slope, so that deeper networks and higher rates are possible.",
            &["gradlab run deep-sigmoid", "gradlab run deep-batch-norm"],
            &["batch_norm", "layer_norm", "saturation", "standardisation"],
        )
    },
    concept(
        ("dropout", "Dropout"),
        &["drop out"],
        "Setting a random share of a layer's outputs to 0 at each step of training, and none of \
         them when it is evaluated, so that no unit can rely on a single other one. A remedy \
         against overfitting of large networks; small ones rather learn less.",
        &["gradlab run digits --set layers.1.dropout=0.3"],
        &["overfitting", "layers.*.dropout"],
    ),
    Concept {
        formula: "z < 0 for every sample, so relu(z) = 0 and relu′(z) = 0",
        pitfall: "Trying another optimizer. A gradient of exactly 0 stays 0 whatever is made of it; leaky_relu, elu or a lower rate from the start help.",
        ..concept(
            ("dead_units", "Dead units"),
            &["dead", "dead unit", "dead relu", "dying relu"],
            "Units whose output is 0 for every sample: relu's slope is 0 there, so no gradient comes \
         through to bring them back. One step too long is enough. leaky_relu, elu or gelu keep a \
         slope; so do smaller rates. The health panel shows their share.",
            &["gradlab run spirals --set layers.hidden.activation=relu --set optimizer=sgd:lr=1"],
            &["relu", "leaky_relu", "saturation"],
        )
    },
    Concept {
        formula: "f′(z) ≈ 0,   as tanh′(4) = 0.0013",
        pitfall: "Taking it for convergence: the loss stands still in both cases, but a saturated unit may be wrong.",
        ..concept(
            ("saturation", "Saturation"),
            &["saturated", "saturate", "flat"],
            "Units on the flat ends of sigmoid or tanh, where the slope is almost 0: their weights \
         hardly move. Initial weights that are too large or a rate that is too high bring them \
         there; normalisation keeps them away.",
            &["gradlab run deep-sigmoid"],
            &["vanishing_gradients", "sigmoid", "tanh", "normalisation"],
        )
    },
    Concept {
        formula: "∂L/∂W₁ holds f′(z₁) · f′(z₂) · …; ten sigmoids: at most 0.25¹⁰ ≈ 1e-6",
        pitfall: "Adding layers to a network that does not learn. If gradients vanish, more depth makes it worse.",
        ..concept(
            ("vanishing_gradients", "Vanishing gradients"),
            &["vanishing gradient", "vanishing"],
            "Gradients that get smaller from layer to layer on their way back, so that the first \
         layers learn nothing. Each sigmoid multiplies by 1/4 at most. relu, initial weights that \
         suit the activation and normalisation keep their size.",
            &["gradlab run deep-sigmoid", "gradlab run deep-relu", "gradlab run deep-batch-norm"],
            &["saturation", "initialisation", "normalisation"],
        )
    },
    Concept {
        formula: "softmax: pᵢ = exp(zᵢ) / Σ exp(zⱼ)\nsigmoid: p = 1 / (1 + exp(−z))",
        pitfall: "A softmax with a single output: its share of the total is always 1.",
        ..concept(
            ("softmax_or_sigmoid", "Softmax or sigmoid"),
            &[
                "softmax vs sigmoid",
                "sigmoid vs softmax",
                "softmax and sigmoid",
                "output layer",
                "logits",
            ],
            "Both turn outputs (logits) into probabilities. Softmax over one unit for each class, with \
         cross_entropy: the classes compete and sum to 1. Sigmoid on a single unit, with bce: the \
         probability of one of two classes. For two classes both learn the same. Values to predict \
         take identity.",
            &["gradlab moons/8-tanh/2-softmax", "gradlab moons/8-tanh/1-sigmoid"],
            &["cross_entropy", "bce", "loss"],
        )
    },
];
