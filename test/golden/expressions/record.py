"""Asks ansible-core what the texts of a golden file mean, and writes its answers into it.

    python3 -m venv venv && venv/bin/pip install ansible-core==2.19.14 netaddr
    venv/bin/python record.py ansible-core.json

ansible-utils.json also needs the collection ansible.utils; name the folder that holds ansible_collections as the
second argument.
"""
import json
import sys

from ansible.plugins.loader import init_plugin_loader

init_plugin_loader(sys.argv[2:])

from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import Templar, trust_as_template  # noqa: E402


def plain(value):
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value]


def answer(templar, text):
    try:
        return {"text": text, "value": plain(templar.template(trust_as_template(text)))}
    except Exception:
        return {"text": text, "fails": True}


def main(path):
    with open(path) as file:
        golden = json.load(file)
    templar = Templar(loader=DataLoader(), variables=golden.get("variables", {}))
    head = {key: value for key, value in golden.items() if key != "cases"}
    lines = [json.dumps(answer(templar, case["text"]), ensure_ascii=False) for case in golden["cases"]]
    with open(path, "w") as file:
        file.write("{\n")
        for key, value in head.items():
            file.write(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},\n")
        file.write('  "cases": [\n    ' + ",\n    ".join(lines) + "\n  ]\n}\n")


main(sys.argv[1])
