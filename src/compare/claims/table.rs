//! The claims. What is stated, and what counts for it and against it, was written before anything was run;
//! by what it is measured, and for how many steps, after the first runs had shown what tells nothing.

use super::{Claim, Duel, Measure};

/// All of them, in the order in which they are judged.
pub static CLAIMS: &[Claim] = &[
    Claim {
        name: "nonlinearity",
        statement: "An activation in the hidden layers lets a network learn patterns that it cannot learn without.",
        supports: "with tanh more training rows are right than with none, where classes curl around each other",
        contradicts: "without an activation as many are right",
        duels: &[
            activations("rings", "circles/8-relu/2-softmax/steps=1000", ["tanh", "identity"]),
            activations("exclusive or", "xor/8-relu/2-softmax/steps=1000", ["tanh", "identity"]),
            activations(
                "spirals",
                "spirals/16-relu/16-relu/2-softmax/steps=1500",
                ["tanh", "identity"],
            ),
        ],
    },
    Claim {
        name: "nonlinearity-always",
        statement: "A network needs an activation in its hidden layers, whatever the data.",
        supports: "with tanh more training rows are right, on data of every kind",
        contradicts: "on some data a network without one does as well or better",
        duels: &[
            activations("rings", "circles/8-relu/2-softmax/steps=1000", ["tanh", "identity"]),
            activations("separate blobs", "blobs/8-relu/4-softmax/steps=500", ["tanh", "identity"]),
        ],
    },
    Claim {
        name: "relu-best",
        statement: "ReLU is the best activation for hidden layers.",
        supports: "with ReLU the training loss is low in fewer steps than with any other",
        contradicts: "with another one it takes fewer",
        duels: &[
            steps("spirals, against tanh", SPIRALS, ["relu", "tanh"], 0.2),
            steps("spirals, against GELU", SPIRALS, ["relu", "gelu"], 0.2),
            steps(
                "moons, against tanh",
                "moons/16-relu/2-softmax/steps=1500",
                ["relu", "tanh"],
                0.1,
            ),
        ],
    },
    Claim {
        name: "adam-faster",
        statement: "Adam is faster than plain SGD.",
        supports: "at the best rate of each, Adam needs fewer steps to a low loss",
        contradicts: "SGD needs fewer",
        duels: &[
            optimizers("spirals", SPIRALS, [ADAM, SGD], Measure::StepsTo(0.3)),
            optimizers("rings", RINGS, [ADAM, SGD], Measure::StepsTo(0.2)),
            optimizers("a plane", PLANE, [ADAM, SGD], Measure::StepsTo(0.003)),
        ],
    },
    Claim {
        name: "momentum-faster",
        statement: "Momentum makes SGD faster.",
        supports: "at the best rate of each, SGD with momentum 0.9 needs fewer steps to a low loss",
        contradicts: "plain SGD needs fewer",
        duels: &[
            optimizers("spirals", SPIRALS, [MOMENTUM, SGD], Measure::StepsTo(0.3)),
            optimizers("a long valley", VALLEY, [MOMENTUM, SGD], Measure::StepsTo(0.01)),
        ],
    },
    Claim {
        name: "rmsprop-recurrent",
        statement: "RMSprop suits recurrent networks.",
        supports: "at the best rate of each its test loss is lower than that of others",
        contradicts: "that of another optimizer is lower",
        duels: &[
            optimizers("adding, against SGD", RECURRENT, [RMSPROP, SGD], Measure::TestLoss),
            optimizers("adding, against Adam", RECURRENT, [RMSPROP, ADAM], Measure::TestLoss),
        ],
    },
    Claim {
        name: "adagrad-sparse",
        statement: "Adagrad suits sparse data.",
        supports: "where a rare word decides, its test loss is lower than that of others",
        contradicts: "that of another optimizer is lower",
        duels: &[
            optimizers("rare words, against SGD", WORDS, [ADAGRAD, SGD], Measure::TestLoss),
            optimizers(
                "rare words, against momentum",
                WORDS,
                [ADAGRAD, MOMENTUM],
                Measure::TestLoss,
            ),
            optimizers("rare words, against Adam", WORDS, [ADAGRAD, ADAM], Measure::TestLoss),
        ],
    },
    Claim {
        name: "optimizer-capability",
        statement: "A better optimizer lets a network learn what it otherwise could not.",
        supports: "without an activation, Adam gets more of the rings right than SGD",
        contradicts: "SGD gets more right",
        duels: &[optimizers(
            "rings, no activation",
            "circles/8-identity/2-softmax/steps=1000",
            [ADAM, SGD],
            Measure::TrainAccuracy,
        )],
    },
    Claim {
        name: "activation-capability",
        statement: "What can be learned depends on the activation rather than on the optimizer.",
        supports: "tanh with plain SGD gets more training rows right than no activation with Adam",
        contradicts: "no activation with Adam gets as many right, or more",
        duels: &[
            mixed("rings", "circles/8-relu/2-softmax/steps=1000"),
            mixed("exclusive or", "xor/8-relu/2-softmax/steps=1000"),
        ],
    },
];

