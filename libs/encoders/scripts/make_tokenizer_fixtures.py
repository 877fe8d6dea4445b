"""Makes src/__fixtures__/tokenizers: small tokenisers of many kinds, and what the `tokenizers` library gives with them.

    pip install tokenizers sentencepiece protobuf
    python scripts/make_tokenizer_fixtures.py TEXT_FILE... [--samples N]

The text files are what the vocabularies are learnt from (the documentation of this project).
"""

import io
import json
import pathlib
import random
import sys

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent.parent / "src" / "__fixtures__"
OUT = HERE / "tokenizers"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
SIZE = 500


def texts(paths):
    return [line for path in paths for line in pathlib.Path(path).read_text("utf8").splitlines() if line.strip()]


def learnt(tokenizer, trainer, lines):
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def bytes_bpe(lines, specials, pre, size=SIZE, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    tokenizer.pre_tokenizer = pre
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=specials, initial_alphabet=alphabet, show_progress=False)
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def changed(tokenizer, change):
    """The tokeniser with its JSON changed: some settings have no setter."""
    data = json.loads(tokenizer.to_str())
    change(data)
    return Tokenizer.from_str(json.dumps(data))


def piece_charsmap(lines, rule):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=400, normalization_rule_name=rule, minloglevel=2
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def gpt2(lines):
    return bytes_bpe(lines, ["<|endoftext|>"], pre_tokenizers.ByteLevel(add_prefix_space=False))


def llama3(lines):
    split = pre_tokenizers.Split(Regex(LLAMA3), behavior="isolated", invert=False)
    pre = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = bytes_bpe(lines, ["<|begin|>", "<|end|>"], pre)
    tokenizer = changed(tokenizer, lambda data: data["model"].update(ignore_merges=True))
    template = processors.TemplateProcessing(
        single="<|begin|> $A", pair="<|begin|> $A <|begin|>:1 $B:1", special_tokens=[("<|begin|>", 0)]
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def qwen2(lines):
    split = pre_tokenizers.Split(Regex(LLAMA3.replace("{1,3}", "")), behavior="isolated", invert=False)
    pre = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = bytes_bpe(lines, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], pre)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("plug-in", single_word=True)])
    return tokenizer


def roberta(lines):
    specials = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)]
    tokenizer = bytes_bpe(lines, specials, pre_tokenizers.ByteLevel(add_prefix_space=True))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def llama2(lines):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    fallback = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE + 256,
        special_tokens=["<unk>", "<s>", "</s>", *fallback],
        limit_alphabet=80,
        max_token_length=12,
        show_progress=False,
    )
    tokenizer = learnt(tokenizer, trainer, [word for line in lines for word in line.split(" ") if word])
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [token for token in data["added_tokens"] if token["content"] not in fallback]
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    return tokenizer


def metaspace_first(lines):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=["<unk>", "[INST]", "[/INST]"], limit_alphabet=70, show_progress=False
    )
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    return tokenizer


def unigram(lines, form, pre, post):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([form, normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre
    trainer = trainers.UnigramTrainer(
        vocab_size=SIZE, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = post
    return tokenizer


def t5(lines):
    post = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 2)])
    return unigram(lines, normalizers.Precompiled(piece_charsmap(lines, "nmt_nfkc")), pre_tokenizers.Metaspace(), post)


def xlm(lines):
    pre = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    post = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return unigram(lines, normalizers.NFKC(), pre, post)


def albert(lines):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("``", '"'),
            normalizers.Replace("''", '"'),
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Strip(),
            normalizers.Nmt(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    trainer = trainers.UnigramTrainer(
        vocab_size=SIZE, special_tokens=["<pad>", "<unk>", "[CLS]", "[SEP]"], unk_token="<unk>", show_progress=False
    )
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def bert_cased(lines):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=specials, limit_alphabet=80, show_progress=False)
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def bert_then_digits(lines):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=True, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Whitespace(),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Punctuation(behavior="merged_with_previous"),
            pre_tokenizers.CharDelimiterSplit("z"),
        ]
    )
    trainer = trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=["[UNK]"], show_progress=False)
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return tokenizer


