"""Writes src/__fixtures__/sampling.json: probabilities after the logits processors of `transformers`.

Run with torch and transformers installed: python libs/training/scripts/make-sampling-fixtures.py
"""

import json
from pathlib import Path

import torch
from transformers import (
    MinPLogitsWarper, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper,
)

OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "sampling.json"
CASES = [
    {"temperature": 1.0}, {"temperature": 0.5}, {"temperature": 1.7, "topK": 5}, {"temperature": 1.0, "topP": 0.8},
    {"temperature": 1.0, "minP": 0.15}, {"temperature": 0.8, "topK": 12, "topP": 0.9, "minP": 0.05},
    {"temperature": 1.0, "repetitionPenalty": 1.3}, {"temperature": 1.0, "topK": 1}, {"temperature": 2.5, "topP": 0.01},
]
PROCESSORS = [
    ("repetitionPenalty", RepetitionPenaltyLogitsProcessor), ("temperature", TemperatureLogitsWarper),
    ("topK", TopKLogitsWarper), ("topP", TopPLogitsWarper), ("minP", MinPLogitsWarper),
]


def main():
    torch.manual_seed(4)
    logits = torch.randn(1, 24) * 2
    history = [3, 7, 7, 19, 0]
    cases = []
    for options in CASES:
        scores = logits.clone().double()
        for name, kind in PROCESSORS:
            if name in options:
                scores = kind(options[name])(torch.tensor([history]), scores)
        cases.append({"options": options, "probabilities": scores.softmax(-1)[0].tolist()})
    OUT.write_text(json.dumps({"logits": logits[0].tolist(), "history": history, "cases": cases}) + "\n")


main()