/// An arm with its name.
type Arm = (&'static str, &'static [&'static str]);

const SGD: Arm = ("sgd", &["optimizer=sgd"]);
const MOMENTUM: Arm = ("sgd with momentum", &["optimizer=sgd:momentum=0.9"]);
const ADAM: Arm = ("adam", &["optimizer=adam"]);
const RMSPROP: Arm = ("rmsprop", &["optimizer=rmsprop"]);
const ADAGRAD: Arm = ("adagrad", &["optimizer=adagrad"]);

const SPIRALS: &str = "spirals/16-tanh/16-tanh/2-softmax/steps=3000";
const RINGS: &str = "circles/8-tanh/2-softmax/steps=800";
const PLANE: &str = "plane/1-identity/steps=400,loss=mse";
const VALLEY: &str = "valley:condition=100/1-identity/batch_size=500,steps=1000";
const RECURRENT: &str =
    "adding:length=10,samples=600/rnn:12/1-identity/steps=500,eval_every=100,clip_norm=1";
const WORDS: &str = "words:samples=2000,words=1000,length=20,common=100/2-softmax/batch_size=32,\
                     steps=88,eval_every=44";
/// Rates from far too small to far too large.
const WIDE: &str = "1e-3:10:9";

const fn optimizers(
    task: &'static str,
    experiment: &'static str,
    arms: [Arm; 2],
    by: Measure,
) -> Duel {
    Duel { task, experiment, arms, by, rates: WIDE }
}

/// Two activations, both with Adam at the better of a few rates.
const fn activations(
    task: &'static str,
    experiment: &'static str,
    names: [&'static str; 2],
) -> Duel {
    Duel { task, experiment, arms: pair(names), by: Measure::TrainAccuracy, rates: TRIED }
}

/// The same by steps to a training loss.
const fn steps(
    task: &'static str,
    experiment: &'static str,
    names: [&'static str; 2],
    loss: f64,
) -> Duel {
    Duel { task, experiment, arms: pair(names), by: Measure::StepsTo(loss), rates: TRIED }
}

/// Rates of Adam that suit small networks.
const TRIED: &str = "3e-3:0.3:5";

/// Activations of hidden layers as arms.
const fn pair(names: [&'static str; 2]) -> [Arm; 2] {
    [hidden(names[0]), hidden(names[1])]
}

const fn hidden(name: &'static str) -> Arm {
    let set: &[&str] = match name.as_bytes() {
        b"tanh" => &["layers.hidden.activation=tanh"],
        b"gelu" => &["layers.hidden.activation=gelu"],
        b"relu" => &["layers.hidden.activation=relu"],
        _ => &["layers.hidden.activation=identity"],
    };
    (name, set)
}

/// The best activation with the plainest optimizer, against none with the best.
const fn mixed(task: &'static str, experiment: &'static str) -> Duel {
    Duel {
        task,
        experiment,
        arms: [
            ("tanh with sgd", &["layers.hidden.activation=tanh", "optimizer=sgd"]),
            ("identity with adam", &["layers.hidden.activation=identity", "optimizer=adam"]),
        ],
        by: Measure::TrainAccuracy,
        rates: WIDE,
    }
}
