#!/usr/bin/env bash
# Builds Kubernetes, etcd and crane from their published Go modules into the lab cache, keyed by version.
# Usage: build-kubernetes.sh [KUBERNETES_VERSION]   (prints the folder that holds the binaries on its last line)
set -euo pipefail
version=${1:-1.34.2}
etcd_version=${HAPB_LAB_ETCD:-3.6.5}
crane_version=0.21.8
cache=${HAPB_LAB_CACHE:-/var/cache/hapb-lab}
bin=$cache/bin/k8s-$version-etcd-$etcd_version
staging=v0.${version#1.}
programs="kubeadm kubelet kubectl kube-apiserver kube-controller-manager kube-scheduler"

if [ -e "$bin/.complete" ]; then echo "$bin"; exit 0; fi
mkdir -p "$bin" "$cache/making"
exec 9>"$cache/making/build-$version.lock"
flock 9
if [ -e "$bin/.complete" ]; then echo "$bin"; exit 0; fi
say() { echo "lab: $*" >&2; }

module=$cache/making/module-$version
mkdir -p "$module"
cd "$module"
export GOFLAGS=-buildvcs=false CGO_ENABLED=0
say "Kubernetes $version from Go modules (about 10 minutes with an empty Go cache)"
cat > go.mod <<MOD
module hapb.lab/kubernetes

go 1.24.0

godebug default=go1.24

require k8s.io/kubernetes v$version
MOD
upstream=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
{
  echo "replace ("
  sed -n 's,^[[:space:]]*\(k8s.io/[a-z0-9.-]*\) => ./staging/.*,\1,p' "$upstream" |
    while read -r name; do echo "	$name => $name $staging"; done
  echo ")"
} >> go.mod
{
  echo '//go:build tools'
  echo
  echo 'package kubernetes'
  echo
  echo 'import ('
  for program in $programs; do echo "	_ \"k8s.io/kubernetes/cmd/$program\""; done
  echo ')'
} > tools.go
go mod tidy >&2

minor=${version#1.}; minor=${minor%%.*}
x=""
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  x="$x -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=$minor"
  x="$x -X $package.gitCommit=0000000000000000000000000000000000000000 -X $package.gitTreeState=clean"
  x="$x -X $package.buildDate=1970-01-01T00:00:00Z"
done
for program in $programs; do
  [ -x "$bin/$program" ] && continue
  say "building $program"
  go build -trimpath -ldflags "-s -w$x" -o "$bin/.$program" "k8s.io/kubernetes/cmd/$program"
  mv "$bin/.$program" "$bin/$program"
done
[ "$("$bin/kubeadm" version -o short)" = "v$version" ] || { say "kubeadm does not report v$version"; exit 1; }

# A main package of another module is built in a module of its own, so that its requirements stay its own.
build_module() { # NAME MODULE@VERSION PACKAGE
  [ -x "$bin/$1" ] && return
  say "building $1"
  local dir=$cache/making/tool-$1
  mkdir -p "$dir"
  ( cd "$dir"
    printf 'module hapb.lab/%s\n\ngo 1.24.0\n' "$1" > go.mod
    go get "$2" >&2
    printf '//go:build tools\n\npackage tool\n\nimport _ "%s"\n' "$3" > tools.go
    go mod tidy >&2
    go build -trimpath -ldflags "-s -w" -o "$bin/.$1" "$3" )
  mv "$bin/.$1" "$bin/$1"
}
build_module etcd "go.etcd.io/etcd/server/v3@v$etcd_version" go.etcd.io/etcd/server/v3
build_module etcdctl "go.etcd.io/etcd/etcdctl/v3@v$etcd_version" go.etcd.io/etcd/etcdctl/v3
build_module etcdutl "go.etcd.io/etcd/etcdutl/v3@v$etcd_version" go.etcd.io/etcd/etcdutl/v3
build_module crane "github.com/google/go-containerregistry@v$crane_version" github.com/google/go-containerregistry/cmd/crane
touch "$bin/.complete"
echo "$bin"
