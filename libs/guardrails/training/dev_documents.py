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


# How many windows of each: prose of encyclopaedias and papers most, since documents of an agent are of its kind.
ARTICLES = {"wikitexts": 350, "pubmed": 250, "finance": 150, "chatlogs": 60, "state_of_the_union": 60}


def document_windows(root, software=350):
    """Windows of software documentation and of articles, filings, logs and a speech (both sets MIT)."""
    rng = random.Random(1)
    pages = [entry["text"] for entry in json.load(open(f"{root}/anthropic_docs_rag/anthropic_docs.json", encoding="utf8"))]
    found = rng.sample([w for text in pages for w in windows_of(text)], software)
    for name, count in ARTICLES.items():
        windows = windows_of(open(f"{root}/chunking_evaluation/corpora/{name}.md", encoding="utf8").read()[:200_000])
        found += rng.sample(windows, min(count, len(windows)))
    return found


def ordinary_prompts(root, count=1500):
    """What people ask of an assistant (halueval's general questions, MIT)."""
    with open(f"{root}/halueval/general_data.json", encoding="utf8") as file: asked = [json.loads(line)["user_query"] for line in file]
    return [windows_of(text)[0] for text in random.Random(2).sample(asked, count) if text.strip()]
