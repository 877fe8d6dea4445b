"""The table of injection figures on sources that the training did not see (fast tier).

    python leave_one_out.py --rows build/rows.jsonl

For each group of attack sources: trained on all other rows of the injection heads, measured on the group against the dev
rows without an attack. Own attack templates stay in, as they do in the shipped weights.
"""
import argparse, json, random

import numpy as np
from sklearn.metrics import roc_auc_score

from build_data import HEADS
from train_fast import matrix, train

GROUPS = {"direct": ["in-the-wild,dan", "gptfuzz", "eval-safety", "jbb-PAIR", "jbb-GCG,jbb-DSN", "jbb-JBC", "jbb-prompt", "tap"],
          "indirect": ["planted-bipia-attacks", "planted-user-task,planted-own-planted", "planted-own-attacks", "planted-own-family"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", required=True), parser.add_argument("--limit", type=int, default=7000)
    options = parser.parse_args()
    rows = [r for r in map(json.loads, open(options.rows, encoding="utf8")) if "direct" in r["labels"] or "indirect" in r["labels"]]
    table = []
    for head, groups in GROUPS.items():
        clean = [r for r in rows if r["split"] == "dev" and r["labels"].get(head, 1) < .2]
        for group in groups:
            out = tuple(group.split(","))
            # A template that a left-out set shares with another would be no unseen source.
            kept = [r for r in rows if r["split"] == "train" and not r["source"].startswith(out)]
            weights, bias = train(random.Random(1).sample(kept, min(options.limit, len(kept))), epochs=6)
            attacks = [r for r in rows if r["source"].startswith(out) and r["labels"].get(head, 0) > .5][:400]
            column = HEADS.index(head)
            score = lambda part: matrix([r["text"] for r in part]) @ weights[:, column] + bias[column]
            positive, negative = score(attacks), score(clean)
            cut = np.quantile(negative, .99)
            auc = roc_auc_score([1] * len(positive) + [0] * len(negative), np.concatenate([positive, negative]))
            table.append((head, group, len(attacks), round(float((positive > cut).mean()), 3), round(float(auc), 3)))
            print("| {} | {} | {} | {} | {} |".format(*table[-1]), flush=True)


if __name__ == "__main__":
    main()
