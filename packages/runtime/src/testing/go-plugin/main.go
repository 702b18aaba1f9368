// A plugin of the service test.v1.Greeter that uses WASI as programs of Go do: the name in the request is a command line,
// the name in the answer what came of it.
package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
	"unsafe"
)

func main() {}

var blocks = map[uint32][]byte{}

//go:wasmexport malloc
func malloc(size uint32) uint32 {
	block := make([]byte, size)
	address := uint32(uintptr(unsafe.Pointer(unsafe.SliceData(block))))
	blocks[address] = block
	return address
}

//go:wasmexport free
func free(address uint32) { delete(blocks, address) }

//go:wasmexport greeter_api_version
func apiVersion() uint64 { return 1 }

// The answer must stay where it is until the host has read it.
var answer []byte

// Both messages have one string in field 1, of less than 16,384 bytes.
//
//go:wasmexport greeter_say_hello
func sayHello(address, size uint32) uint64 {
	request := blocks[address][:size]
	start := 2
	if len(request) > 1 && request[1] >= 0x80 {
		start = 3
	}
	text, err := run(strings.Fields(string(request[min(start, len(request)):])))
	if err != nil {
		answer = []byte(err.Error())
		return pack(answer, 1<<31)
	}
	answer = append([]byte{0x0a, byte(len(text)) | 0x80, byte(len(text) >> 7)}, text...)
	return pack(answer, 0)
}

func pack(bytes []byte, flag uint64) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))<<32 | flag | uint64(len(bytes))
}

func run(words []string) (string, error) {
	switch words[0] {
	case "read":
		text, err := os.ReadFile(words[1])
		return string(text), err
	case "write":
		return "", os.WriteFile(words[1], []byte(strings.Join(words[2:], " ")), 0o644)
	case "append":
		file, err := os.OpenFile(words[1], os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return "", err
		}
		defer file.Close()
		_, err = file.WriteString(words[2])
		return "", err
	case "create":
		file, err := os.OpenFile(words[1], os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
		if err != nil {
			return "", err
		}
		return "", file.Close()
	case "seek":
		return seek(words[1])
	case "list":
		var names []string
		err := filepath.WalkDir(words[1], func(path string, entry os.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				path += "/"
			}
			names = append(names, path)
			return err
		})
		sort.Strings(names)
		return strings.Join(names, " "), err
	case "count":
		entries, err := os.ReadDir(words[1])
		return fmt.Sprint(len(entries)), err
	case "stat":
		info, err := os.Stat(words[1])
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d %v %s", info.Size(), info.IsDir(), info.ModTime().UTC().Format(time.RFC3339)), nil
	case "times":
		moment := time.Unix(1_000_000_000, 0)
		return "", os.Chtimes(words[1], moment, moment)
	case "mkdir":
		return "", os.MkdirAll(words[1], 0o755)
	case "rename":
		return "", os.Rename(words[1], words[2])
	case "remove":
		return "", os.RemoveAll(words[1])
	case "truncate":
		return "", os.Truncate(words[1], 2)
	case "link":
		return "", os.Symlink(words[1], words[2])
	case "hardlink":
		return "", os.Link(words[1], words[2])
	case "readlink":
		return os.Readlink(words[1])
	case "open-many":
		for i := 0; ; i++ {
			if _, err := os.Open(words[1]); err != nil {
				return fmt.Sprint(i), err
			}
		}
	case "open-close":
		for range 1100 {
			file, err := os.Open(words[1])
			if err != nil {
				return "", err
			}
			file.Close()
		}
		return "", nil
	case "sleep":
		start := time.Now()
		time.Sleep(30 * time.Millisecond)
		return fmt.Sprint(time.Since(start) >= 30*time.Millisecond), nil
	case "now":
		return time.Now().UTC().Format(time.RFC3339Nano), nil
	case "random":
		bytes := make([]byte, 4)
		rand.Read(bytes)
		return fmt.Sprintf("%x", bytes), nil
	case "env":
		return strings.Join(os.Environ(), " ") + "|" + strings.Join(os.Args, " "), nil
	case "stdin":
		text, err := io.ReadAll(os.Stdin)
		return fmt.Sprintf("%q", text), err
	case "print":
		fmt.Println(words[1])
		fmt.Fprintln(os.Stderr, words[1])
		return "", nil
	case "panic":
		panic(words[1])
	case "exit":
		os.Exit(3)
	case "deadlock":
		select {}
	}
	return "", errors.New("no such command")
}

func seek(path string) (string, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer file.Close()
	end, _ := file.Seek(-3, io.SeekEnd)
	file.Write([]byte("END"))
	file.Seek(0, io.SeekStart)
	first := make([]byte, 2)
	file.Read(first)
	at := make([]byte, 2)
	file.ReadAt(at, 1)
	file.WriteAt([]byte("_"), 0)
	all, err := os.ReadFile(path)
	return fmt.Sprintf("%d %s %s %s", end, first, at, all), err
}
