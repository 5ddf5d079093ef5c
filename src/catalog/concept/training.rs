//! Concepts of training.

use super::{Concept, Kind, Listed, concept};

/// The rows.
pub(super) const CONCEPTS: &[Concept] = &[
    Concept {
        formula: "L = mean over the samples of loss(output, answer)",
        pitfall: "Comparing losses of different kinds or of different data. A loss of 0.1 is good or bad only beside that of guessing.",
        list: Listed::All(Kind::Loss),
        ..concept(
            ("loss", "Loss"),
            &["loss function", "cost", "objective", "criterion"],
            "The number that training lowers: how far the outputs are from the targets, as a mean \
             over the samples. The gradient of the loss says which way each weight should move. A \
             classifier is trained by cross-entropy, since accuracy has no useful gradient; a \
             regression by the squared error or one that outliers pull at less.",
            &["gradlab run moons --set train.loss=mse", "gradlab explain train.loss"],
            &["cross_entropy", "mse", "gradient", "softmax_or_sigmoid"],
        )
    },
    Concept {
        formula: "steps per epoch = training rows / batch size, rounded up",
        pitfall: "Comparing runs by epochs when their batch sizes differ: they make different numbers of steps.",
        ..concept(
            ("epoch", "Epoch"),
            &["pass"],
            "One pass over all training rows. With n rows and batches of b an epoch is n/b steps, \
         rounded up; the rows are shuffled anew for each. Budgets here are given in steps, so that \
         runs with other batches are comparable; `--epochs` gives them in epochs.",
            &["gradlab run iris --epochs 5"],
            &["step", "batch_size", "train.steps"],
        )
    },
    concept(
        ("step", "Step"),
        &["iteration", "update"],
        "One update of all weights: take a batch, compute its loss and gradients, let the \
         optimizer move the weights. `train.steps` is the number of steps of a run and the length \
         of its schedule.",
        &["gradlab step sgd:lr=0.1 --start 1 --grads 2,1.5"],
        &["epoch", "batch_size", "optimizer"],
    ),
    Concept {
        formula: "∇L ≈ mean over the batch; its noise falls as 1 / √batch size",
        pitfall: "Changing the batch size and keeping the rate: with larger batches gradients are less noisy, and the rate may grow.",
        ..concept(
            ("batch_size", "Batch size"),
            &["batch", "batches", "minibatch", "mini-batch", "train.batch_size"],
            "The number of samples whose mean gradient makes a step. Small batches are cheap and \
         noisy; the noise shakes training out of sharp places but keeps it from settling. With a \
         larger batch the rate can be larger as well. A batch of all training rows is plain \
         gradient descent.",
            &[
                "gradlab compare moons --arm small=train.batch_size=4 --arm large=train.batch_size=128",
            ],
            &["learning_rate", "epoch", "batch_norm"],
        )
    },
    concept(
        ("divergence", "Divergence"),
        &["diverged", "diverges", "exploding", "exploding gradients", "blow up", "nan"],
        "Training that gets worse at every step until numbers overflow: as a rule the learning \
         rate is too high. For plain gradient descent the border is at 2 divided by the largest \
         curvature of the loss. A run stops there and says which layer broke first; a tenth of the \
         rate, warm-up or clipping are the usual remedies.",
        &["gradlab run rate-too-high", "gradlab run rate-too-high --set optimizer.lr=0.1"],
        &["learning_rate", "gradient_clipping", "warmup"],
    ),
    Concept {
        pitfall: "Reading the order in the table as the result. Only ranges that do not overlap tell arms apart.",
        ..concept(
            ("rank", "Rank set"),
            &["ranks", "ranking", "rank sets", "confidence set", "told apart", "significance"],
            "The ranks that an arm of a comparison may have by what was seen: from 1 + the arms that it \
         is significantly worse than, to all arms less those that are significantly worse than it. \
         Significant is what flipping the signs of whole seeds would bring about in one of twenty \
         comparisons at the most, all pairs taken together (Romano & Wolf 2005; Mogstad et al. \
         2024). Wide sets mean that more seeds are needed, or that there is nothing to tell apart.",
            &["gradlab rank FILE.csv", "gradlab compare moons --seeds 16"],
            &["seed", "optimizer"],
        )
    },
    Concept {
        formula: "test loss rises while training loss falls",
        pitfall: "Choosing a setting by the test rows, again and again. They are then no longer unseen.",
        ..concept(
            ("overfitting", "Overfitting"),
            &["overfit", "generalisation", "generalization", "generalise", "memorisation"],
            "Learning the training rows instead of what lies behind them: the training loss goes on \
         falling while the test loss rises. The gap between both is the error of generalisation. \
         More data, a smaller network, weight decay, dropout, or stopping at the lowest test loss \
         help.",
            &["gradlab run wine", "gradlab run wine --set train.l2=0.05"],
            &["train_and_test", "weight_decay", "dropout", "early_stopping"],
        )
    },
    concept(
        ("early_stopping", "Early stopping"),
        &["best step"],
        "Keeping the weights of the step with the lowest loss on rows held out, instead of the \
         last ones. The summary of a run names that step and its loss. A number chosen by the test \
         rows flatters: for an honest one, choose by other rows than those that judge.",
        &["gradlab run wine"],
        &["overfitting", "train_and_test"],
    ),
    Concept {
        pitfall: "Judging by one seed. Of two equal methods one always looks better on it.",
        ..concept(
            ("seed", "Seed"),
            &["random seed", "randomness", "reproducibility"],
            "The number from which all random numbers of a run follow: data, split, initial weights, \
         batches, dropout. The same experiment and seed give the same bits. `data.seed`, \
         `train.init_seed` and `train.batch_seed` set one part apart. One seed proves little: a \
         comparison runs each arm on several.",
            &["gradlab run spirals --seed 1", "gradlab run spirals --set data.seed=7 --seed 1"],
            &["data.seed", "train.init_seed", "train.batch_seed"],
        )
    },
    concept(
        ("accuracy", "Accuracy"),
        &["correct"],
        "The share of rows whose most probable class is the right one. It moves in jumps and does \
         not tell a sure answer from a lucky one, so training lowers a loss instead and accuracy is \
         watched.",
        &["gradlab run iris"],
        &["loss", "train_and_test"],
    ),
];
