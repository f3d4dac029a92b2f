// Command kube-vip-stand-in takes kube-vip's place in the lab, where a real binary is not at hand.
// It is not kube-vip: it keeps only the contract that a control plane's installation relies on, that is
// `manifest pod` (text, exit codes) and `manager` (lease, address, gratuitous ARP).
package main

import (
	"fmt"
	"os"
)

// Version is the kube-vip version whose contract this binary keeps; set by -ldflags "-X main.Version=v1.1.2".
var Version = "v1.1.2"

const help = `kube-vip stand-in of the hapb lab (not kube-vip)

Usage:
  kube-vip manifest pod [flags]   print a static pod manifest
  kube-vip manager                hold the lease and the address, configured by the environment
  kube-vip version                print the version whose contract is kept
`

func main() {
	arguments := os.Args[1:]
	switch {
	case len(arguments) >= 2 && arguments[0] == "manifest" && arguments[1] == "pod":
		os.Exit(manifestPod(arguments[2:], os.Stdout, os.Stderr))
	case len(arguments) >= 1 && arguments[0] == "manager":
		os.Exit(manager())
	case len(arguments) >= 1 && arguments[0] == "version":
		fmt.Printf("%s (stand-in)\n", Version)
	case len(arguments) == 0 || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help":
		fmt.Print(help)
	default:
		fmt.Fprintf(os.Stderr, "Error: unknown command %q for \"kube-vip\" (stand-in)\n", arguments[0])
		os.Exit(1)
	}
}
