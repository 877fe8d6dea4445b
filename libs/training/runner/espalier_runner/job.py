"""A job as it stands in its file: fields, defaults and ranges are those of `espalier train`."""

import yaml


class JobError(Exception):
    """The job, its data or its model cannot be used; the message says what to do."""


_ANY = object()
_DEFAULTS = {
    "task": _ANY, "model": _ANY, "output_dir": _ANY, "train_data": _ANY, "max_steps": _ANY,
    "seed": 0, "eval_data": None, "eval_steps": 0, "shuffle": False, "max_length": 1024, "packing": False,
    "loss_on": "all", "batch_size": 8, "gradient_accumulation": 1, "gradient_checkpointing": False,
    "optimizer": "adamw", "learning_rate": 2e-5, "betas": [0.9, 0.999], "eps": 1e-8, "momentum": 0, "weight_decay": 0,
    "schedule": "linear", "warmup_steps": 0, "max_grad_norm": 1, "checkpoint_steps": 0, "beta": 0.1, "lora": None,
    "early_stopping_patience": 0, "early_stopping_threshold": 0, "load_best_model_at_end": False,
    "pad_to_multiple_of": 16, "logging_dir": None,
}
_LORA = {
    "r": 8, "alpha": 16, "dropout": 0, "target_modules": "all-linear", "use_rslora": False, "use_dora": False,
    "rank_pattern": {}, "alpha_pattern": {}, "modules_to_save": [],
}
# Fields that `espalier train` knows and this runner refuses unless they say what is done anyway.
_ELSEWHERE = {
    "eval_prompts": [], "eval_max_tokens": 64, "validation_split": 0.1, "eval_batches": 200, "tokenizer": "model",
    "group_by_length": False, "desirable_weight": 1, "undesirable_weight": 1, "embedding": None, "cross_encoder": None,
    "classification": None, "precision": "float32",
}
_CHOICES = {
    "task": ["sft", "dpo"],
    "optimizer": ["adamw", "sgd"],
    "schedule": ["constant", "linear", "cosine"],
    "loss_on": ["all", "completion", "assistant"],
}
_COUNTS = ["max_steps", "max_length", "batch_size", "gradient_accumulation", "pad_to_multiple_of"]


def read_job(file):
    """Reads a job, YAML or JSON, with its defaults filled in; refuses by name what this runner does not do."""
    try:
        with open(file, encoding="utf8") as text:
            given = yaml.safe_load(text)
    except (OSError, yaml.YAMLError) as cause:
        raise JobError(f"{file}: it cannot be read: {cause}") from cause
    if not isinstance(given, dict):
        raise JobError(f"{file}: it holds no fields.")
    for name, value in given.items():
        if name in _DEFAULTS:
            continue
        if name not in _ELSEWHERE:
            raise JobError(f'{file}: The field "{name}" is unknown. Correct or remove it.')
        if value != _ELSEWHERE[name]:
            raise JobError(f'{file}: The field "{name}" is not supported by the Python runner. Remove it, or run the job with espalier train.')
    job = {**{k: v for k, v in _DEFAULTS.items() if v is not _ANY}, **{k: v for k, v in given.items() if k in _DEFAULTS}}
    for name, value in _DEFAULTS.items():
        if value is _ANY and name not in job:
            raise JobError(f'{file}: The field "{name}" is missing.')
    for name, allowed in _CHOICES.items():
        if job[name] not in allowed:
            raise JobError(f'{file}: The field "{name}" is {job[name]!r}, and the Python runner supports {", ".join(allowed)}.')
    for name in _COUNTS:
        if not isinstance(job[name], int) or isinstance(job[name], bool) or job[name] < 1:
            raise JobError(f'{file}: The field "{name}" is {job[name]!r}, but must be a whole number from 1.')
    if not isinstance(job["model"], str):
        raise JobError(f'{file}: The field "model" begins from random weights, which the Python runner does not support. Name a folder.')
    if job["task"] == "dpo" and job["packing"]:
        raise JobError(f'{file}: The field "packing" is for sft.')
    if job["task"] == "dpo" and job["loss_on"] == "assistant":
        raise JobError(f'{file}: The field "loss_on" is for sft.')
    for name in ("learning_rate", "eps"):
        # YAML reads 1e-3 as a text.
        job[name] = float(job[name])
    job["lora"] = _read_lora(file, job["lora"])
    return job


def _read_lora(file, lora):
    if lora is None:
        return None
    if not isinstance(lora, dict):
        raise JobError(f'{file}: The field "lora" must hold r, alpha and so on, or init_from.')
    if "init_from" in lora:
        unknown = [name for name in lora if name != "init_from"]
    else:
        unknown = [name for name in lora if name not in _LORA]
    if unknown:
        raise JobError(f'{file}: The field "lora.{unknown[0]}" is unknown. Correct or remove it.')
    return lora if "init_from" in lora else {**_LORA, **lora}
