"""Runs Espalier's training jobs with TRL and PEFT."""
