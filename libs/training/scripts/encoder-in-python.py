"""Prints what Python makes of an encoder: vectors by sentence-transformers, logits by transformers, and peft for adapters.

python libs/training/scripts/encoder-in-python.py embed|classify FOLDER [BASE] < texts as JSON: [text or [text, text]]

With BASE, FOLDER is an adapter on it.
"""

import json
import sys

import torch

kind, folder = sys.argv[1:3]
base = sys.argv[3] if len(sys.argv) > 3 else None
texts = json.load(sys.stdin)
if kind == "embed":
    from sentence_transformers import SentenceTransformer

    print(json.dumps(SentenceTransformer(folder, device="cpu").encode(texts).tolist()))
else:
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base or folder)
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(base or folder, config=config, dtype=torch.float32)
    if base is not None:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, folder)
    out = []
    for text in texts:
        pair = text if isinstance(text, list) else [text]
        with torch.no_grad():
            out.append(model.eval()(**tokenizer(*pair, return_tensors="pt", truncation=True)).logits[0].tolist())
    print(json.dumps(out))
