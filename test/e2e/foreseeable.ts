/** Tasks of the shipped playbook that check mode may call unknown on bare nodes, each with the reason why it must. */
export const mayBeUnknown: Readonly<Record<string, string>> = {
  'Start containerd and kubelet at boot':
    'whether a package enables and starts its unit is decided by the package while it is installed',
  'The virtual address answers': 'only a running control plane can answer',
  'Every member of etcd is a healthy voter': 'only a running etcd can tell',
  'Every pod of the control plane runs on every node': 'pods appear after the run',
  'Every node is ready, or waits for nothing but a network plugin': 'nodes register during the run',
  'One node holds the virtual address, and the API answers there and on the node itself':
    'only a running control plane can answer',
  'Show the pods': 'it shows what the task before could not know',
  'Fetch the kubeconfig': 'kubeadm makes it during the run',
};
