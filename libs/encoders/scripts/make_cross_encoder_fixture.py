"""Writes two tiny cross-encoders with random weights, and what transformers makes of pairs of texts.

    pip install torch==2.15.0 transformers==5.24.0 onnx==1.23.2 tokenizers==0.23.3
    python scripts/make_cross_encoder_fixture.py src/__fixtures__/cross-encoders

`bert`: WordPiece, token types, one label. `roberta`: byte-level BPE, no token types, two labels.
"""

import json
import os
import sys

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
)

OUT = sys.argv[1]
TEXTS = [
    "To change a bicycle tyre, take the wheel off first.",
    "The moon has no air.",
    "Bread needs yeast, flour, water and time.",
    "",
    "A wheel is held by an axle. " * 12,
]
QUERIES = ["How do I change a bicycle tyre?", "moon", "wheel " * 40]
MAX_TOKENS = 48


def bert_tokenizer():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special)
    tokenizer.train_from_iterator(TEXTS + QUERIES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer, dict(unk_token="[UNK]", sep_token="[SEP]", pad_token="[PAD]", cls_token="[CLS]")


def roberta_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(
        vocab_size=340, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(TEXTS + QUERIES, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer, dict(unk_token="<unk>", sep_token="</s>", pad_token="<pad>", cls_token="<s>")


def write(name, tokenizer, tokens, model):
    folder = os.path.join(OUT, name)
    os.makedirs(folder, exist_ok=True)
    # Larger than at random, so that pairs differ by more than rounding.
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(8)
    model.eval()
    tokenizer.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    model.config.save_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **tokens)
    takes_types = name == "bert"
    inputs = ["input_ids", "attention_mask"] + (["token_type_ids"] if takes_types else [])
    example = fast("a", "b", return_tensors="pt", return_token_type_ids=takes_types)
    axes = {each: {0: "batch", 1: "length"} for each in inputs}
    torch.onnx.export(
        model,
        tuple(example[each] for each in inputs) if takes_types else (example["input_ids"], example["attention_mask"]),
        os.path.join(folder, "model.onnx"),
        input_names=inputs,
        output_names=["logits"],
        dynamic_axes={**axes, "logits": {0: "batch"}},
        dynamo=False,
    )
    cases = []
    for query in QUERIES:
        for text in TEXTS:
            batch = fast(
                [query], [text], truncation="longest_first", max_length=MAX_TOKENS,
                return_tensors="pt", return_token_type_ids=takes_types,
            )
            with torch.no_grad():
                logits = model(**batch).logits[0].tolist()
            cases.append({"query": query, "text": text, "ids": batch["input_ids"][0].tolist(), "logits": logits})
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump({"maxTokens": MAX_TOKENS, "cases": cases}, file)
        file.write("\n")


torch.manual_seed(20260101)
sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
tokenizer, tokens = bert_tokenizer()
config = BertConfig(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=64, num_labels=1, **sizes)
write("bert", tokenizer, tokens, BertForSequenceClassification(config))
tokenizer, tokens = roberta_tokenizer()
config = RobertaConfig(
    vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=66, num_labels=2,
    bos_token_id=0, pad_token_id=1, eos_token_id=2, type_vocab_size=1, **sizes,
)
write("roberta", tokenizer, tokens, RobertaForSequenceClassification(config))
