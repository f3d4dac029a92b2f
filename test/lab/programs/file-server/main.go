// Command file-server serves a folder over HTTP: the lab's package repositories.
//
//	file-server ADDRESS FOLDER
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: file-server ADDRESS FOLDER")
		os.Exit(2)
	}
	err := http.ListenAndServe(os.Args[1], http.FileServer(http.Dir(os.Args[2])))
	fmt.Fprintln(os.Stderr, "file-server:", err)
	os.Exit(1)
}
