"""Makes src/__fixtures__/encoder: tiny BERT models, rows, and what PyTorch makes of them in 20 steps.

Run: python libs/training/scripts/make-encoder-fixtures.py (needs torch, transformers, tokenizers)
"""

import json
import shutil
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

OUT = Path(__file__).parent.parent / "src" / "__fixtures__" / "encoder"
STEPS, BATCH, RATE, LENGTH = 20, 3, 2e-3, 12
WORDS = "red green blue sky grass sea fire stone bird fish tree cloud is the a of why how what burns swims grows falls flies".split()
VOCAB = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *[f"##{end}" for end in ("s", "ing", "er")]]
LABELS = ["air", "earth", "water"]
POSITIVE = {"air": 2.0, "earth": 0.5, "water": 1.5}
WEIGHTS = {"air": 1.0, "earth": 3.0, "water": 0.5}


def make_tokenizer():
    tokenizer = Tokenizer(models.WordPiece({token: i for i, token in enumerate(VOCAB)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", sep_token="[SEP]", pad_token="[PAD]", cls_token="[CLS]",
        mask_token="[MASK]", model_max_length=LENGTH,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"])


def text(random, most):
    count = int(torch.randint(1, most, (1,), generator=random))
    return " ".join(WORDS[int(i)] for i in torch.randint(0, len(WORDS), (count,), generator=random))


def make_rows():
    random = torch.Generator().manual_seed(7)
    draw = lambda most: text(random, most)
    retrieval = [{"query": draw(5), "positive": draw(16), "negatives": [draw(9) for _ in range(n % 3)]} for n in range(7)]
    retrieval[4]["positive"] = retrieval[3]["positive"]
    lists = [{"query": draw(5), "positive": draw(16), "negatives": [draw(9) for _ in range(1 + n % 3)]} for n in range(7)]
    taught = [{**row, "scores": [round(float(torch.randn(1, generator=random)), 3) for _ in range(1 + len(row["negatives"]))]}
              for row in lists]
    judged = [{"text_a": draw(5), "text_b": draw(16), "label": [0, 1, 0.25, 1, 0][n % 5]} for n in range(7)]
    single = [{"text": draw(16), "label": LABELS[n * 5 % 3]} for n in range(7)]
    single[2]["text_pair"] = draw(5)
    several = [{"text": draw(16), "labels": [name for i, name in enumerate(LABELS) if (n >> i) & 1]} for n in range(7)]
    return {"retrieval": retrieval, "lists": lists, "taught": taught,
            "judged": judged, "single": single, "several": several}


def batch_of(tokenizer, texts, pairs=None):
    return tokenizer(texts, pairs, padding=True, truncation="longest_first", max_length=LENGTH, return_tensors="pt")


def vectors(model, tokenizer, texts, pooling):
    inputs = batch_of(tokenizer, texts)
    states = model(**inputs).last_hidden_state
    if pooling == "cls":
        return states[:, 0]
    mask = inputs["attention_mask"][..., None].float()
    return (states * mask).sum(1) / mask.sum(1)


def contrastive(model, tokenizer, rows, symmetric=False, dimensions=(None,)):
    candidates = [row["positive"] for row in rows] + [text for row in rows for text in row["negatives"]]
    queries = vectors(model, tokenizer, [row["query"] for row in rows], "mean")
    passages = vectors(model, tokenizer, candidates, "mean")
    apart = torch.tensor([[i != j and text == row["positive"] for j, text in enumerate(candidates)]
                          for i, row in enumerate(rows)])
    total = 0.0
    for size in dimensions:
        q, p = F.normalize(queries[:, :size], dim=-1), F.normalize(passages[:, :size], dim=-1)
        scores = (q @ p.T / 0.1).masked_fill(apart, float("-inf"))
        own = torch.arange(len(rows))
        loss = F.cross_entropy(scores, own, reduction="sum")
        if symmetric:
            loss = (loss + F.cross_entropy(scores[:, : len(rows)].T, own, reduction="sum")) / 2
        total = total + loss
    return total, len(rows)


def triplet(model, tokenizer, rows, distance):
    pooling = "cls" if distance == "euclidean" else "mean"
    queries = vectors(model, tokenizer, [row["query"] for row in rows], pooling)
    positives = vectors(model, tokenizer, [row["positive"] for row in rows], pooling)
    negatives = vectors(model, tokenizer, [text for row in rows for text in row["negatives"]], pooling)
    anchors = torch.tensor([n for n, row in enumerate(rows) for _ in row["negatives"]])
    if distance == "euclidean":
        near, far = F.pairwise_distance(queries, positives)[anchors], F.pairwise_distance(queries[anchors], negatives)
    else:
        near = (1 - F.cosine_similarity(queries, positives))[anchors]
        far = 1 - F.cosine_similarity(queries[anchors], negatives)
    losses = F.relu(near - far + (2.0 if distance == "euclidean" else 0.3))
    return losses.sum(), len(losses)


def scores_of(model, tokenizer, rows):
    texts = [(row["query"], text) for row in rows for text in [row["positive"], *row["negatives"]]]
    logits = model(**batch_of(tokenizer, [a for a, _ in texts], [b for _, b in texts])).logits[:, 0]
    return logits.split([1 + len(row["negatives"]) for row in rows])


def listwise(model, tokenizer, rows):
    losses = [-torch.log_softmax(scores, 0)[0] for scores in scores_of(model, tokenizer, rows)]
    return torch.stack(losses).sum(), len(rows)


def margin_error(model, tokenizer, rows):
    errors = []
    for row, scores in zip(rows, scores_of(model, tokenizer, rows)):
        teacher = torch.tensor(row["scores"])
        errors.append(((scores[0] - scores[1:]) - (teacher[0] - teacher[1:])) ** 2)
    errors = torch.cat(errors)
    return errors.sum(), len(errors)


def binary(model, tokenizer, rows):
    logits = model(**batch_of(tokenizer, [row["text_a"] for row in rows], [row["text_b"] for row in rows])).logits[:, 0]
    labels = torch.tensor([float(row["label"]) for row in rows])
    return F.binary_cross_entropy_with_logits(logits, labels, pos_weight=torch.tensor(2.0), reduction="sum"), len(rows)


def text_logits(model, tokenizer, rows):
    out = []
    for row in rows:
        pair = [row["text_pair"]] if "text_pair" in row else None
        out.append(model(**batch_of(tokenizer, [row["text"]], pair)).logits[0])
    return torch.stack(out)


def categorical(model, tokenizer, rows):
    weight = torch.tensor([WEIGHTS[name] for name in LABELS])
    labels = torch.tensor([LABELS.index(row["label"]) for row in rows])
    loss = F.cross_entropy(text_logits(model, tokenizer, rows), labels, weight=weight, reduction="sum")
    return loss, weight[labels].sum().item()


def several(model, tokenizer, rows):
    labels = torch.tensor([[float(name in row["labels"]) for name in LABELS] for row in rows])
    weight = torch.tensor([POSITIVE[name] for name in LABELS])
    logits = text_logits(model, tokenizer, rows)
    return F.binary_cross_entropy_with_logits(logits, labels, pos_weight=weight, reduction="sum"), labels.numel()


TASKS = {
    "contrastive": ("embedder", "retrieval", contrastive),
    "contrastive-symmetric": ("embedder", "retrieval", lambda *a: contrastive(*a, symmetric=True, dimensions=(6, 16))),
    "triplet-cosine": ("embedder", "lists", lambda *a: triplet(*a, "cosine")),
    "triplet-euclidean": ("embedder", "lists", lambda *a: triplet(*a, "euclidean")),
    "binary": ("scorer", "judged", binary),
    "listwise": ("scorer", "lists", listwise),
    "margin-mse": ("scorer", "taught", margin_error),
    "categorical": ("classifier", "single", categorical),
    "several": ("classifier", "several", several),
}


def load(name):
    kind = BertModel if name == "embedder" else BertForSequenceClassification
    return kind.from_pretrained(OUT / name, dtype=torch.float32).eval()


def curve(name, rows, tokenizer, accumulation):
    folder, kind, objective = TASKS[name]
    model = load(folder)
    used = [parameter for key, parameter in model.named_parameters() if folder != "embedder" or "pooler" not in key]
    optimizer = torch.optim.AdamW(used, lr=RATE, weight_decay=0.0)
    out, at = [], 0
    for _ in range(STEPS):
        total, units = 0.0, 0.0
        for _ in range(accumulation):
            batch = [rows[kind][(at + i) % len(rows[kind])] for i in range(BATCH)]
            at += BATCH
            part, count = objective(model, tokenizer, batch)
            total, units = total + part, units + count
        loss = total / units
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(used, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        out.append([loss.item(), norm.item()])
    return out


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    tokenizer = make_tokenizer()
    config = dict(vocab_size=len(VOCAB), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
                  max_position_embeddings=16, initializer_range=0.3)
    for seed, (name, labels) in enumerate([("embedder", None), ("scorer", ["LABEL_0"]), ("classifier", LABELS)]):
        torch.manual_seed(seed)
        if labels is None:
            model = BertModel(BertConfig(**config))
        else:
            model = BertForSequenceClassification(BertConfig(
                **config, id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)}))
        model.save_pretrained(OUT / name)
        tokenizer.save_pretrained(OUT / name)
    rows = make_rows()
    for name, list_of_rows in rows.items():
        (OUT / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in list_of_rows))
    curves = {name: curve(name, rows, tokenizer, 1) for name in TASKS}
    curves["contrastive-accumulated"] = curve("contrastive", rows, tokenizer, 2)
    curves["categorical-accumulated"] = curve("categorical", rows, tokenizer, 2)
    (OUT / "curves.json").write_text(json.dumps(curves))
    pairs = [("a red bird flies", None), ("why is the sky blue", "the sea is blue is the sky grows trees of fire and ice"),
             ("red green blue sky grass sea fire stone bird fish tree cloud is the", "why how what burns")]
    cut = [tokenizer(a, b, truncation="longest_first", max_length=LENGTH) for a, b in pairs]
    (OUT / "cut.json").write_text(json.dumps([
        {"text": a, "text_pair": b, "ids": row["input_ids"], "type_ids": row["token_type_ids"]}
        for (a, b), row in zip(pairs, cut)]))


main()
