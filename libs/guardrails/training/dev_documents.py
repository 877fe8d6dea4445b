"""Ordinary texts without an attack or a hazard, on which thresholds are set: they take no part in training."""
import json, random, re

USUAL, LONG, CONTEXT = 200, 400, 80
SENTENCE_END = re.compile(r"[.!?。！？…][\"')\]]?\s|\n")


def windows_of(text):
    """The windows that `text-windows.ts` cuts, each with its context."""
    found, start = [], 0
    while start < len(text):
        part = text[start:start + LONG]
        sentence = SENTENCE_END.search(part[USUAL:]) if len(part) > USUAL else None
        if sentence: end = start + USUAL + sentence.end()
        elif len(part) < LONG: end = len(text)
        else:
            space = max(part.rfind(" "), part.rfind("\t"))
            end = start + space + 1 if space >= USUAL else start + LONG
        found.append(text[max(0, start - CONTEXT):end])
        start = end
    return found


def document_windows(root, count=1500):
    """Windows of software documentation and of articles, logs, speeches and filings (both sets MIT)."""
    docs = [entry["text"] for entry in json.load(open(f"{root}/anthropic_docs_rag/anthropic_docs.json", encoding="utf8"))]
    for name in ["wikitexts", "chatlogs", "state_of_the_union", "pubmed", "finance"]:
        docs.append(open(f"{root}/chunking_evaluation/corpora/{name}.md", encoding="utf8").read()[:120_000])
    rng = random.Random(1)
    by_doc = [windows_of(text) for text in docs]
    software = rng.sample([w for windows in by_doc[:-5] for w in windows], count // 2)
    return software + [w for windows in by_doc[-5:] for w in rng.sample(windows, min(len(windows), count // 10))]


def ordinary_prompts(root, count=1500):
    """What people ask of an assistant (halueval's general questions, MIT)."""
    with open(f"{root}/halueval/general_data.json", encoding="utf8") as file: asked = [json.loads(line)["user_query"] for line in file]
    return [windows_of(text)[0] for text in random.Random(2).sample(asked, count) if text.strip()]
