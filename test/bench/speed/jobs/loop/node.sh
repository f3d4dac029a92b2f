set -eu
changed=0
for item in $(seq 100); do
  path=/srv/bench/folder-$item
  if [ ! -d "$path" ]; then
    changed=$((changed + 1))
    [ "$mode" = check ] || mkdir -m 750 "$path"
  elif [ "$(stat -c %a "$path")" != 750 ]; then
    changed=$((changed + 1))
    [ "$mode" = check ] || chmod 750 "$path"
  fi
done
echo "changed $changed"
