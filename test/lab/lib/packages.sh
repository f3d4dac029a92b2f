# shellcheck shell=bash
# The package repositories: Debian's packages for a bare node, and kubeadm, kubelet, kubectl packed as upstream packs
# them. Both are flat, signed with a key of the lab's own, and served under the paths that pkgs.k8s.io has.

packages_revision=1

repository_dir() { # everything that the file server shows
  local key
  key=$(printf '%s\n' "$packages_revision" "$kubernetes_versions" "$(root_key)" | sha256sum | cut -c1-12)
  echo "$cache/repository-$key"
}

repository_key() { # makes the signing key once
  [[ ! -f $cache/repository-key.gpg ]] || return 0
  export GNUPGHOME=$cache/gnupg
  mkdir -p -m 700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key 'hapb lab packages <lab@hapb.invalid>' rsa3072 sign never 2>/dev/null
  gpg --batch --quiet --export > "$cache/repository-key.gpg.making"
  gpgconf --kill gpg-agent
  mv "$cache/repository-key.gpg.making" "$cache/repository-key.gpg"
}

build_repository() {
  local directory making version start
  directory=$(repository_dir); start=$(now_ms)
  [[ ! -d $directory ]] || return 0
  say "package repositories"
  repository_key
  making=$directory.making
  rm -rf "$making"
  mkdir -p "$making/debian"
  cp -l "$(debian_dir)"/*.deb "$making/debian/"
  index_repository "$making/debian" Debian
  for version in $kubernetes_versions; do
    mkdir -p "$making/$(kube_repo_path "$version")"
    kubernetes_packages "$version" "$making/$(kube_repo_path "$version")"
  done
  for directory in "$making"/core:/stable:/*/deb; do index_repository "$directory" Kubernetes; done
  mv -T "$making" "$(repository_dir)"
  say "package repositories: done in $(seconds_since "$start") s"
}

index_repository() { # DIRECTORY ORIGIN
  ( cd "$1"
    export GNUPGHOME=$cache/gnupg
    apt-ftparchive packages . > Packages
    gzip -k -f Packages
    apt-ftparchive -o "APT::FTPArchive::Release::Origin=$2" -o "APT::FTPArchive::Release::Suite=lab" release . > Release.making
    mv Release.making Release
    gpg --batch --yes --quiet --armor --detach-sign -o Release.gpg Release
    gpg --batch --yes --quiet --clearsign -o InRelease Release
    gpg --batch --yes --quiet --armor --export > Release.key
    gpgconf --kill gpg-agent )
}

kubernetes_packages() { # VERSION DIRECTORY
  local version=$1 out=$2 bin tree
  bin=$(kubernetes_bin "$version")
  tree=$(mktemp -d "$cache/making/deb.XXXXXX")
  deb_kubectl && deb_kubelet && deb_kubeadm
  rm -rf "$tree"
}

deb_control() { # NAME DEPENDS DESCRIPTION
  mkdir -p "$tree/$1/DEBIAN" "$tree/$1/usr/bin"
  cp -l "$bin/$1" "$tree/$1/usr/bin/$1" 2>/dev/null || cp "$bin/$1" "$tree/$1/usr/bin/$1"
  cat > "$tree/$1/DEBIAN/control" <<CONTROL
Package: $1
Version: $version-1.1
Architecture: $(dpkg --print-architecture)
Maintainer: hapb lab <lab@hapb.invalid>
Section: admin
Priority: optional
Depends: $2
Homepage: https://kubernetes.io
Description: $3
CONTROL
  # dpkg-deb wants to read "Depends:" with a value or not at all.
  [[ -n $2 ]] || sed -i '/^Depends: $/d' "$tree/$1/DEBIAN/control"
}

deb_pack() { # NAME: stored, not compressed (see programs/image-layer)
  dpkg-deb --root-owner-group -Znone --build "$tree/$1" "$out/" >/dev/null
}

deb_kubectl() { deb_control kubectl "" "command line tool of Kubernetes" && deb_pack kubectl; }

deb_kubelet() {
  deb_control kubelet "iptables, iproute2, mount, util-linux" "node agent of Kubernetes"
  local package=$tree/kubelet
  mkdir -p "$package/usr/lib/systemd/system" "$package/etc/kubernetes/manifests"
  cat > "$package/usr/lib/systemd/system/kubelet.service" <<'UNIT'
[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
UNIT
  cat > "$package/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable kubelet.service >/dev/null 2>&1 || :
  systemctl restart kubelet.service || :
fi
SCRIPT
  cat > "$package/DEBIAN/prerm" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl stop kubelet.service || :
  systemctl disable kubelet.service >/dev/null 2>&1 || :
fi
SCRIPT
  chmod 755 "$package/DEBIAN/postinst" "$package/DEBIAN/prerm"
  deb_pack kubelet
}

deb_kubeadm() {
  deb_control kubeadm "kubelet (>= 1.19.0), kubectl" "command line tool that makes a Kubernetes cluster"
  local package=$tree/kubeadm
  mkdir -p "$package/usr/lib/systemd/system/kubelet.service.d"
  cat > "$package/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf" <<'UNIT'
# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
UNIT
  printf '#!/bin/sh\nset -e\n[ ! -d /run/systemd/system ] || systemctl daemon-reload\n' > "$package/DEBIAN/postinst"
  chmod 755 "$package/DEBIAN/postinst"
  deb_pack kubeadm
}
