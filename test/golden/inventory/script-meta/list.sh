#!/bin/sh
[ "$1" = --list ] || exit 3
cat <<'J'
{"web": {"hosts": ["w1", "w2"], "vars": {"a": true, "b": 1.5}, "children": ["sub"]},
 "plain": ["p1", "p2"],
 "sub": {"hosts": ["s1"]},
 "empty": {},
 "all": {"vars": {"everywhere": [1, 2]}},
 "_meta": {"hostvars": {"w1": {"x": null}, "p1": {"x": {"y": 1}}, "stray": {"z": 1}}}}
J
