"""Calibrates the trained tiers on the dev rows and writes the two model packages.

    python export_models.py --rows build/rows.jsonl --data ../../../../shared/data --fast build/fast --fast-package ../../models/guardrail-fast/model \
        [--encoder build/encoder --base ../../../../shared/models/minilm-l6-v2 --encoder-package ../../models/guardrail-encoder/model]
"""
import argparse, hashlib, json, os, random, shutil

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
from sklearn.linear_model import LogisticRegression

from build_data import CATEGORIES, HEADS
from dev_documents import document_windows, ordinary_prompts
from eval_dev import report
from features import shown
from spelling_words import write_words
from train_fast import largest, matrix, sentence_matrix

# The encoder's share in the log-odds of a head, where the dev rows of the public sets want another one than half.
BLEND = {"harm": .75, "hate": .8, "edos": .7, "hatemoji": .9, "davidson": .6}
HALF = .5
# What another head adds to a head's log-odds: who wraps a request for a crime into a story wants the model to forget its rules.
RAISES = {"direct": {"by": "crime", "weight": 1.0, "from": -3.0}}
DEFAULT = ["hate", "harassment", "violence", "suicide-self-harm", "sexual-content", "child-sexual-exploitation", "violent-crimes",
           "nonviolent-crimes", "sex-related-crimes", "indiscriminate-weapons"]
# False positives allowed: among texts that only look like the hazard (dev rows without it), among ordinary prompts, and among
# windows of documents. The strictest cut counts.
LOOK_ALIKE = {"direct": .02, "indirect": .03, "hate": .08, "harassment": .05}
USUAL_LOOK_ALIKE = .01
ORDINARY = {"direct": .006, "hate": .004, "harassment": .004, "nonviolent-crimes": .007, "indiscriminate-weapons": .005}
USUAL_ORDINARY = .003
IN_DOCUMENTS = {"direct": .01, "indirect": .012, "harassment": .015}
USUAL_IN_DOCUMENTS = .01
PROMPTS = ("arena-hard", "self-instruct", "gpteacher", "awesome-prompts", "eval-safety-benign", "own-trigger", "own-noise")


def overall(logits):
    return (logits[:, HEADS.index("harm")] + logits[:, [HEADS.index(c) for c in DEFAULT]].max(1)) / 2


def with_overall(logits):
    return {**{head: logits[:, i] for i, head in enumerate(HEADS)}, "overall": overall(logits)}


def scale_of(rows, logits, document_logits, prompt_logits):
    """Platt's scale of each head from the dev rows, and thresholds by the false positives allowed."""
    column, documents, prompts = with_overall(logits), with_overall(document_logits), with_overall(prompt_logits)
    is_prompt = np.array([r["source"].startswith(PROMPTS) for r in rows])
    calibration, thresholds = {}, {}
    for head in ["overall", *CATEGORIES, "direct", "indirect", "edos", "hatemoji", "toxicity"]:
        known = np.array([r["labels"].get("harm" if head == "overall" else head, np.nan) for r in rows])
        mask = ~np.isnan(known)
        truth = known[mask] > .5
        if truth.all() or not truth.any():
            # Too few dev rows to tell: the log-odds stand as they are, and the usual threshold.
            calibration[head], thresholds[head] = {"slope": 1.0, "offset": 0.0}, .5
            continue
        fit = LogisticRegression(C=10).fit(column[head][mask, None], truth)
        slope, offset = max(.05, float(fit.coef_[0, 0])), float(fit.intercept_[0])
        calibration[head] = {"slope": round(slope, 5), "offset": round(offset, 5)}
        cuts = [(column[head][mask][known[mask] < .2], LOOK_ALIKE.get(head, USUAL_LOOK_ALIKE)), (documents[head], IN_DOCUMENTS.get(head, USUAL_IN_DOCUMENTS))]
        # Instructions have their place in prompts.
        if head != "indirect": cuts += [(np.concatenate([prompts[head], column[head][is_prompt]]), ORDINARY.get(head, USUAL_ORDINARY))]
        cut = max(float(np.quantile(scores, 1 - allowed)) for scores, allowed in cuts)
        thresholds[head] = round(min(.99, max(.5, float(1 / (1 + np.exp(-(slope * cut + offset)))))), 6)
    return calibration, thresholds


