"""Trains the fast tier: one linear head per hazard and per source over hashed n-grams, int8 weights.

The heads of moderation are trained all at once by AdaGrad; those of injection each to the optimum of its regularised loss
(L-BFGS), which carries over better to attacks of sources that were not seen. `indirect` is judged sentence by sentence too and
learns so: of a text with an attack only the sentence that the first fit finds worst counts as one.

    python train_fast.py --rows build/rows.jsonl --out build/fast [--leave-out bipia,jbb]
"""
import argparse, json, os, random

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from augment import augment
from build_data import HEADS
from features import BUCKETS, canonical, features, sentences_of, shown
from train_encoder import label_arrays, select

# Of the two largest sets a part is enough; all other rows are taken.
LIMITS = {"davidson": 8000, "toxic-spans": 8000}


def matrix(texts):
    found = [features(canonical(text)) for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(f) for f in found])])
    values = np.concatenate([np.full(len(f), 1 / np.sqrt(max(1, len(f))), np.float32) for f in found])
    return sparse.csr_matrix((values, np.concatenate(found).astype(np.int32), indptr), shape=(len(texts), BUCKETS))


def sentence_matrix(texts):
    """The sentences of all texts, and which text each is of."""
    cut = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences_of(shown(text))]
    return matrix([sentence for _, sentence in cut]), np.array([at for at, _ in cut], np.int64)


def largest(scores, sentence_scores, owner):
    """The score of each text, or that of its worst sentence."""
    found = scores.copy()
    np.maximum.at(found, owner, sentence_scores)
    return found


def fit(x, target, decay, iterations):
    """Logistic regression: weights and bias at the optimum of mean loss + decay / 2 · |w|²."""
    transposed = x.T.tocsr()
    def loss(packed):
        scores = x @ packed[:-1].astype(np.float32) + packed[-1]
        error = 1 / (1 + np.exp(-scores)) - target
        value = float((np.logaddexp(0, scores) - target * scores).mean(dtype=np.float64)) + decay / 2 * float(packed[:-1] @ packed[:-1])
        return value, np.append(transposed @ error.astype(np.float32) / len(target) + decay * packed[:-1], error.mean(dtype=np.float64)).astype(np.float64)
    packed = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": iterations}).x
    return packed[:-1].astype(np.float32), np.float32(packed[-1])


def fit_injection(x, target, sentences, owner, decay=2e-7, iterations=80):
    """Weights and bias of a head over texts and, where there are any, their sentences."""
    weights, bias = fit(x, target, decay, iterations)
    if sentences is None: return weights, bias
    scores = sentences @ weights + bias
    worst = largest(np.full(len(target), -np.inf, np.float32), scores, owner)
    of_text = target[owner]
    taken = (of_text < .2) | ((of_text > .5) & (scores >= worst[owner]))
    return fit(sparse.vstack([x, sentences[taken]]).tocsr(), np.concatenate([target, of_text[taken]]), decay, iterations)


def train_injection(texts, labels):
    """Weights and biases of `direct` and `indirect` for texts with these labels."""
    x, found = matrix(texts), {}
    for head in ["direct", "indirect"]:
        known = np.array([head in each for each in labels])
        target = np.array([each[head] for each in labels if head in each], np.float32)
        cut = sentence_matrix([text for text, is_known in zip(texts, known) if is_known]) if head == "indirect" else (None, None)
        found[head] = fit_injection(x[known], target, *cut)
    return found


def augmented(rows, seed):
    rng = random.Random(seed)
    return [augment(r["text"], rng) if rng.random() < .2 else r["text"] for r in rows]


def train(rows, seed=1, epochs=10, rate=.6, decay=2e-6):
    x, (target, weight) = matrix(augmented(rows, seed)), label_arrays(rows)
    weights, bias = np.zeros((BUCKETS, len(HEADS)), np.float32), np.full(len(HEADS), -1.5, np.float32)
    squares, bias_squares = np.full_like(weights, 1e-4), np.full_like(bias, 1e-2)
    order = np.arange(len(rows))
    shuffle = np.random.default_rng(seed)
    for _ in range(epochs):
        shuffle.shuffle(order)
        for start in range(0, len(order), 512):
            batch = order[start:start + 512]
            part = x[batch]
            scores = part @ weights + bias
            error = (1 / (1 + np.exp(-scores)) - target[batch]) * np.minimum(weight[batch], 1)
            gradient = part.T @ error
            gradient /= 32
            gradient += decay * weights
            squares += gradient * gradient
            weights -= rate * gradient / np.sqrt(squares)
            step = error.mean(0) * 4
            bias_squares += step * step
            bias -= .2 * step / np.sqrt(bias_squares)
    return weights, bias


def quantise(weights):
    scales = np.maximum(np.abs(weights).max(0), 1e-6) / 127
    # Rare large weights would cost all others their precision.
    scales = np.minimum(scales, np.quantile(np.abs(weights), .9995, axis=0) / 127 + 1e-9)
    return np.clip(np.round(weights / scales), -127, 127).astype(np.int8), scales.astype(np.float32)


def main():
    parser = argparse.ArgumentParser()
    for name in ["rows", "out"]: parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seed", type=int, default=1), parser.add_argument("--leave-out", default="")
    options = parser.parse_args()
    rows = [json.loads(line) for line in open(options.rows, encoding="utf8")]
    left_out = tuple(name for name in options.leave_out.split(",") if name)
    chosen = select([r for r in rows if r["split"] == "train" and not (left_out and r["source"].startswith(left_out))], random.Random(options.seed), LIMITS, {})
    weights, bias = train(chosen, options.seed)
    injection = [r for r in chosen if "direct" in r["labels"] or "indirect" in r["labels"]]
    for head, (column, offset) in train_injection(augmented(injection, options.seed), [r["labels"] for r in injection]).items():
        weights[:, HEADS.index(head)], bias[HEADS.index(head)] = column, offset
    rows8, scales = quantise(weights)
    os.makedirs(options.out, exist_ok=True)
    np.savez_compressed(f"{options.out}/fast.npz", weights=rows8, scales=scales, bias=bias)
    print(f"{len(chosen)} rows; non-zero share {np.count_nonzero(rows8) / rows8.size:.3f}")


if __name__ == "__main__":
    main()
