"""Prints the logits of a model folder, and of an adapter on it, by `transformers` and `peft`.

python libs/training/scripts/logits-in-python.py MODEL 1,2,3 [ADAPTER]
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
if len(sys.argv) > 3:
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, sys.argv[3])
ids = [int(part) for part in sys.argv[2].split(",")]
with torch.no_grad():
    logits = model.eval()(torch.tensor([ids])).logits[0]
print(json.dumps(logits.tolist()))
