set -eu
path=/srv/bench/folder-1
if [ ! -d "$path" ]; then
  [ "$mode" = check ] || mkdir -m 750 "$path"
elif [ "$(stat -c %a "$path")" != 750 ]; then
  [ "$mode" = check ] || chmod 750 "$path"
fi
