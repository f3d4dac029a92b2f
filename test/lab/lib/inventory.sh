# shellcheck shell=bash
# The lab as an inventory. Names of variables that the playbook reads stand here and nowhere else in the lab.

kube_vip_name() { if [[ -n $kube_vip_binary ]]; then echo "$kube_vip_binary"; else echo stand-in; fi; }

lab_inventory() {
  [[ -n $(lab_nodes) ]] || die "the lab is down: lab up"
  local node
  cat <<YAML
# Lab $lab_id. Users: admin (sudo without password), operator (sudo with the password in
# $run/operator-password), nosudo, root.
all:
  vars:
    ansible_user: admin
    ansible_become: true
    ansible_ssh_private_key_file: $run/key
    ansible_ssh_common_args: -o UserKnownHostsFile=$run/known_hosts -o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes
  children:
    control_plane:
      hosts:
YAML
  for node in $(lab_nodes); do
    printf '        %s:\n          ansible_host: %s\n' "$node" "$(ip_of "$node")"
  done
  echo '      vars:'
  inventory_variables | sed 's/^/        /'
}

inventory_variables() {
  cat <<YAML
kubernetes_version: $kubernetes_version
control_plane_endpoint: k8s-api.lab
vip: $vip
kube_package_repo: $kube_repo_url
kube_package_repo_key: ${kube_repo_url}Release.key
debian_package_repo: $debian_repo_url
registry_mirrors:
  registry.k8s.io: $registry_url
  ghcr.io: $registry_url
# What this kind of machine needs of containerd: a node here lacks CAP_SYS_RESOURCE, hugetlb and AppArmor.
containerd_restrict_oom_score_adj: true
containerd_tolerate_missing_hugetlb_controller: true
containerd_disable_apparmor: true
YAML
}
