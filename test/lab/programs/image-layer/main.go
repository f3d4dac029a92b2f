// Command image-layer writes one image layer (a gzip'd tar) that holds the given files.
//
//	image-layer OUTPUT PATH_IN_IMAGE=FILE...
//
// The layer is stored, not compressed: a lab pulls it once per node over a bridge of the same machine, where
// decompression would be the slowest part. Times and owners are constant, so equal files give equal digests.
package main

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: image-layer OUTPUT PATH_IN_IMAGE=FILE...")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "image-layer:", err)
		os.Exit(1)
	}
}

func write(output string, entries []string) error {
	file, err := os.Create(output)
	if err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(file, gzip.NoCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(packed)
	made := map[string]bool{}
	for _, entry := range entries {
		inside, outside, found := strings.Cut(entry, "=")
		if !found {
			return fmt.Errorf("%q is not PATH_IN_IMAGE=FILE", entry)
		}
		if err := add(archive, made, strings.TrimPrefix(inside, "/"), outside); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return file.Close()
}

func add(archive *tar.Writer, made map[string]bool, inside, outside string) error {
	if err := addFolders(archive, made, path.Dir(inside)); err != nil {
		return err
	}
	source, err := os.Open(outside)
	if err != nil {
		return err
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{
		Name: inside, Typeflag: tar.TypeReg, Size: info.Size(), Mode: int64(info.Mode().Perm()), ModTime: time.Unix(0, 0),
	}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(archive, source)
	return err
}

func addFolders(archive *tar.Writer, made map[string]bool, folder string) error {
	if folder == "." || made[folder] {
		return nil
	}
	if err := addFolders(archive, made, path.Dir(folder)); err != nil {
		return err
	}
	made[folder] = true
	return archive.WriteHeader(&tar.Header{
		Name: folder + "/", Typeflag: tar.TypeDir, Mode: 0o755, ModTime: time.Unix(0, 0),
	})
}
