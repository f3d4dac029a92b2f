# shellcheck shell=bash
# Fills the cache. Each part is keyed by what it is made of and appears under its final name only when whole.

lab_assets() {
  local start
  start=$(now_ms)
  lab_deps
  mkdir -p "$cache/making"
  { flock 8; assets_in_order; } 8> "$cache/making/assets.lock"
  say "assets are there after $(seconds_since "$start") s ($cache)"
}

assets_in_order() {
  local version
  build_root
  for version in $kubernetes_versions; do
    "$lab_home/build-kubernetes.sh" "$version" > /dev/null
  done
  build_programs
  build_repository
  build_images
}

programs_dir() {
  echo "$cache/bin/programs-$(cat "$lab_home"/programs/*/main.go | sha256sum | cut -c1-12)"
}

build_programs() {
  local directory name
  directory=$(programs_dir)
  [[ ! -d $directory ]] || return 0
  lab_go "the lab's small programs"
  mkdir -p "$directory.making"
  for name in file-server pause image-layer; do
    ( cd "$lab_home/programs" && CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags '-s -w' -o "$directory.making/$name" "./$name" )
  done
  mv -T "$directory.making" "$directory"
}
