"""Identity-term bias of the linear tier on bias-madlibs: overall AUC, and BPSN AUC by identity (background positive,
subgroup negative: are harmless texts about a group ranked below harmful texts about others?).

    python measure_bias.py --data ../../../../shared/data --fast build/fast [--rows 12000]
"""
import argparse, csv, random, re

import numpy as np
from sklearn.metrics import roc_auc_score

from export_models import overall
from train_fast import matrix

IDENTITIES = ("lesbian gay bisexual transgender trans queer homosexual straight heterosexual male female nonbinary african black white european hispanic "
              "latino latina mexican canadian american asian indian chinese japanese christian muslim jewish buddhist catholic protestant sikh taoist old young "
              "blind deaf paralyzed").split()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True), parser.add_argument("--fast", required=True), parser.add_argument("--rows", type=int, default=12000)
    options = parser.parse_args()
    with open(f"{options.data}/bias-madlibs/bias_madlibs_77k.csv", encoding="utf8", newline="") as file: rows = list(csv.DictReader(file))
    rows = random.Random(1).sample(rows, min(options.rows, len(rows)))
    model = np.load(f"{options.fast}/fast.npz")
    scores = overall(matrix([r["Text"] for r in rows]) @ (model["weights"].astype(np.float32) * model["scales"]) + model["bias"])
    bad = np.array([r["Label"] == "BAD" for r in rows])
    print(f"overall AUC {roc_auc_score(bad, scores):.3f}")
    table = []
    for identity in IDENTITIES:
        group = np.array([bool(re.search(rf"\b{identity}\b", r["Text"].lower())) for r in rows])
        chosen = (group & ~bad) | (~group & bad)
        if (group & ~bad).sum() > 20: table.append((roc_auc_score(bad[chosen], scores[chosen]), identity))
    for auc, identity in sorted(table)[:8]: print(f"BPSN {identity} {auc:.3f}")


if __name__ == "__main__":
    main()
