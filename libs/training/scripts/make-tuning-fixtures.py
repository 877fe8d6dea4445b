"""Makes src/__fixtures__/tuning: preference tuning in PyTorch, and a chat model with masks of the assistant's tokens.

Run after make-model-fixtures.py: python libs/training/scripts/make-tuning-fixtures.py
"""

import json
import shutil
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

ROOT = Path(__file__).parent.parent / "src" / "__fixtures__"
OUT = ROOT / "tuning"
STEPS, BATCH, ACCUMULATION, RATE, BETA = 20, 2, 2, 2e-3, 0.3
WANTED, UNWANTED = 1.0, 1.5


def draw_ids(random, least, most):
    length = int(torch.randint(least, most, (1,), generator=random))
    return torch.randint(0, 61, (length,), generator=random).tolist()


def make_pairs():
    random = torch.Generator().manual_seed(11)
    return [
        {"prompt_ids": draw_ids(random, 2, 6), "chosen_ids": draw_ids(random, 2, 9), "rejected_ids": draw_ids(random, 2, 9)}
        for _ in range(6)
    ]


def make_rated():
    random = torch.Generator().manual_seed(12)
    return [
        {"prompt_ids": draw_ids(random, 2, 6), "completion_ids": draw_ids(random, 2, 9), "label": n % 3 != 0}
        for n in range(6)
    ]


def token_scores(model, ids):
    logits = model(torch.tensor([ids])).logits[0, :-1]
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]


def answer_scores(model, prompt, answer):
    """Log-probabilities of the answer's tokens."""
    return token_scores(model, prompt + answer)[len(prompt) - 1 :]


def dpo_loss(model, reference, batch):
    losses, margins = [], []
    for row in batch:
        gain = [
            answer_scores(model, row["prompt_ids"], row[key]).sum()
            - answer_scores(reference, row["prompt_ids"], row[key]).sum().detach()
            for key in ("chosen_ids", "rejected_ids")
        ]
        margins.append(BETA * (gain[0] - gain[1]))
        losses.append(-F.logsigmoid(margins[-1]))
    return losses, torch.stack(margins).mean().item()


def log1mexp(x):
    return torch.where(x > -0.6931472, torch.log(-torch.expm1(x)), torch.log1p(-torch.exp(x)))


def orpo_loss(model, batch, scores_all):
    """The cross-entropy is over the batch's tokens, so it is given back apart."""
    likelihood, tokens, preferences, margins = 0.0, 0, [], []
    for row in batch:
        prompt, chosen, rejected = row["prompt_ids"], row["chosen_ids"], row["rejected_ids"]
        a = answer_scores(model, prompt, chosen).mean()
        b = answer_scores(model, prompt, rejected).mean()
        odds = (a - b) - (log1mexp(a) - log1mexp(b))
        preferences.append(-BETA * F.logsigmoid(odds))
        margins.append(BETA * (a - b))
        learned = token_scores(model, prompt + chosen) if scores_all else answer_scores(model, prompt, chosen)
        likelihood = likelihood - learned.sum()
        tokens += len(learned)
    return likelihood, tokens, preferences, torch.stack(margins).mean().item()


def kto_loss(model, reference, batch):
    """Mismatched answers: each prompt with the answer of the row before it in the batch."""
    with torch.no_grad():
        gains = [
            answer_scores(model, row["prompt_ids"], batch[n - 1]["completion_ids"]).sum()
            - answer_scores(reference, row["prompt_ids"], batch[n - 1]["completion_ids"]).sum()
            for n, row in enumerate(batch)
        ]
        divergence = torch.stack(gains).mean().clamp(min=0)
    losses = []
    for row in batch:
        gain = (
            answer_scores(model, row["prompt_ids"], row["completion_ids"]).sum()
            - answer_scores(reference, row["prompt_ids"], row["completion_ids"]).sum().detach()
        )
        if row["label"]:
            losses.append(WANTED * (1 - torch.sigmoid(BETA * (gain - divergence))))
        else:
            losses.append(UNWANTED * (1 - torch.sigmoid(BETA * (divergence - gain))))
    return losses


