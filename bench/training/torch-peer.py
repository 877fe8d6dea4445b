"""The peer of bench/training/run.mjs: PyTorch eager on one thread. Prints one JSON document.

  torch-peer.py gpt --data input.txt --steps 200 [--seed 1] [--evaluate]
  torch-peer.py lora --model FOLDER --rows rows.json --steps 40 --full 0|1
"""

import argparse
import json
import math
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
LAYERS, HEADS, WIDTH, LENGTH, BATCH = 4, 4, 128, 64, 12


class Block(nn.Module):
    """A pre-norm block with nanoGPT's fused attention and no biases."""

    def __init__(self):
        super().__init__()
        self.norm_a = nn.LayerNorm(WIDTH, bias=False)
        self.joined = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.norm_b = nn.LayerNorm(WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = (
            part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.joined(self.norm_a(x)).split(WIDTH, dim=2)
        )
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm_b(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, bias=False)
        self.apply(self.initialise)
        for name, parameter in self.named_parameters():
            if name.endswith(("out.weight", "down.weight")):
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * LAYERS))

    @staticmethod
    def initialise(module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)

    def forward(self, ids, targets):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.tokens.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


def gpt(options):
    torch.manual_seed(options.seed)
    text = open(options.data, encoding="utf8").read()
    ids_of = {character: n for n, character in enumerate(sorted(set(text)))}
    ids = torch.tensor([ids_of[character] for character in text])
    cut = int(0.9 * len(ids))
    parts = {"train": ids[:cut], "validation": ids[cut:]}

    def draw(part):
        starts = torch.randint(len(parts[part]) - LENGTH, (BATCH,))
        rows = torch.stack([parts[part][at : at + LENGTH + 1] for at in starts])
        return rows[:, :-1], rows[:, 1:]

    model = Gpt(len(ids_of))
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.99))
    total, warmup = 2000, 100

    def rate(step):
        if step < warmup:
            return 1e-3 * (step + 1) / (warmup + 1)
        share = (step - warmup) / (total - warmup)
        return 1e-4 + 0.5 * (1 + math.cos(math.pi * share)) * 9e-4

    def train(first, last):
        for step in range(first, last):
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
            loss = model(*draw("train"))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

    warm = min(20, options.steps)
    train(0, warm)
    cpu, wall = time.process_time(), time.perf_counter()
    train(warm, options.steps)
    count = max(1, options.steps - warm)
    result = {"cpu_per_step": (time.process_time() - cpu) / count, "wall_per_step": (time.perf_counter() - wall) / count}
    if options.evaluate:
        model.eval()
        with torch.no_grad():
            result["validation"] = sum(model(*draw("validation")).item() for _ in range(200)) / 200
    print(json.dumps(result))


def lora(options):
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    if not options.full:
        model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=8, lora_alpha=16, target_modules="all-linear"))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=options.rate, weight_decay=0.0)
    batches = json.load(open(options.rows))
    times, losses = [], []
    for step in range(options.steps):
        cpu = time.process_time()
        ids = torch.tensor(batches[step % len(batches)])
        loss = F.cross_entropy(
            model(input_ids=ids).logits[:, :-1].reshape(-1, model.config.vocab_size), ids[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        times.append(time.process_time() - cpu)
        losses.append(loss.item())
    warm = min(5, options.steps - 1)
    print(json.dumps({"cpu_per_step": sum(times[warm:]) / len(times[warm:]), "losses": losses}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["gpt", "lora"])
    parser.add_argument("--data")
    parser.add_argument("--model")
    parser.add_argument("--rows")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--evaluate", action="store_true")
    options = parser.parse_args()
    {"gpt": gpt, "lora": lora}[options.what](options)


main()
