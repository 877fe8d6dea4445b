"""Rows of JSONL as token ids with the labels that are scored, as `espalier train` makes them."""

import json

from .job import JobError

_IGNORED = -100


def read_lines(file):
    """Each row that is not empty, with its line."""
    rows = []
    try:
        with open(file, encoding="utf8") as text:
            for line, content in enumerate(text, 1):
                if not content.strip():
                    continue
                try:
                    rows.append((line, json.loads(content)))
                except ValueError as cause:
                    raise JobError(f"{file}, line {line}: it is no JSON.") from cause
    except OSError as cause:
        raise JobError(f"{file}: it is missing or unreadable.") from cause
    if not rows:
        raise JobError(f"{file}: it has no rows.")
    return rows


def supervised_rows(file, job, tokenizer, vocabulary):
    """Rows of `input_ids` and `labels`; a row's first token is never scored."""
    found = []
    for line, row in read_lines(file):
        fail = _failure(file, line)
        ids, scored = _supervised(row, job, tokenizer, fail)
        _check(ids, job, vocabulary, fail)
        labels = [token if flag and i > 0 else _IGNORED for i, (token, flag) in enumerate(zip(ids, scored))]
        if all(label == _IGNORED for label in labels):
            fail("no token of the row is scored")
        found.append({"input_ids": ids, "labels": labels})
    return found


def preference_rows(file):
    """Rows of `prompt`, `chosen` and `rejected`, which TRL turns into tokens."""
    found = []
    for line, row in read_lines(file):
        if not isinstance(row, dict) or set(row) != {"prompt", "chosen", "rejected"}:
            _failure(file, line)("the row must have prompt, chosen and rejected (as text or messages) and nothing else")
        found.append(row)
    return found


def _failure(file, line):
    def fail(problem):
        raise JobError(f"{file}, line {line}: {problem}. Correct the data and start again.")

    return fail


def _supervised(row, job, tokenizer, fail):
    kinds = {
        frozenset(["ids"]), frozenset(["ids", "loss_mask"]), frozenset(["prompt_ids", "completion_ids"]),
        frozenset(["prompt", "completion"]), frozenset(["text"]), frozenset(["messages"]), frozenset(["messages", "tools"]),
    }
    if not isinstance(row, dict) or frozenset(row) not in kinds:
        fail("the row must have messages, prompt and completion, text, or ids and nothing else")
    loss_on = job["loss_on"]
    if "ids" in row:
        mask = row.get("loss_mask", [1] * len(row["ids"]))
        if len(mask) != len(row["ids"]):
            fail(f"loss_mask has {len(mask)} entries for {len(row['ids'])} ids")
        return row["ids"], mask
    if "messages" in row:
        return _chat(row, loss_on, tokenizer, fail)
    if loss_on == "assistant":
        fail("loss_on is assistant, but the row is no conversation: give it messages")
    head = 0 if loss_on == "completion" else 1
    if "prompt_ids" in row:
        return row["prompt_ids"] + row["completion_ids"], [head] * len(row["prompt_ids"]) + [1] * len(row["completion_ids"])
    end = tokenizer.eos_token_id
    if "text" in row:
        ids = _ended(tokenizer(row["text"])["input_ids"], end)
        return ids, [1] * len(ids)
    if not isinstance(row["prompt"], str):
        fail("prompt and completion must be texts here; give conversations as messages")
    start = tokenizer(row["prompt"])["input_ids"]
    if end is not None and start and start[-1] == end:
        start = start[:-1]
    ids = _ended(tokenizer(row["prompt"] + row["completion"])["input_ids"], end)
    return ids, [head if i < len(start) else 1 for i in range(len(ids))]


def _chat(row, loss_on, tokenizer, fail):
    if loss_on == "completion":
        fail("the row has messages and no completion: set loss_on to assistant, or give prompt and completion")
    if tokenizer.chat_template is None:
        fail("the model has no chat template for its messages")
    is_marked = "generation %}" in tokenizer.chat_template
    if loss_on == "assistant" and not is_marked:
        fail("the chat template does not say what the assistant wrote ({% generation %}), which the Python runner needs")
    made = tokenizer.apply_chat_template(
        row["messages"], tools=row.get("tools"), tokenize=True, return_dict=True,
        return_assistant_tokens_mask=loss_on == "assistant")
    ids = made["input_ids"]
    return ids, made["assistant_masks"] if loss_on == "assistant" else [1] * len(ids)


def _ended(ids, end):
    return ids if end is None or (ids and ids[-1] == end) else [*ids, end]


def _check(ids, job, vocabulary, fail):
    if len(ids) > job["max_length"]:
        fail(f"the row has {len(ids)} tokens, more than the limit of {job['max_length']}")
    if len(ids) < 2:
        fail("the row has fewer than two tokens")
    wrong = next((token for token in ids if not 0 <= token < vocabulary), None)
    if wrong is not None:
        fail(f"token id {wrong} is outside the model's vocabulary of {vocabulary}")
