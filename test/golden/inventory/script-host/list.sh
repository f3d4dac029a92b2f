#!/bin/sh
case "$1" in
--list) echo '{"web": ["w1", "w2"], "db": {"hosts": ["d1"]}}' ;;
--host) echo "{\"name_from_script\": \"$2\"}" ;;
esac
