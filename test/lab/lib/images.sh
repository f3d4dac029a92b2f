# shellcheck shell=bash
# Container images in a registry folder, under the repository names that they have at registry.k8s.io and ghcr.io.
# Each is an empty image with static programs, as upstream's are.

images_revision=2

crane() { echo "$(kubernetes_bin "$kubernetes_version")/crane"; }
kubernetes_bin() { echo "$cache/bin/k8s-$1-etcd-$etcd_version"; }

stand_in_key() { cat "$lab_home"/kube-vip-stand-in/{*.go,go.mod,go.sum} | sha256sum | cut -c1-12; }
kube_vip_key() { if [[ -n $kube_vip_binary ]]; then sha256sum < "$kube_vip_binary" | cut -c1-12; else stand_in_key; fi; }

images_dir() {
  local key
  key=$(printf '%s\n' "$images_revision" "$kubernetes_versions" "$etcd_version" "$(kube_vip_key)" "$(programs_dir)" | sha256sum | cut -c1-12)
  echo "$cache/images-$key"
}

# The program that the kube-vip image of VERSION holds: a real one when given, else the stand-in for that version.
kube_vip_program() { # VERSION
  if [[ -n $kube_vip_binary ]]; then echo "$kube_vip_binary"; return; fi
  local program
  program=$cache/bin/kube-vip-stand-in-$1-$(stand_in_key)
  if [[ ! -x $program ]]; then
    lab_go "the kube-vip stand-in"
    ( cd "$lab_home/kube-vip-stand-in" &&
      CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.Version=v$1" -o "$program.making" . )
    "$lab_home/kube-vip-stand-in/check-golden.sh" "$program.making" "v$1" >&2
    mv "$program.making" "$program"
  fi
  echo "$program"
}

build_images() {
  local directory start version
  directory=$(images_dir); start=$(now_ms)
  [[ ! -d $directory ]] || return 0
  say "images (kube-vip: $(kube_vip_name))"
  remove_tree "$directory.making"
  mkdir -p "$directory.making"
  local manifests=$directory.making/manifests
  for version in "${kube_vip_versions[@]}"; do kube_vip_program "$version" > /dev/null; done
  registry_while "$directory.making" push_images
  mv -T "$directory.making" "$directory"
  say "images: done in $(seconds_since "$start") s"
}

registry_while() { # DIRECTORY FUNCTION: runs it with a registry on that folder; $registry is its address
  local pid try registry=127.0.0.1:$((5100 + lab_id)) code=0
  "$(crane)" registry serve --address "$registry" --disk "$1" > "$cache/making/registry.log" 2>&1 8>&- 9>&- &
  pid=$!
  for try in $(seq 50); do { : < "/dev/tcp/${registry%:*}/${registry#*:}"; } 2>/dev/null && break; sleep 0.1; done
  # A subshell of its own keeps `set -e` alive inside.
  set +e
  ( set -e; "$2" )
  code=$?
  set -e
  kill "$pid" && wait "$pid" 2>/dev/null || true
  [[ $code = 0 ]] || die "pushing images failed"
}

push_images() {
  local version reference
  for version in $kubernetes_versions; do
    "$(kubernetes_bin "$version")/kubeadm" config images list --kubernetes-version "v$version" |
      while read -r reference; do push_kubernetes_image "$version" "${reference#*/}"; done
  done
  for version in "${kube_vip_versions[@]}"; do
    push_image "kube-vip/kube-vip:v$version" /kube-vip "/kube-vip=$(kube_vip_program "$version")"
  done
}

push_kubernetes_image() { # VERSION REPOSITORY:TAG
  local bin name=${2%%:*} pause
  bin=$(kubernetes_bin "$1")
  pause=$(programs_dir)/pause
  case $name in
    kube-apiserver | kube-controller-manager | kube-scheduler)
      push_image "$2" "" "/usr/local/bin/$name=$bin/$name" ;;
    etcd)
      push_image "$2" "" "/usr/local/bin/etcd=$bin/etcd" "/usr/local/bin/etcdctl=$bin/etcdctl" "/usr/local/bin/etcdutl=$bin/etcdutl" ;;
    pause) push_image "$2" /pause "/pause=$pause" ;;
    # Nothing in the lab needs these two to work: kube-proxy is skipped, CoreDNS stays pending without a CNI.
    kube-proxy) push_image "$2" "" "/usr/local/bin/kube-proxy=$pause" ;;
    coredns/coredns) push_image "$2" /coredns "/coredns=$pause" ;;
    *) die "kubeadm $1 wants an image that the lab does not make: $2" ;;
  esac
}

push_image() { # REPOSITORY:TAG ENTRYPOINT PATH=FILE...
  local name=$1 target=$registry/$1 entrypoint=$2 layer bundle=/etc/ssl/certs/ca-certificates.crt
  shift 2
  layer=$(mktemp "$cache/making/layer.XXXXXX.tar.gz")
  [[ ! -f $bundle ]] || set -- "$@" "/etc/ssl/certs/ca-certificates.crt=$bundle"
  "$(programs_dir)/image-layer" "$layer" "$@"
  "$(crane)" append --insecure -f "$layer" -t "$target" > /dev/null 2>&1
  # Without a platform the runtime would find no image for its own.
  "$(crane)" mutate --insecure --set-platform "linux/$(dpkg --print-architecture)" \
    --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${entrypoint:+--entrypoint "$entrypoint"} -t "$target" "$target" > /dev/null 2>&1
  rm -f "$layer"
  # crane's registry keeps blobs on disk but manifests in memory: they are given to it again at each start.
  mkdir -p "$manifests/${name%:*}"
  "$(crane)" manifest --insecure "$target" > "$manifests/${name%:*}/${name##*:}"
}

registry_fill() { # gives a started registry the manifests of the images whose blobs it has on disk
  local manifest
  find "$(images_dir)/manifests" -type f | while read -r manifest; do
    registry_put "${manifest#"$(images_dir)/manifests/"}" "$manifest"
  done
}

registry_put() { # REPOSITORY/TAG FILE
  curl --silent --show-error --fail --noproxy '*' --request PUT --data-binary "@$2" \
    --header "Content-Type: $(sed -n 's/.*"mediaType": *"\([^"]*manifest[^"]*\)".*/\1/p' "$2" | head -1)" \
    "$registry_url/v2/${1%/*}/manifests/${1##*/}" || die "the registry does not take $1"
}
