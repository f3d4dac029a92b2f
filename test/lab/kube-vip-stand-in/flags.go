package main

import (
	"flag"
	"io"
	"strings"
)

// options are the flags of `manifest pod` that change what it prints.
type options struct {
	networkInterface, address, cidr, subnet, port, namespace, kubeconfig         string
	controlPlane, services, arp, leaderElection, loadBalancer, bgp               bool
	leaseDuration, leaseRenew, leaseRetry                                        int
	bgpAS, bgpRouterID, bgpPeers, bgpPeerAddress, bgpPeerAS, bgpPeerPass, lbPort string
	lbMethod                                                                     string
}

// before09 tells the contract of kube-vip before v0.9.0 (--cidr, creationTimestamp, leases 5/3/1) from the later one.
// Only v0.8.0 and v1.1.2 are kept exactly; between them further details changed.
func before09() bool { return strings.HasPrefix(Version, "v0.8.") }

func flagSet(chosen *options) *flag.FlagSet {
	flags := flag.NewFlagSet("manifest pod", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	duration, renew, retry := 15, 10, 2
	if before09() {
		duration, renew, retry = 5, 3, 1
		flags.StringVar(&chosen.cidr, "cidr", "32", "The CIDR range for the virtual IP address")
	}
	flags.StringVar(&chosen.networkInterface, "interface", "", "Name of the interface to bind to")
	flags.StringVar(&chosen.address, "address", "", "an address (IP or DNS name) to use as a VIP")
	flags.StringVar(&chosen.subnet, "vipSubnet", "", "The prefix length of the virtual IP address")
	flags.StringVar(&chosen.port, "port", "6443", "Port for the VIP")
	flags.StringVar(&chosen.namespace, "namespace", "kube-system", "The namespace of the control plane lease")
	flags.StringVar(&chosen.kubeconfig, "k8sConfigPath", "/etc/kubernetes/admin.conf", "Path to the kubeconfig on the host")
	flags.BoolVar(&chosen.controlPlane, "controlplane", false, "Enable HA for the control plane")
	flags.BoolVar(&chosen.services, "services", false, "Enable Kubernetes services")
	flags.BoolVar(&chosen.arp, "arp", false, "Enable ARP for VIP changes")
	flags.BoolVar(&chosen.leaderElection, "leaderElection", false, "Use leader election through the Kubernetes API")
	flags.IntVar(&chosen.leaseDuration, "leaseDuration", duration, "Length of time a lease can be held, in seconds")
	flags.IntVar(&chosen.leaseRenew, "leaseRenewDuration", renew, "Length of time in which the holder renews, in seconds")
	flags.IntVar(&chosen.leaseRetry, "leaseRetry", retry, "Time between attempts to renew, in seconds")
	flags.BoolVar(&chosen.loadBalancer, "enableLoadBalancer", false, "Enable load balancing on the VIP with IPVS")
	flags.StringVar(&chosen.lbPort, "lbPort", "6443", "Port of the load balancer")
	flags.StringVar(&chosen.lbMethod, "lbForwardingMethod", "local", "Forwarding method of the load balancer")
	flags.BoolVar(&chosen.bgp, "bgp", false, "Enable BGP")
	flags.StringVar(&chosen.bgpAS, "localAS", "65000", "The local AS number")
	flags.StringVar(&chosen.bgpRouterID, "bgpRouterID", "", "The router id of this node")
	flags.StringVar(&chosen.bgpPeers, "bgppeers", "", "BGP peers, ADDRESS:AS:PASSWORD:MULTIHOP, comma separated")
	flags.StringVar(&chosen.bgpPeerAddress, "peerAddress", "", "The address of a BGP peer")
	flags.StringVar(&chosen.bgpPeerAS, "peerAS", "65000", "The AS number of a BGP peer")
	flags.StringVar(&chosen.bgpPeerPass, "peerPass", "", "The password of a BGP peer")
	return flags
}
