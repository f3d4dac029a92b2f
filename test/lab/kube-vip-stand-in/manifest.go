package main

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// manifestPod prints the static pod manifest and returns the exit code, as observed of real kube-vip
// (test/golden/kube-vip): without an address it prints help, and from v0.8.10 on it still exits 0.
func manifestPod(arguments []string, stdout, stderr io.Writer) int {
	var chosen options
	flags := flagSet(&chosen)
	if err := flags.Parse(arguments); err != nil {
		const undefined = "flag provided but not defined: -"
		message := err.Error()
		if name, found := strings.CutPrefix(message, undefined); found {
			message = "unknown flag: --" + name
		}
		fmt.Fprintf(stderr, "Error: %s\nUsage:\n  kube-vip manifest pod [flags]\n", message)
		fmt.Fprintln(stdout, message)
		return 1
	}
	if chosen.address == "" {
		fmt.Fprintln(stdout, "Generate a Pod Manifest\n\nUsage:\n  kube-vip manifest pod [flags]\n\nFlags:")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		if before09() {
			fmt.Fprintf(stderr, "time=%q level=fatal msg=\"No address is specified for kube-vip to expose services on\"\n",
				time.Now().Format(time.RFC3339))
			return 1
		}
		fmt.Fprintln(stderr, "ERROR no address is specified for kube-vip to expose services on")
		return 0
	}
	fmt.Fprintln(stdout, pod(chosen))
	return 0
}

var plain = regexp.MustCompile(`^[A-Za-z/:][-A-Za-z0-9_./:,]*$|^[0-9]+\.[0-9]+\.[0-9]+[-0-9.:,a-z]*$`)

// scalar quotes what YAML would read as something else than a string.
func scalar(value string) string {
	if value == "true" || value == "false" || !plain.MatchString(value) {
		return strconv.Quote(value)
	}
	return value
}

func environment(chosen options) string {
	var text strings.Builder
	set := func(name, value string) {
		fmt.Fprintf(&text, "    - name: %s\n", name)
		if value != "" {
			fmt.Fprintf(&text, "      value: %s\n", scalar(value))
		}
	}
	set("vip_arp", strconv.FormatBool(chosen.arp))
	set("port", chosen.port)
	text.WriteString("    - name: vip_nodename\n      valueFrom:\n        fieldRef:\n          fieldPath: spec.nodeName\n")
	if chosen.networkInterface != "" {
		set("vip_interface", chosen.networkInterface)
	}
	setSubnet(set, chosen)
	set("dns_mode", "first")
	if !before09() {
		set("dhcp_mode", "ipv4")
	}
	if chosen.controlPlane {
		set("cp_enable", "true")
		set("cp_namespace", chosen.namespace)
	}
	if chosen.services {
		set("svc_enable", "true")
		set("svc_leasename", "plndr-svcs-lock")
	}
	if chosen.leaderElection {
		set("vip_leaderelection", "true")
		set("vip_leasename", "plndr-cp-lock")
		set("vip_leaseduration", strconv.Itoa(chosen.leaseDuration))
		set("vip_renewdeadline", strconv.Itoa(chosen.leaseRenew))
		set("vip_retryperiod", strconv.Itoa(chosen.leaseRetry))
	}
	if chosen.bgp {
		set("bgp_enable", "true")
		set("bgp_routerid", chosen.bgpRouterID)
		set("bgp_as", chosen.bgpAS)
		set("bgp_peeraddress", chosen.bgpPeerAddress)
		set("bgp_peerpass", chosen.bgpPeerPass)
		set("bgp_peeras", chosen.bgpPeerAS)
		if chosen.bgpPeers != "" {
			set("bgp_peers", chosen.bgpPeers)
		}
	}
	if chosen.loadBalancer {
		set("lb_enable", "true")
		set("lb_port", chosen.lbPort)
		set("lb_fwdmethod", chosen.lbMethod)
	}
	set("address", chosen.address)
	set("prometheus_server", ":2112")
	return text.String()
}

func setSubnet(set func(name, value string), chosen options) {
	if before09() {
		set("vip_cidr", chosen.cidr)
		if chosen.subnet != "" {
			set("vip_subnet", chosen.subnet)
		}
		return
	}
	subnet := chosen.subnet
	if subnet == "" {
		subnet = "32"
		if address := net.ParseIP(chosen.address); address != nil && address.To4() == nil {
			subnet = "128"
		}
	}
	set("vip_subnet", subnet)
}

func pod(chosen options) string {
	timestamp, drop := "", "        drop:\n        - ALL\n"
	if before09() {
		timestamp, drop = "  creationTimestamp: null\n", ""
	}
	return "apiVersion: v1\nkind: Pod\nmetadata:\n" + timestamp +
		"  name: kube-vip\n  namespace: kube-system\nspec:\n  containers:\n  - args:\n    - manager\n    env:\n" +
		environment(chosen) +
		"    image: ghcr.io/kube-vip/kube-vip:" + Version + "\n    imagePullPolicy: IfNotPresent\n    name: kube-vip\n" +
		"    resources: {}\n    securityContext:\n      capabilities:\n        add:\n        - NET_ADMIN\n        - NET_RAW\n" +
		drop +
		"    volumeMounts:\n    - mountPath: /etc/kubernetes/admin.conf\n      name: kubeconfig\n" +
		"  hostAliases:\n  - hostnames:\n    - kubernetes\n    ip: 127.0.0.1\n  hostNetwork: true\n" +
		"  volumes:\n  - hostPath:\n      path: " + chosen.kubeconfig + "\n    name: kubeconfig\nstatus: {}\n"
}
