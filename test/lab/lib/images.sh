# shellcheck shell=bash
# Container images in a registry folder, under the repository names that they have at registry.k8s.io and ghcr.io.

crane() { local version=$kubernetes_version; echo "$cache/bin/k8s-$version-etcd-$etcd_version/crane"; }
images_dir() { echo "$cache/images-none"; }
build_images() { mkdir -p "$(images_dir)"; }
