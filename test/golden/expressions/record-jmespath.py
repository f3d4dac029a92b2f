"""Asks the JMESPath library that community.general's json_query uses what the expressions of jmespath.json give.

    python3 -m venv venv && venv/bin/pip install jmespath==1.0.1
    venv/bin/python record-jmespath.py
"""
import json
import os

import jmespath

path = os.path.join(os.path.dirname(__file__), "jmespath.json")


def answer(text, data):
    try:
        return {"text": text, "value": jmespath.search(text, data)}
    except Exception:
        return {"text": text, "fails": True}


with open(path) as file:
    golden = json.load(file)
golden["program"] = f"jmespath.py {jmespath.__version__}"
golden["cases"] = [answer(case["text"], golden["data"]) for case in golden["cases"]]
with open(path, "w") as file:
    rows = ",\n".join("    " + json.dumps(case) for case in golden["cases"])
    file.write('{\n  "program": %s,\n  "data": %s,\n  "cases": [\n%s\n  ]\n}\n'
               % (json.dumps(golden["program"]), json.dumps(golden["data"]), rows))
