"""Trains the fast tier: one linear head per hazard and per source over hashed n-grams, all at once, int8 weights.

    python train_fast.py --rows build/rows.jsonl --out build/fast [--leave-out bipia,jbb]
"""
import argparse, json, os, random

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
from scipy import sparse

from augment import augment
from build_data import HEADS
from features import BUCKETS, canonical, features
from train_encoder import label_arrays, select

# Of the two largest sets a part is enough; all other rows are taken.
LIMITS = {"davidson": 8000, "toxic-spans": 8000}


def matrix(texts):
    found = [features(canonical(text)) for text in texts]
    indptr = np.concatenate([[0], np.cumsum([len(f) for f in found])])
    values = np.concatenate([np.full(len(f), 1 / np.sqrt(max(1, len(f))), np.float32) for f in found])
    return sparse.csr_matrix((values, np.concatenate(found).astype(np.int32), indptr), shape=(len(texts), BUCKETS))


def train(rows, seed=1, epochs=10, rate=.6, decay=2e-6):
    rng = random.Random(seed)
    texts = [augment(r["text"], rng) if rng.random() < .2 else r["text"] for r in rows]
    x, (target, weight) = matrix(texts), label_arrays(rows)
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
    rows8, scales = quantise(weights)
    os.makedirs(options.out, exist_ok=True)
    np.savez_compressed(f"{options.out}/fast.npz", weights=rows8, scales=scales, bias=bias)
    print(f"{len(chosen)} rows; non-zero share {np.count_nonzero(rows8) / rows8.size:.3f}")


if __name__ == "__main__":
    main()
