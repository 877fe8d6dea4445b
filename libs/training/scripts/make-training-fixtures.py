"""Makes src/__fixtures__/training: loss curves of PyTorch, and adapters with the logits of `peft`.

Run after make-model-fixtures.py: python libs/training/scripts/make-training-fixtures.py
"""

import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, get_scheduler

ROOT = Path(__file__).parent.parent / "src" / "__fixtures__"
OUT = ROOT / "training"
STEPS, BATCH, ACCUMULATION = 100, 2, 2


def rows():
    random = torch.Generator().manual_seed(5)
    out = []
    for n in range(10):
        length = int(torch.randint(4, 30, (1,), generator=random))
        # A pattern that can be learned: counting up from a random start.
        start = int(torch.randint(0, 61, (1,), generator=random))
        ids = [(start + i * (n % 3 + 1)) % 61 for i in range(length)]
        out.append({"prompt_ids": ids[:3], "completion_ids": ids[3:]})
    return out


def groups(model):
    named = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in named if p.dim() >= 2], "weight_decay": 0.1},
        {"params": [p for p in named if p.dim() < 2], "weight_decay": 0.0},
    ]


def curve(model, data, completion_only):
    """Stepped row by row, with the mean over all scored tokens of the accumulated batch."""
    optimizer = torch.optim.AdamW(groups(model), lr=3e-3, betas=(0.9, 0.95), eps=1e-8)
    schedule = get_scheduler("cosine", optimizer, num_warmup_steps=5, num_training_steps=STEPS)
    out, at = [], 0
    for _ in range(STEPS):
        total, scored = 0.0, 0
        for _ in range(BATCH * ACCUMULATION):
            row = data[at % len(data)]
            at += 1
            ids = torch.tensor([row["prompt_ids"] + row["completion_ids"]])
            labels = ids.clone()
            if completion_only:
                labels[:, : len(row["prompt_ids"])] = -100
            logits = model(ids).logits[:, :-1]
            total = total + torch.nn.functional.cross_entropy(
                logits.reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=-100, reduction="sum")
            scored += int((labels[:, 1:] != -100).sum())
        loss = total / scored
        rate = optimizer.param_groups[0]["lr"]
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        out.append([loss.item(), rate, norm.item()])
    return out


ADAPTERS = {
    "lora": ("llama", dict(r=4, lora_alpha=8, target_modules="all-linear")),
    "rslora-pattern": ("qwen2", dict(
        r=4, lora_alpha=8, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"],
        rank_pattern={"v_proj": 2}, alpha_pattern={"layers.0.self_attn.q_proj": 3})),
    "dora": ("llama", dict(r=3, lora_alpha=6, use_dora=True, target_modules=["q_proj", "o_proj", "up_proj"])),
    "gpt2": ("gpt2", dict(r=2, lora_alpha=4, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True)),
    "saved-head": ("llama", dict(r=2, lora_alpha=4, target_modules=["q_proj"], modules_to_save=["lm_head"])),
}


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    data = rows()
    (OUT / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in data))
    curves = {}
    for name in ("llama", "gpt2"):
        model = AutoModelForCausalLM.from_pretrained(ROOT / "models" / name, dtype=torch.float32)
        model.eval()
        curves[name] = curve(model, data, completion_only=name == "llama")
    for number, (name, (base, config)) in enumerate(ADAPTERS.items()):
        torch.manual_seed(number)
        model = AutoModelForCausalLM.from_pretrained(ROOT / "models" / base, dtype=torch.float32)
        model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **config)).eval()
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if "lora_" in key or "modules_to_save" in key:
                    parameter.add_(torch.randn_like(parameter) * 0.1)
        folder = OUT / "adapters" / name
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        config_file = folder / "adapter_config.json"
        written = json.loads(config_file.read_text())
        config_file.write_text(json.dumps({**written, "base_model_name_or_path": base}, indent=2) + "\n")
        ids = [3, 14, 15, 9, 26, 53, 58, 9]
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        (folder / "expected.json").write_text(json.dumps(
            {"base": base, "ids": ids, "logits": [[round(v, 6) for v in row] for row in logits.tolist()]}))
        if name in ("lora", "dora"):
            curves[name] = curve(model, data, completion_only=True)
    (OUT / "curves.json").write_text(json.dumps(curves))


main()