def word_level(lines):
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Strip(left=True, right=False)])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(behavior="merged_with_next"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    trainer = trainers.WordLevelTrainer(vocab_size=SIZE, special_tokens=["[UNK]"], show_progress=False)
    return learnt(tokenizer, trainer, lines)


def clip(lines):
    tokenizer = Tokenizer(models.BPE(unk_token="<|end|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(CLIP), behavior="removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=["<|end|>"], end_of_word_suffix="</w>",
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )
    tokenizer = learnt(tokenizer, trainer, lines)
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    return tokenizer


KINDS = [gpt2, llama3, qwen2, roberta, llama2, metaspace_first, t5, xlm, albert, bert_cased, bert_then_digits, word_level, clip]

AWKWARD = [
    "", " ", "  ", "\n", "\t\t", "a", " a", "a ", "  a  b  ", "Don't you've we'll I'D SHE'S it'ſ",
    "Hello, world! How are you?", "x" * 300, "1234567 12 345.67 ²³ ½ ٣٤", "naïve café Ａ ﬁ ﬀ Å ﷺ", "e\u0301 n\u0303 A\u030a",
    "日本語のテキスト、中文文本。한국어", "Ελληνικά ΟΔΟΣ ΟΔΟΣ.", "İstanbul ẞ ß ǅ", "👩‍👩‍👧‍👦 🇫🇷 👍🏽 ☃️", "\u200bzero\u200dwidth\ufeff",
    "line one\r\nline two\r\n\r\n  indented", "\u00a0nbsp\u2003em\u3000wide\u0085nel", "tab\tand\x00null\x07bell",
    "snake_case camelCase kebab-case v1.2.3", "{\"a\": [1, 2, {\"b\": null}]}", "https://example.org/a?b=c&d=%20#e",
    "<s>special</s> <mask> tokens<mask>here <unk> [CLS] [MASK] x", "<|begin|><|end|> <|im_start|>user\nhi<|im_end|>",
    "<tool_call>{}</tool_call> plug-in plug-ins aplug-in plug-in", "[INST] hi [/INST]", "▁already ▁▁marked", "a ▁ b", "``quoted'' text",
    "\ufffd replacement", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "ไทยไม่มีวรรค", "\U0001d400\U0001d401 math",
    "zebra zz z", "...!!!???", "a.b,c;d:e", " leading", "trailing ", "mixed 日本 and 中 text", "<0x0A> <0xFF>",
    "it is n't 's do not 've", "º ª ˢ ᵏ K Å", "\u0345\u0399 ͅ", "ǆ Ǆ",
]


def cases_of(tokenizer, samples, rng):
    cases = []
    for text in samples:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        framed = tokenizer.encode(text)
        pair = rng.choice(samples)
        paired = tokenizer.encode(text, pair)
        bare = tokenizer.encode(text, pair, add_special_tokens=False)
        shuffled = rng.sample(framed.ids, len(framed.ids))
        cases.append(
            {
                "text": text, "ids": ids, "framed": framed.ids, "pair": pair, "pairIds": paired.ids, "pairTypes": paired.type_ids,
                "barePairTypes": bare.type_ids, "decoded": tokenizer.decode(framed.ids, skip_special_tokens=False),
                "skipped": tokenizer.decode(framed.ids, skip_special_tokens=True), "shuffled": shuffled,
                "shuffledText": tokenizer.decode(shuffled, skip_special_tokens=False),
            }
        )
    return cases


def main(paths):
    lines = texts(paths)
    rng = random.Random(1)
    extra = [case["text"] for case in json.loads((HERE / "bert-tokens.json").read_text("utf8"))]
    extra = [text for text in extra if len(text) < 200]
    OUT.mkdir(exist_ok=True)
    count = int(sys.argv[sys.argv.index("--samples") + 1]) if "--samples" in sys.argv else 12
    for kind in KINDS:
        tokenizer = kind(lines)
        samples = AWKWARD + rng.sample(extra, min(count, len(extra))) + [line[:120] for line in rng.sample(lines, min(count, len(lines)))]
        folder = OUT / kind.__name__.replace("_", "-")
        folder.mkdir(exist_ok=True)
        data = json.loads(tokenizer.to_str())
        (folder / "tokenizer.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf8")
        cases = cases_of(tokenizer, samples, rng)
        (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n", "utf8")
        print(kind.__name__, tokenizer.get_vocab_size(), len(cases), "tokenizers", tokenizers.__version__)


main([path for path in sys.argv[1:] if path.endswith(".md") or path.endswith(".txt")])
