"""Writes src/__fixtures__/bpe: a corpus, and the tokens that the `tokenizers` library learns from it.

The corpus is the Apache licence of this repository and seeded nonsense. Run with tokenizers installed:
python libs/encoders/scripts/make_bpe_fixtures.py
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

PACKAGE = Path(__file__).parents[1]
OUT = PACKAGE / "src" / "__fixtures__" / "bpe"
SPECIAL = ["<unk>", "<s>", "</s>"]


def corpus():
    """Ties, repeated letters, several scripts, odd spaces, and words that can be put together in several ways."""
    draw = random.Random(3)
    lines = (PACKAGE.parents[1] / "LICENSE").read_text("utf8").splitlines()[:120]
    alphabets = ["ab", "abc", "aàâ", "日本語", "шщъ", "0123", "👋🙂", "_-."]
    for _ in range(400):
        words = ["".join(draw.choices(draw.choice(alphabets), k=draw.randint(1, 9))) for _ in range(draw.randint(1, 8))]
        lines.append(draw.choice([" ", "  ", "\t", " \u00a0"]).join(words))
    return [line + "\n" for line in lines]


def trained(kind, lines, size, frequency):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>" if kind == "plain" else None))
    alphabet = []
    if kind == "plain":
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.post_processor = processors.ByteLevel()
        tokenizer.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=frequency, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {
        "kind": kind, "size": size, "frequency": frequency, "vocab": model["vocab"], "merges": model["merges"],
        "encoded": [tokenizer.encode(line).ids for line in lines[::40]],
    }


def main():
    lines = corpus()
    OUT.mkdir(exist_ok=True)
    (OUT / "corpus.txt").write_text("".join(lines), "utf8")
    cases = [trained("byte-level", lines, 900, 0), trained("byte-level", lines, 4000, 3), trained("plain", lines, 700, 2)]
    (OUT / "trained.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n", "utf8")
    print([(case["kind"], len(case["vocab"]), len(case["merges"])) for case in cases])


main()
