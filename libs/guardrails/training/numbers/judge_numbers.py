"""Says of each number on standard input whether python-stdnum holds it for right, by kind."""

import importlib
import json
import sys

OTHER_NAMES = {
    "crypto-address": "bitcoin",
    "cz-bank-account": "cz.bankaccount",
    "de-handelsregister": "de.handelsregisternummer",
    "es-catastral": "es.referenciacatastral",
    "it-codice-fiscale": "it.codicefiscale",
    "nz-bank-account": "nz.bankaccount",
    "rf-reference": "iso11649",
    "se-personnummer": "se.personnummer",
    "tr-tckimlik": "tr.tckimlik",
    "us-aba-routing": "us.rtn",
    "us-ssn": "us.ssn",
    "in-aadhaar": "in_.aadhaar",
    "in-gstin": "in_.gstin",
    "in-pan": "in_.pan",
    "in-voter": "in_.epic",
    "is-kennitala": "is_.kennitala",
    "is-vsk": "is_.vsk",
    "eu-banknote": "eu.banknote",
}


def module_of(kind):
    name = OTHER_NAMES.get(kind, kind.replace("-", "."))
    try:
        return importlib.import_module(f"stdnum.{name}")
    except ImportError:
        return None


def judge(module, number):
    try:
        return bool(module.is_valid(number))
    except Exception:  # A fault of the reference is no verdict.
        return None


verdicts = {}
for kind, numbers in json.load(sys.stdin).items():
    module = module_of(kind)
    if module is not None and hasattr(module, "is_valid"):
        verdicts[kind] = {
            number: judge(module, number) for number in numbers["right"] + numbers["wrong"]
        }
json.dump(verdicts, sys.stdout)
