"""Writes log-probabilities.json beside some of the model fixtures: greedy text of `transformers` with its log-probabilities.

Run with torch and transformers installed: python libs/training/scripts/make-log-probability-fixtures.py
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

MODELS = Path(__file__).parent.parent / "src" / "__fixtures__" / "models"
SHORT = [3, 14, 15, 9, 26]
# Its text grows beyond the 32 positions that the dynamic scaling begins with.
LONG = [(i * 7) % 61 for i in range(28)]
PROMPTS = {"llama": SHORT, "gpt2": SHORT, "llama-dynamic": LONG}
TOP = 3


def main():
    for name, prompt in PROMPTS.items():
        model = AutoModelForCausalLM.from_pretrained(MODELS / name, dtype=torch.float32).eval()
        made = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), max_new_tokens=12,
            do_sample=False, output_logits=True, return_dict_in_generate=True, pad_token_id=0,
        )
        tokens = []
        for token, logits in zip(made.sequences[0, len(prompt):].tolist(), made.logits):
            scores = logits[0].double().log_softmax(-1)
            values, ids = scores.topk(TOP)
            top = [{"id": i, "logprob": v} for i, v in zip(ids.tolist(), values.tolist())]
            tokens.append({"id": token, "logprob": scores[token].item(), "top": top})
        out = MODELS / name / "log-probabilities.json"
        out.write_text(json.dumps({"prompt": prompt, "tokens": tokens}) + "\n")


main()
