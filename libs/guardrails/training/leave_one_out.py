"""The table of injection figures on sources that the training did not see (fast tier).

    python leave_one_out.py --rows build/rows.jsonl --fast build/fast

For each group of attack sources: the head trained on all other rows, measured on the group against the dev rows without an
attack, as it ships: `indirect` by sentence too, `direct` raised by `crime`, a head that no attack has trained. Own attack
templates stay in, as they do in the shipped weights.
"""
import argparse, json

import numpy as np
from sklearn.metrics import roc_auc_score

from build_data import HEADS
from export_models import RAISES
from train_fast import augmented, fit_injection, largest, matrix, sentence_matrix

GROUPS = {"direct": ["in-the-wild,dan", "gptfuzz", "eval-safety", "jbb-PAIR", "jbb-GCG,jbb-DSN", "jbb-JBC", "jbb-prompt", "tap"],
          "indirect": ["planted-bipia-attacks", "planted-user-task,planted-own-planted", "planted-own-attacks", "planted-own-family"]}


def raise_of(head, x, fast):
    """What another head of the shipped weights adds."""
    if head not in RAISES: return 0
    rule = RAISES[head]
    at = HEADS.index(rule["by"])
    logits = x @ (fast["weights"][:, at].astype(np.float32) * fast["scales"][at]) + fast["bias"][at]
    return rule["weight"] * np.maximum(0, logits - rule["from"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", required=True), parser.add_argument("--fast", required=True), parser.add_argument("--only", default="", help="the groups that begin with this")
    options = parser.parse_args()
    fast = np.load(f"{options.fast}/fast.npz")
    every = [json.loads(line) for line in open(options.rows, encoding="utf8")]
    for head, groups in GROUPS.items():
        rows = [r for r in every if head in r["labels"]]
        texts = [text if r["split"] == "train" else r["text"] for r, text in zip(rows, augmented(rows, 1))]
        x, target, is_dev = matrix(texts), np.array([r["labels"][head] for r in rows], np.float32), np.array([r["split"] == "dev" for r in rows])
        sentences, owner = sentence_matrix(texts) if head == "indirect" else (None, None)
        added = raise_of(head, x, fast)
        for group in groups:
            if not group.startswith(options.only): continue
            out = np.array([r["source"].startswith(tuple(group.split(","))) for r in rows])
            kept = ~is_dev & ~out
            if sentences is None: cut = (None, None)
            else: cut = (sentences[kept[owner]], (np.cumsum(kept) - 1)[owner[kept[owner]]])
            weights, bias = fit_injection(x[kept], target[kept], *cut)
            scores = x @ weights + bias
            if sentences is not None: scores = largest(scores, sentences @ weights + bias, owner)
            scores = scores + added
            positive, negative = scores[out & (target > .5)], scores[is_dev & (target < .2)]
            recall = (positive > np.quantile(negative, .99)).mean()
            auc = roc_auc_score([1] * len(positive) + [0] * len(negative), np.concatenate([positive, negative]))
            print(f"| {head} | {group} | {len(positive)} | {recall:.3f} | {auc:.3f} |", flush=True)


if __name__ == "__main__":
    main()
