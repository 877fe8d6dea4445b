"""Makes the tiny random models in src/__fixtures__/models and what `transformers` computes with them.

Run with torch, transformers and peft installed: python libs/training/scripts/make-model-fixtures.py
"""

import json
import shutil
from pathlib import Path

import torch
from transformers import (
    BertConfig, BertModel, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM,
    MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM,
)

OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "models"
COMMON = dict(
    vocab_size=61, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=32, initializer_range=0.3,
)
SCALINGS = {
    "linear": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0},
    "dynamic": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0},
    "llama3": {
        "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 16, "rope_theta": 500.0,
    },
    "yarn": {
        "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "rope_theta": 500.0,
    },
}
IDS = [[int(x) for x in torch.randint(0, 61, (n,), generator=torch.Generator().manual_seed(n))] for n in (1, 9, 30)]


def models():
    yield "gpt2", GPT2LMHeadModel(GPT2Config(
        vocab_size=61, n_embd=24, n_layer=2, n_head=4, n_positions=32, initializer_range=0.3)), None
    yield "llama", LlamaForCausalLM(LlamaConfig(**COMMON, tie_word_embeddings=False)), None
    yield "llama-tied-bf16", LlamaForCausalLM(LlamaConfig(**COMMON, tie_word_embeddings=True)), torch.bfloat16
    yield "mistral-f16", MistralForCausalLM(MistralConfig(**COMMON, head_dim=8, sliding_window=5)), torch.float16
    yield "qwen2", Qwen2ForCausalLM(Qwen2Config(**COMMON)), None
    yield "qwen3", Qwen3ForCausalLM(Qwen3Config(**COMMON, head_dim=8)), None
    for name, scaling in SCALINGS.items():
        yield f"llama-{name}", LlamaForCausalLM(LlamaConfig(**COMMON, rope_parameters=scaling)), None


def randomise(model):
    """Norms and biases away from one and zero, so that a mistake in them shows."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    for number, (name, model, dtype) in enumerate(models()):
        torch.manual_seed(number)
        model.apply(model._init_weights) if hasattr(model, "_init_weights") else None
        randomise(model)
        folder = OUT / name
        stored = model.to(dtype) if dtype else model
        stored.save_pretrained(folder, max_shard_size="20KB" if name == "llama" else "1GB")
        # Loaded anew: casting the module back would leave its rotary buffers rounded.
        model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
        expected = []
        for ids in IDS:
            with torch.no_grad():
                logits = model(torch.tensor([ids])).logits[0]
            expected.append({"ids": ids, "logits": [[round(v, 6) for v in row] for row in logits.tolist()]})
        generated = model.generate(
            torch.tensor([IDS[1]]), max_new_tokens=20, do_sample=False, eos_token_id=None, pad_token_id=0)[0]
        (folder / "expected.json").write_text(json.dumps({"logits": expected, "generated": generated.tolist()}))
    torch.manual_seed(99)
    bert = BertModel(BertConfig(
        vocab_size=61, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=32, initializer_range=0.3)).eval()
    randomise(bert)
    bert.save_pretrained(OUT / "bert")
    rows = []
    for ids in IDS:
        types = [int(i > len(ids) // 2) for i in range(len(ids))]
        with torch.no_grad():
            states = bert(torch.tensor([ids]), token_type_ids=torch.tensor([types])).last_hidden_state[0]
        rows.append({"ids": ids, "type_ids": types, "states": [[round(v, 6) for v in row] for row in states.tolist()]})
    (OUT / "bert" / "expected.json").write_text(json.dumps(rows))
    for path in OUT.rglob("generation_config.json"):
        path.unlink()


main()
