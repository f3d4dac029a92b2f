package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
)

// address is the VIP on one interface of this node.
type address struct {
	link     netlink.Link
	hardware net.HardwareAddr
	entry    *netlink.Addr
	guard    sync.Mutex
	released bool
}

func newAddress() (*address, error) {
	name := os.Getenv("vip_interface")
	if name == "" {
		return nil, errors.New("vip_interface is not set; the stand-in does not look for an interface")
	}
	link, err := netlink.LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("interface %s: %w", name, err)
	}
	prefix := fromEnvironment("vip_subnet", fromEnvironment("vip_cidr", "32"))
	entry, err := netlink.ParseAddr(os.Getenv("address") + "/" + prefix)
	if err != nil {
		return nil, err
	}
	return &address{link: link, hardware: link.Attrs().HardwareAddr, entry: entry}, nil
}

// hold puts the VIP on the interface and announces it every three seconds until ctx ends.
func (held *address) hold(ctx context.Context) {
	ticker := time.NewTicker(3 * time.Second)
	defer ticker.Stop()
	for {
		held.assert()
		select {
		case <-ctx.Done():
			held.release()
			return
		case <-ticker.C:
		}
	}
}

func (held *address) assert() {
	held.guard.Lock()
	defer held.guard.Unlock()
	if held.released {
		return
	}
	if err := netlink.AddrReplace(held.link, held.entry); err != nil {
		log.Printf("adding %s: %v", held.entry, err)
		return
	}
	if err := held.announce(); err != nil {
		log.Printf("announcing %s: %v", held.entry, err)
	}
}

// release takes the VIP off for good: an announcement that is still under way does not bring it back.
func (held *address) release() {
	held.guard.Lock()
	held.released = true
	held.guard.Unlock()
	held.remove()
}

// remove takes the VIP off, whoever put it there.
func (held *address) remove() {
	held.guard.Lock()
	defer held.guard.Unlock()
	err := netlink.AddrDel(held.link, held.entry)
	if err == nil {
		log.Printf("removed %s from %s", held.entry.IPNet, held.link.Attrs().Name)
	} else if !errors.Is(err, syscall.EADDRNOTAVAIL) {
		log.Printf("removing %s: %v", held.entry.IPNet, err)
	}
}

// announce sends a gratuitous ARP request (RFC 5227, 2.3): sender and target are both the VIP.
func (held *address) announce() error {
	ip := held.entry.IP.To4()
	if ip == nil {
		return errors.New("the stand-in announces IPv4 only")
	}
	frame := make([]byte, 42)
	broadcast := net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	copy(frame[0:6], broadcast)
	copy(frame[6:12], held.hardware)
	binary.BigEndian.PutUint16(frame[12:], syscall.ETH_P_ARP)
	binary.BigEndian.PutUint16(frame[14:], 1) // Ethernet
	binary.BigEndian.PutUint16(frame[16:], syscall.ETH_P_IP)
	frame[18], frame[19] = 6, 4
	binary.BigEndian.PutUint16(frame[20:], 1) // request
	copy(frame[22:28], held.hardware)
	copy(frame[28:32], ip)
	copy(frame[32:38], broadcast)
	copy(frame[38:42], ip)

	const protocol = syscall.ETH_P_ARP<<8&0xff00 | syscall.ETH_P_ARP>>8
	socket, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, protocol)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(socket) }()
	return syscall.Sendto(socket, frame, 0, &syscall.SockaddrLinklayer{
		Protocol: protocol, Ifindex: held.link.Attrs().Index, Halen: 6, Addr: [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	})
}