def write_card(folder, card):
    names = sorted(n for n in os.listdir(folder) if n != "card.json")
    card["files"] = {}
    for name in names:
        data = open(f"{folder}/{name}", "rb").read()
        card["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    json.dump(card, open(f"{folder}/card.json", "w"), indent=2)
    open(f"{folder}/card.json", "a").write("\n")


def evaluation(figures, count):
    return [{"dataset": f"{count} dev rows of the training sets", "metric": k.strip(), "value": round(float(v), 3)} for k, v in figures.items() if not k.startswith("  ")]


def linear_logits(fast, texts):
    """Log-odds of the fast tier; `indirect` by sentence too, as it is judged."""
    weights = fast["weights"].astype(np.float32) * fast["scales"]
    logits, at = matrix(texts) @ weights + fast["bias"], HEADS.index("indirect")
    sentences, owner = sentence_matrix(texts)
    logits[:, at] = largest(logits[:, at], sentences @ weights[:, at] + fast["bias"][at], owner)
    return logits


def raised(logits):
    """The log-odds with what heads add to others."""
    found = logits.copy()
    for head, rule in RAISES.items(): found[:, HEADS.index(head)] += rule["weight"] * np.maximum(0, logits[:, HEADS.index(rule["by"])] - rule["from"])
    return found


def encoder_logits(folder, base, texts):
    """Logits of the int8 graph; kept beside it, since they take minutes and calibration is tried often."""
    model = open(f"{folder}/model.onnx", "rb").read()
    key = hashlib.sha256(model + json.dumps(texts).encode()).hexdigest()[:16]
    kept = f"{folder}/logits-{key}.npy"
    if os.path.exists(kept): return np.load(kept)
    import onnxruntime
    from transformers import AutoTokenizer
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options)
    ids = AutoTokenizer.from_pretrained(base)([shown(text) for text in texts], truncation=True, max_length=128)["input_ids"]
    # One text a call, as it ships: int8 activations are scaled by what is in the batch.
    found = [session.run(["logits"], {"input_ids": (one := np.array([row], np.int64)), "attention_mask": np.ones_like(one)})[0][0] for row in ids]
    np.save(kept, found)
    return np.array(found)


def main():
    parser = argparse.ArgumentParser()
    for name in ["rows", "data", "fast", "fast-package"]: parser.add_argument(f"--{name}", required=True)
    for name in ["encoder", "base", "encoder-package"]: parser.add_argument(f"--{name}")
    parser.add_argument("--dev-rows", type=int, default=1600)
    options = parser.parse_args()
    every = [json.loads(line) for line in open(options.rows, encoding="utf8")]
    rows = [r for r in every if r["split"] == "dev"]
    fast = np.load(f"{options.fast}/fast.npz")
    linear = lambda texts: linear_logits(fast, texts)
    documents, prompts = document_windows(options.data), ordinary_prompts(options.data)
    logits, document_logits, prompt_logits = linear([r["text"] for r in rows]), linear(documents), linear(prompts)
    calibration, thresholds = scale_of(rows, raised(logits), raised(document_logits), raised(prompt_logits))
    out = options.fast_package
    os.makedirs(out, exist_ok=True)
    fast["weights"].tofile(f"{out}/weights.bin")
    write_words(every, f"{out}/words.txt")
    json.dump({"heads": HEADS, "buckets": int(fast["weights"].shape[0]), "scales": [float(f"{s:.8g}") for s in fast["scales"]],
               "bias": [float(f"{b:.8g}") for b in fast["bias"]], "calibration": calibration, "thresholds": thresholds, "raises": RAISES, "spelling": "words.txt"}, open(f"{out}/config.json", "w"), indent=1)
    write_card(out, {"id": "guardrail-fast", "kind": "linear", "version": "1", "languages": ["en"], "licence": "Apache-2.0", "baseModel": "none", "evaluation": evaluation(report(rows, raised(logits)), len(rows))})
    if not options.encoder: return
    random.Random(1).shuffle(order := list(range(len(rows))))
    # The thin classes whole, the large ones in part.
    order = sorted(order[:options.dev_rows])
    chosen = [rows[i] for i in order]
    encoder = encoder_logits(options.encoder, options.base, [r["text"] for r in chosen])
    share = np.array([BLEND.get(head, HALF) for head in HEADS])
    blended = share * encoder + (1 - share) * logits[order]
    for name, values in [("fast", logits[order]), ("encoder", encoder), ("both", blended)]:
        print(name, json.dumps({k.strip(): round(float(v), 3) for k, v in report(chosen, raised(values)).items()}))
    blend = lambda texts, fast_logits: share * encoder_logits(options.encoder, options.base, texts) + (1 - share) * fast_logits
    calibration, thresholds = scale_of(chosen, raised(blended), raised(blend(documents, document_logits)), raised(blend(prompts, prompt_logits)))
    out = options.encoder_package
    os.makedirs(out, exist_ok=True)
    shutil.copy(f"{options.encoder}/model.onnx", f"{out}/model.onnx")
    shutil.copy(f"{options.base}/tokenizer.json", f"{out}/tokenizer.json")
    json.dump({"hidden_size": 384, "heads": HEADS, "blend": dict(zip(HEADS, share.tolist())), "calibration": calibration, "thresholds": thresholds, "raises": RAISES}, open(f"{out}/config.json", "w"), indent=1)
    write_card(out, {"id": "guardrail-encoder", "kind": "onnx", "version": "1", "maxTokens": 128, "languages": ["en"], "licence": "Apache-2.0",
                     "baseModel": "sentence-transformers/all-MiniLM-L6-v2", "evaluation": evaluation(report(chosen, raised(blended)), len(chosen))})


if __name__ == "__main__":
    main()
