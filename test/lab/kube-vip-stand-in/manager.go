package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

func fromEnvironment(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func secondsFromEnvironment(name string) (time.Duration, error) {
	seconds, err := strconv.Atoi(os.Getenv(name))
	if err != nil || seconds <= 0 {
		return 0, fmt.Errorf("%s must be a number of seconds, not %q", name, os.Getenv(name))
	}
	return time.Duration(seconds) * time.Second, nil
}

// manager holds the VIP while it holds the lease. It ends with 1 when the lease is lost, so that the kubelet starts it
// anew (as kube-vip does), and with 0 when it is told to end. Whenever it ends in order, the VIP is off the interface.
func manager() int {
	log.SetPrefix("kube-vip stand-in " + Version + ": ")
	if os.Getenv("cp_enable") != "true" || os.Getenv("vip_arp") != "true" {
		log.Print("only cp_enable=true with vip_arp=true is known to the stand-in")
		return 1
	}
	if os.Getenv("svc_enable") == "true" {
		log.Print("svc_enable: services of type LoadBalancer are not served by the stand-in")
	}
	held, err := newAddress()
	if err != nil {
		log.Print(err)
		return 1
	}
	// A predecessor that was killed may have left it behind.
	held.remove()
	serveMetrics()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if os.Getenv("vip_leaderelection") != "true" {
		held.hold(ctx)
		return 0
	}
	if err := elect(ctx, held); err != nil {
		log.Print(err)
		return 1
	}
	if ctx.Err() != nil {
		log.Print("told to end")
		return 0
	}
	log.Print("lost leadership, restarting")
	return 1
}

// elect campaigns until the lease is lost or ctx ends; the VIP is removed before it returns.
func elect(ctx context.Context, held *address) error {
	elector, err := newElector(held)
	if err != nil {
		return err
	}
	elector.Run(ctx)
	held.release()
	return nil
}

func newElector(held *address) (*leaderelection.LeaderElector, error) {
	duration, err := secondsFromEnvironment("vip_leaseduration")
	if err != nil {
		return nil, err
	}
	renew, err := secondsFromEnvironment("vip_renewdeadline")
	if err != nil {
		return nil, err
	}
	retry, err := secondsFromEnvironment("vip_retryperiod")
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.BuildConfigFromFlags("", "/etc/kubernetes/admin.conf")
	if err != nil {
		return nil, err
	}
	// The kubeconfig names the VIP, which nobody holds yet; the pod's hostAliases point `kubernetes` to this node.
	config.Host = "https://kubernetes:" + fromEnvironment("port", "6443")
	config.Timeout = renew
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	identity := os.Getenv("vip_nodename")
	log.Printf("beginning cluster membership, namespace [%s], lock name [%s], id [%s]",
		fromEnvironment("cp_namespace", "kube-system"), fromEnvironment("vip_leasename", "plndr-cp-lock"), identity)
	return leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta: metav1.ObjectMeta{
				Name:      fromEnvironment("vip_leasename", "plndr-cp-lock"),
				Namespace: fromEnvironment("cp_namespace", "kube-system"),
			},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
		},
		ReleaseOnCancel: true,
		LeaseDuration:   duration,
		RenewDeadline:   renew,
		RetryPeriod:     retry,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				log.Printf("this node is the leader: %s", identity)
				held.hold(ctx)
			},
			OnStoppedLeading: held.release,
			OnNewLeader:      func(name string) { log.Printf("new leader elected: %s", name) },
		},
	})
}

func serveMetrics() {
	listen := os.Getenv("prometheus_server")
	if listen == "" {
		return
	}
	http.HandleFunc("/metrics", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(response, "kube_vip_stand_in{version=%q} 1\n", Version)
	})
	go func() { log.Printf("metrics: %v", http.ListenAndServe(listen, nil)) }()
}
