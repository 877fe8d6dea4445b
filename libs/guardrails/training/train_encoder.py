"""Fine-tunes the encoder with one head per hazard and per source, and exports an int8 ONNX graph.

    python train_encoder.py --rows build/rows.jsonl --base ../../../../shared/models/minilm-l6-v2 --out build/encoder

Inputs of the graph: `input_ids`, `attention_mask` int64 [batch, sequence]. Output: `logits` f32 [batch, heads].
"""
import argparse, json, os, random, time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from augment import augment
from build_data import HEADS
from features import shown

# Rows of a large source that one pass takes at most, and how often it takes the sources that need more.
LIMITS = {"davidson": 2200, "toxic-spans": 2200, "perspective": 1300, "ailuminate": 1300, "gpteacher-codegen": 450, "gpteacher-codegen-answers": 200, "gpteacher-roleplay": 900, "gpteacher-roleplay-answers": 250,
          "in-the-wild": 700, "jbb-PAIR": 300, "jbb-prompt_with_random_search": 120, "clean-answers-roleplay": 450, "clean-answers-codegen": 250, "clean-bipia-table": 250, "own-families": 1700, "own-attacks": 700,
          "own-balance": 1600, "own-balance-hostile": 1400, "own-further-hate": 1500, "own-further-hate-benign": 1700, "own-trigger-frames": 700, "own-questions": 1600, "clean-own-prose": 600, "clean-own-software": 650, "clean-own-mail": 500,
          "planted-user-task-in-own": 600, "planted-own-family-in-own": 600, "planted-bipia-attacks-in-own": 400, "planted-own-planted-in-own": 300, "planted-own-attacks-in-own": 250,
          "planted-own-family-in-answers": 300, "planted-user-task-in-answers": 300, "planted-bipia-attacks-in-answers": 200, "planted-own-planted-in-answers": 150, "planted-own-attacks-in-answers": 150}
REPEATS = {"hatemoji": 2}
AVERAGED, AVERAGE = 4, .96
WEIGHTS = {"harm": 2.0, "hate": 2.0, "direct": 2.5, "indirect": 2.5, "sexual-content": 1.5, "violence": 1.5, "edos": 1.5, "crime": .7, "davidson": .5,
           "specialized-advice": .5, "intellectual-property": .5, "defamation": .5}


class Classifier(torch.nn.Module):
    def __init__(self, base):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, dtype=torch.float32, attn_implementation="sdpa", add_pooling_layer=False)
        self.dropout = torch.nn.Dropout(.1)
        self.heads = torch.nn.Linear(self.encoder.config.hidden_size, len(HEADS))

    def forward(self, input_ids, attention_mask):
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return self.heads(self.dropout((states * mask).sum(1) / mask.sum(1).clamp(min=1)))


def select(rows, rng, limits=LIMITS, repeats=REPEATS):
    by_source = {}
    for row in rows: by_source.setdefault(row["source"], []).append(row)
    chosen = []
    for source, group in sorted(by_source.items()):
        chosen += rng.sample(group, min(limits.get(source, len(group)), len(group))) * repeats.get(source, 1)
    return chosen


def label_arrays(rows):
    target = np.zeros((len(rows), len(HEADS)), np.float32)
    weight = np.zeros_like(target)
    for i, row in enumerate(rows):
        for name, value in row["labels"].items():
            j = HEADS.index(name)
            target[i, j], weight[i, j] = value, WEIGHTS.get(name, 1.0)
    return target, weight


def batches(lengths, size_tokens, rng):
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 6)
    groups, current = [], []
    for i in order:
        current.append(i)
        if len(current) * lengths[i] >= size_tokens or len(current) == 48:
            groups.append(current)
            current = []
    if current: groups.append(current)
    rng.shuffle(groups)
    return groups


def padded(ids):
    width = max(map(len, ids))
    tokens = torch.zeros(len(ids), width, dtype=torch.long)
    mask = torch.zeros(len(ids), width, dtype=torch.long)
    for i, row in enumerate(ids):
        tokens[i, :len(row)] = torch.tensor(row)
        mask[i, :len(row)] = 1
    return tokens, mask


