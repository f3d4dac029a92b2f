"""Writes how each task ended as a line of JSON to the file that $OUTCOMES names, for compare.ts."""
import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: outcomes
type: aggregate
short_description: results as lines of JSON
description: Results as lines of JSON.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'outcomes'

    def _write(self, kind, result):
        line = {'kind': kind, 'task': result._task.get_name(), 'result': result._result}
        with open(os.environ['OUTCOMES'], 'a', encoding='utf-8') as log:
            log.write(json.dumps(line, default=str) + '\n')

    def v2_runner_on_ok(self, result):
        self._write('changed' if result._result.get('changed') else 'ok', result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write('failed', result)

    def v2_runner_on_skipped(self, result):
        self._write('skipped', result)

    def v2_runner_on_unreachable(self, result):
        self._write('failed', result)
