"""Figures on the dev split from scores of heads; used for both tiers."""
import json
import numpy as np
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from build_data import HEADS


def best_f1(truth, scores):
    cuts = np.quantile(scores, np.linspace(.02, .98, 97))
    return max(f1_score(truth, scores > c, average="macro") for c in cuts)


def report(rows, logits):
    col = {h: logits[:, i] for i, h in enumerate(HEADS)}
    src = np.array([r["source"] for r in rows])
    lab = lambda h: np.array([r["labels"].get(h, np.nan) for r in rows])
    out = {}
    e = src == "edos"
    out["edos macro-F1"] = best_f1(lab("edos")[e] > .5, col["edos"][e])
    for s in ["hatemoji"]:
        m = src == s
        out[f"{s} macro-F1"] = best_f1(lab("hatemoji")[m] > .5, col["hatemoji"][m])
    for h in ["harm", "hate", "harassment", "violence", "suicide-self-harm", "sexual-content", "child-sexual-exploitation", "crime", "toxicity", "direct", "indirect"]:
        y = lab(h); m = ~np.isnan(y)
        out[f"{h} auroc"] = roc_auc_score(y[m] > .5, col[h][m])
        out[f"{h} auprc"] = average_precision_score(y[m] > .5, col[h][m])
    for h in ["direct", "indirect"]:
        y = lab(h); neg = y < .2
        for fpr in [.01, .03]:
            cut = np.quantile(col[h][neg], 1 - fpr)
            out[f"{h} recall@{fpr}"] = float((col[h][y > .5] > cut).mean())
            for s in sorted(set(src[y > .5])):
                m = (src == s) & (y > .5)
                if fpr == .01: out[f"  {h} {s} n={m.sum()}"] = float((col[h][m] > cut).mean())
    return out