def main():
    parser = argparse.ArgumentParser()
    for name in ["rows", "base", "out"]: parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--epochs", type=int, default=2), parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--frozen-layers", type=int, default=3), parser.add_argument("--max-tokens", type=int, default=80), parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1 << 30, help="end after so many steps of the schedule; a file OUT.stop ends it too, and the steps are then printed")
    parser.add_argument("--float32", action="store_true", help="without bfloat16, where the processor has no matrix unit for it")
    parser.add_argument("--leave-out", default="", help="sources, by the beginnings of their names, with commas")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    rows = [json.loads(line) for line in open(options.rows, encoding="utf8")]
    left_out = tuple(name for name in options.leave_out.split(",") if name)
    usable = [r for r in rows if r["split"] == "train" and not (left_out and r["source"].startswith(left_out))]
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = Classifier(options.base)
    for part in [model.encoder.embeddings, *model.encoder.encoder.layer[:options.frozen_layers]]:
        for parameter in part.parameters(): parameter.requires_grad = False
    head_names = {id(p) for p in model.heads.parameters()}
    optimizer = torch.optim.AdamW([{"params": [p for p in model.parameters() if p.requires_grad and id(p) not in head_names], "lr": options.lr},
                                   {"params": list(model.heads.parameters()), "lr": 2e-3}], weight_decay=.01)
    base_rates = [group["lr"] for group in optimizer.param_groups]
    encode = lambda texts: tokenizer([shown(text) for text in texts], truncation=True, max_length=options.max_tokens, padding=False)["input_ids"]
    plans = []
    for _ in range(options.epochs):
        # Each pass takes other rows of the large sources.
        chosen = select(usable, rng)
        ids = encode([augment(r["text"], rng) if rng.random() < .25 else r["text"] for r in chosen])
        plans.append((ids, label_arrays(chosen), batches([len(i) for i in ids], 1600, rng)))
    total = sum(len(groups) for _, _, groups in plans)
    print(f"{len(usable)} rows, {sum(len(ids) for ids, _, _ in plans)} taken, {sum(map(sum, [map(len, ids) for ids, _, _ in plans]))} tokens, {total} steps", flush=True)
    step, started, running = 0, time.time(), 0.0
    model.train()
    average = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    for ids, (target, weight), groups in plans:
        for group in groups:
            if step >= options.steps or os.path.exists(f"{options.out}.stop"): break
            rate = min(1.0, (step + 1) / 60) * max(.1, 1 - step / total)
            for g, base in zip(optimizer.param_groups, base_rates): g["lr"] = base * rate
            tokens, mask = padded([ids[i] for i in group])
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not options.float32):
                logits = model(tokens, mask)
            logits = logits.float()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(target[group]), weight=torch.from_numpy(weight[group]), reduction="sum") / float(max(1.0, weight[group].sum()))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            running = .98 * running + .02 * loss.item() if step else loss.item()
            step += 1
            if step % AVERAGED == 0:
                # The mean of the last weights is what a slower end of the schedule would give; it is good at any step.
                with torch.no_grad():
                    for name, p in model.named_parameters():
                        if name in average: average[name].lerp_(p, max(1 - AVERAGE, AVERAGED / step))
            if step % 25 == 0:
                print(f"step {step}/{total} loss {running:.4f} wall {time.time() - started:.0f}s cpu {time.process_time():.0f}s", flush=True)
                if step % 200 == 0: torch.save(average, f"{options.out}.part")
    print(f"{step} steps", flush=True)
    model.load_state_dict(average, strict=False)
    os.makedirs(options.out, exist_ok=True)
    model.eval()
    torch.save(model.state_dict(), f"{options.out}/model.pt")
    export(model, options.out)


def export(model, out):
    from onnxruntime.quantization import QuantType, quantize_dynamic
    example = (torch.ones(1, 8, dtype=torch.long), torch.ones(1, 8, dtype=torch.long))
    axes = {"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "sequence"}, "logits": {0: "batch"}}
    torch.onnx.export(model, example, f"{out}/float.onnx", input_names=["input_ids", "attention_mask"], output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
    quantize_dynamic(f"{out}/float.onnx", f"{out}/model.onnx", per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"])
    print(json.dumps({"float": os.path.getsize(f"{out}/float.onnx"), "int8": os.path.getsize(f"{out}/model.onnx")}), flush=True)


if __name__ == "__main__":
    main()
