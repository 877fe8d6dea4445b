"""Runs a job with TRL, and writes what `espalier train` would have written."""

import hashlib
import json
import os
import sys
from pathlib import Path
from random import Random

from .job import JobError
from .rows import preference_rows, supervised_rows

_CHECKPOINTS = "checkpoints"


def tell(event):
    """One JSON object a line, as `espalier train --json`."""
    print(json.dumps(event), flush=True)


def run(job, is_resumed):
    """Trains, writes the model or adapter to `output_dir` and tells each step."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PrinterCallback, set_seed

    set_seed(job["seed"])
    try:
        config = AutoConfig.from_pretrained(job["model"])
        model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=_dtype(torch))
        tokenizer = AutoTokenizer.from_pretrained(job["model"])
    except (OSError, ValueError) as cause:
        raise JobError(f"The model {job['model']} cannot be loaded: {cause}") from cause
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    model, peft = _with_adapter(model, job["lora"])
    trainer = _trainer(job, model, peft, tokenizer, config.vocab_size)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(_reporter(job))
    total = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    tell({"type": "start", "backend": f"trl on {trainer.args.device}", "trainable_parameters": total, "total_steps": job["max_steps"]})
    trainer.train(resume_from_checkpoint=_last_checkpoint(job) if is_resumed else None)
    out = Path(job["output_dir"])
    trainer.save_model(str(out))
    tokenizer.save_pretrained(str(out))
    (out / "training_args.bin").unlink(missing_ok=True)
    losses = [entry["eval_loss"] for entry in trainer.state.log_history if "eval_loss" in entry]
    _write_lineage(job, out, {"eval_loss": losses[-1]} if losses else {})
    tell({"type": "done", "output_dir": str(out)})


def _dtype(torch):
    return torch.bfloat16 if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else torch.float32


def _with_adapter(model, lora):
    """The model and the adapter that TRL is to put on it; one that goes on is there already."""
    from peft import LoraConfig, PeftModel

    if lora is None:
        return model, None
    if "init_from" in lora:
        return PeftModel.from_pretrained(model, lora["init_from"], is_trainable=True), None
    return model, LoraConfig(
        r=lora["r"], lora_alpha=lora["alpha"], lora_dropout=lora["dropout"], target_modules=lora["target_modules"],
        use_rslora=lora["use_rslora"], use_dora=lora["use_dora"], rank_pattern=lora["rank_pattern"],
        alpha_pattern=lora["alpha_pattern"], modules_to_save=lora["modules_to_save"] or None, task_type="CAUSAL_LM")


def _arguments(job):
    steps = job["checkpoint_steps"]
    evaluates = job["eval_data"] is not None
    picks = evaluates and (job["load_best_model_at_end"] or job["early_stopping_patience"] > 0)
    if picks and job["eval_steps"] == 0:
        raise JobError('The field "eval_steps" is 0, but the best model is picked among evaluations on the way.')
    save = job["eval_steps"] if picks else steps
    return dict(
        output_dir=str(Path(job["output_dir"]) / _CHECKPOINTS), max_steps=job["max_steps"], seed=job["seed"],
        per_device_train_batch_size=job["batch_size"], per_device_eval_batch_size=job["batch_size"],
        gradient_accumulation_steps=job["gradient_accumulation"], gradient_checkpointing=job["gradient_checkpointing"],
        learning_rate=job["learning_rate"], weight_decay=float(job["weight_decay"]), adam_beta1=job["betas"][0],
        adam_beta2=job["betas"][1], adam_epsilon=job["eps"], max_grad_norm=float(job["max_grad_norm"]),
        optim="adamw_torch" if job["optimizer"] == "adamw" else "sgd",
        lr_scheduler_type={"constant": "constant_with_warmup"}.get(job["schedule"], job["schedule"]),
        warmup_steps=job["warmup_steps"], logging_steps=1, logging_nan_inf_filter=False, report_to="none",
        save_strategy="steps" if save > 0 else "no", save_steps=save or 500, save_total_limit=2,
        eval_strategy=("steps" if job["eval_steps"] else "epoch") if evaluates else "no", eval_steps=job["eval_steps"] or None,
        load_best_model_at_end=job["load_best_model_at_end"] and evaluates,
        train_sampling_strategy="sequential", max_length=job["max_length"],
        pad_to_multiple_of=job["pad_to_multiple_of"], disable_tqdm=True, bf16=False, fp16=False)


def _trainer(job, model, peft, tokenizer, vocabulary):
    from datasets import Dataset
    from transformers import EarlyStoppingCallback

    callbacks = [EarlyStoppingCallback(job["early_stopping_patience"], job["early_stopping_threshold"])] \
        if job["early_stopping_patience"] > 0 else []
    arguments = _arguments(job)
    if job["momentum"]:
        arguments["optim_args"] = f"momentum={job['momentum']}"
    common = dict(model=model, peft_config=peft, processing_class=tokenizer, callbacks=callbacks)
    if job["task"] == "dpo":
        from trl import DPOConfig, DPOTrainer

        def read_pairs(file):
            return None if file is None else Dataset.from_list(preference_rows(file))

        return DPOTrainer(
            args=DPOConfig(beta=job["beta"], **arguments), train_dataset=_stream(job, read_pairs(job["train_data"])),
            eval_dataset=read_pairs(job["eval_data"]), **common)
    from trl import SFTConfig, SFTTrainer
    from trl.data_utils import pack_dataset

    def read(file):
        if file is None:
            return None
        rows = Dataset.from_list(supervised_rows(file, job, tokenizer, vocabulary))
        return pack_dataset(rows, job["max_length"]) if job["packing"] else rows

    # Rows are tokens already, so that both programs score the same ones.
    return SFTTrainer(
        args=SFTConfig(
            dataset_kwargs={"skip_prepare_dataset": True}, loss_type="nll", padding_free=job["packing"], **arguments),
        train_dataset=_stream(job, read(job["train_data"])), eval_dataset=read(job["eval_data"]), **common)


def _stream(job, rows):
    """The rows of all steps as one epoch, so that batches are full and go on from one pass over the file to the next."""
    needed, order = job["max_steps"] * job["batch_size"] * job["gradient_accumulation"], []
    random = Random(job["seed"])
    while len(order) < needed:
        one = list(range(len(rows)))
        if job["shuffle"]:
            random.shuffle(one)
        order += one
    return rows.select(order[:needed])


def _reporter(job):
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        def on_log(self, args, state, control, logs=None, **_):
            if logs is None:
                return
            if "eval_loss" in logs:
                tell({"type": "eval", "step": state.global_step, "loss": logs["eval_loss"]})
            elif "loss" in logs:
                event = {"type": "step", "step": state.global_step, "loss": float(logs["loss"]),
                         "learning_rate": logs["learning_rate"], "grad_norm": float(logs.get("grad_norm", 0))}
                if "rewards/margins" in logs:
                    event.update(reward_margin=logs["rewards/margins"], reward_accuracy=logs["rewards/accuracies"])
                if not all(value == value and abs(value) != float("inf") for value in (event["loss"], event["grad_norm"])):
                    raise JobError(f"At step {state.global_step} the loss is {event['loss']}, the gradient norm {event['grad_norm']}. Lower learning_rate, or resume from a checkpoint.")
                tell(event)

        def on_save(self, args, state, control, **_):
            tell({"type": "checkpoint", "step": state.global_step})

    return Reporter()


def _last_checkpoint(job):
    from transformers.trainer_utils import get_last_checkpoint

    folder = Path(job["output_dir"]) / _CHECKPOINTS
    return get_last_checkpoint(str(folder)) if folder.is_dir() else None


def _write_lineage(job, out, metrics):
    """Where the result came from: what a registry keeps beside it."""
    from importlib.metadata import version

    def digest(file):
        hashed = hashlib.sha256()
        with open(file, "rb") as data:
            while chunk := data.read(1 << 20):
                hashed.update(chunk)
        return hashed.hexdigest()

    files = [job[name] for name in ("train_data", "eval_data") if job[name] is not None]
    lineage = {
        "kind": "adapter" if job["lora"] is not None else "model",
        "data": {os.path.basename(file): digest(file) for file in files},
        "config": {name: value for name, value in job.items() if value is not None},
        "codeVersion": f"espalier-runner 0.0.0, trl {version('trl')}, peft {version('peft')}, transformers {version('transformers')}",
        "parent": job["model"],
        "metrics": metrics,
    }
    (out / "lineage.json").write_text(json.dumps(lineage, indent=2) + "\n", encoding="utf8")


def fail(message):
    """A sentence on standard error, and the exit code."""
    print(f"espalier-runner: {message}", file=sys.stderr, flush=True)
    return 1