def load():
    return AutoModelForCausalLM.from_pretrained(ROOT / "models" / "llama", dtype=torch.float32).eval()


def curve(kind, rows, scores_all=False):
    model, reference = load(), load()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.0)
    out, at = [], 0
    for _ in range(STEPS):
        losses, likelihood, tokens, margins = [], 0.0, 0, []
        for _ in range(ACCUMULATION):
            batch = [rows[(at + i) % len(rows)] for i in range(BATCH)]
            at += BATCH
            if kind == "dpo":
                found, margin = dpo_loss(model, reference, batch)
                margins.append(margin)
            elif kind == "orpo":
                part, count, found, margin = orpo_loss(model, batch, scores_all)
                likelihood, tokens = likelihood + part, tokens + count
                margins.append(margin)
            else:
                found = kto_loss(model, reference, batch)
            losses += found
        loss = torch.stack(losses).mean() + (likelihood / tokens if tokens else 0.0)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        out.append([loss.item(), norm.item(), sum(margins) / len(margins) if margins else None])
    return out


CHATS = [
    {"messages": [{"role": "user", "content": "What is 2 + 2?"}, {"role": "assistant", "content": "It is 4."}]},
    {"messages": [
        {"role": "system", "content": "Answer in one word."},
        {"role": "user", "content": "Färbe ☃ ein"}, {"role": "assistant", "content": " weiß ☃\n"},
        {"role": "user", "content": "Again."}, {"role": "assistant", "content": "weiß"}]},
    {"messages": [{"role": "user", "content": "hm"}, {"role": "assistant", "content": ""}]},
]
HEAD = "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' }}"
TAIL = "{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
MARKED = (
    HEAD + "{% if message.role == 'assistant' %}{% generation %}{{ message.content + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ message.content + '<|im_end|>' }}{% endif %}" + TAIL
)
UNMARKED = HEAD + "{{ message.content + '<|im_end|>' }}" + TAIL


def make_chat():
    folder = OUT / "chat"
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = [message["content"] + " " + message["role"] for chat in CHATS for message in chat["messages"]]
    tokenizer.train_from_iterator(texts * 20, trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>")
    fast.chat_template = MARKED
    torch.manual_seed(3)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=300, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=128, tie_word_embeddings=True, initializer_range=0.2))
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    fast.save_pretrained(folder)
    (OUT / "unmarked.jinja").write_text(UNMARKED)
    (OUT / "chats.jsonl").write_text("".join(json.dumps(chat, ensure_ascii=False) + "\n" for chat in CHATS))
    expected = []
    for chat in CHATS:
        got = fast.apply_chat_template(
            chat["messages"], tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
        expected.append({"ids": got["input_ids"], "mask": got["assistant_masks"]})
    # Each row of file order, epoch after epoch, in steps of two rows.
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for step in range(6):
        total, scored = 0.0, 0
        for i in range(2):
            row = expected[(2 * step + i) % len(expected)]
            mask = torch.tensor(row["mask"][1:], dtype=torch.float32)
            total = total - (token_scores(model, row["ids"]) * mask).sum()
            scored += int(mask.sum())
        loss = total / scored
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    (OUT / "chat-expected.json").write_text(json.dumps({"rows": expected, "losses": losses}))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    pairs, rated = make_pairs(), make_rated()
    (OUT / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in pairs))
    (OUT / "rated.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rated))
    (OUT / "curves.json").write_text(json.dumps({
        "dpo": curve("dpo", pairs),
        "orpo": curve("orpo", pairs, scores_all=True),
        "orpo-completion": curve("orpo", pairs),
        "kto": curve("kto", rated),
    }))
    make_chat()


main()
