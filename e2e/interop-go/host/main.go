// A host as go-plugin makes them, told by JSON lines on stdin what to do. It answers each line with one on stdout.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/knqyf263/go-plugin/types/known/emptypb"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"wplug.test/interop/gen/greeter"
	"wplug.test/interop/gen/interop"
	"wplug.test/interop/gen/library"
	"wplug.test/interop/gen/next"
)

type command struct {
	Do string
	// load
	Plugin, As, Files string
	// Whether what was compiled once is used again.
	Cached bool
	// call, repeat
	Method  string
	Request []byte
	// How often to repeat, at least.
	Times        int
	Milliseconds float64
}

type answer struct {
	Error  *string `json:"error,omitempty"`
	Reply  []byte  `json:"reply,omitempty"`
	Stdout string  `json:"stdout,omitempty"`
	Stderr string  `json:"stderr,omitempty"`
	// What the function Log was told.
	Log []string `json:"log,omitempty"`
	// Bytes of the plugin's memory.
	Memory uint32 `json:"memory,omitempty"`
	// Milliseconds of the load, microseconds of a call.
	Time float64 `json:"time,omitempty"`
	// Bytes of memory that the process has.
	Resident int64 `json:"resident,omitempty"`
}

var (
	ctx            = context.Background()
	stdout, stderr bytes.Buffer
	log            []string
	current        wazero.Runtime
	cache          = wazero.NewCompilationCache()
	close          = func(context.Context) error { return nil }
	// Of plugins that stay.
	kept    []func(context.Context) error
	methods map[string]method
)

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<26)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var it command
		if err := json.Unmarshal(input.Bytes(), &it); err != nil {
			panic(err)
		}
		var result answer
		if err := run(it, &result); err != nil {
			text := err.Error()
			result.Error = &text
		}
		result.Stdout, result.Stderr, result.Log = stdout.String(), stderr.String(), log
		stdout.Reset()
		stderr.Reset()
		log = nil
		result.Resident = resident()
		if current != nil && current.Module("plugin") != nil {
			result.Memory = current.Module("plugin").Memory().Size()
		}
		if err := output.Encode(result); err != nil {
			panic(err)
		}
	}
}

func run(it command, result *answer) (err error) {
	switch it.Do {
	case "load":
		start := time.Now()
		err = load(it)
		result.Time = float64(time.Since(start).Microseconds()) / 1000
		debug.FreeOSMemory()
		return err
	case "keep":
		// Loading another one leaves this one as it is.
		kept = append(kept, close)
		close = func(context.Context) error { return nil }
		return nil
	case "call":
		result.Reply, err = methods[it.Method].call(it.Request)
		return err
	}
	call, err := methods[it.Method].prepare(it.Request)
	if err != nil {
		return err
	}
	calls := 0
	start := time.Now()
	for calls < it.Times || time.Since(start).Seconds()*1000 < it.Milliseconds {
		// Reading the clock costs time too.
		for range 20 {
			err = call()
		}
		calls += 20
	}
	result.Time = float64(time.Since(start).Nanoseconds()) / 1000 / float64(calls)
	if it.Times > 0 {
		// What is left after it is held by someone.
		debug.FreeOSMemory()
	}
	return err
}

func load(it command) (err error) {
	if err := close(ctx); err != nil {
		return err
	}
	files := wazero.NewFSConfig()
	if it.Files != "" {
		files = files.WithReadOnlyDirMount(it.Files, "/data")
	}
	config := wazero.NewModuleConfig().WithStartFunctions("_initialize").WithName("plugin").
		WithStdout(&stdout).WithStderr(&stderr).WithFSConfig(files)
	// As go-plugin makes one, and the library beside it.
	newRuntime := func(ctx context.Context) (wazero.Runtime, error) {
		config := wazero.NewRuntimeConfig()
		if it.Cached {
			config = config.WithCompilationCache(cache)
		}
		current = wazero.NewRuntimeWithConfig(ctx, config)
		if _, err := wasi_snapshot_preview1.Instantiate(ctx, current); err != nil {
			return nil, err
		}
		return current, library.Instantiate(ctx, current, counter{})
	}
	methods = map[string]method{}
	switch it.As {
	case "interop":
		var loader *interop.InteropPlugin
		if loader, err = interop.NewInteropPlugin(ctx, interop.WazeroRuntime(newRuntime), interop.WazeroModuleConfig(config)); err != nil {
			return err
		}
		plugin, err := loader.Load(ctx, it.Plugin, host{})
		if err != nil {
			return err
		}
		close = plugin.Close
		add("greet", plugin.Greet)
		add("change", plugin.Change)
		add("collect", plugin.Collect)
		add("toggle", plugin.Toggle)
		add("choose", plugin.Choose)
		add("know", plugin.Know)
		add("describe", plugin.Describe)
		add("nothing", plugin.Nothing)
		add("fill", plugin.Fill)
		add("drop", plugin.Drop)
		add("fail", plugin.Fail)
		add("ask", plugin.Ask)
		add("tell", plugin.Tell)
		add("count", plugin.Count)
		add("readFile", plugin.ReadFile)
		add("writeFile", plugin.WriteFile)
		add("print", plugin.Print)
		add("crash", plugin.Crash)
	case "next":
		loader, err := next.NewInteropPlugin(ctx, next.WazeroRuntime(newRuntime), next.WazeroModuleConfig(config))
		if err != nil {
			return err
		}
		_, err = loader.Load(ctx, it.Plugin, nil)
		return err
	case "other":
		loader, err := next.NewOtherPlugin(ctx, next.WazeroRuntime(newRuntime), next.WazeroModuleConfig(config))
		if err != nil {
			return err
		}
		_, err = loader.Load(ctx, it.Plugin, nil)
		return err
	case "greeter":
		loader, err := greeter.NewGreeterPlugin(ctx, greeter.WazeroRuntime(newRuntime), greeter.WazeroModuleConfig(config))
		if err != nil {
			return err
		}
		plugin, err := loader.Load(ctx, it.Plugin, directory{})
		if err != nil {
			return err
		}
		close = plugin.Close
		add("sayHello", plugin.SayHello)
	default:
		return fmt.Errorf("load as %q?", it.As)
	}
	return nil
}

// A message of generated code.
type message[T any] interface {
	*T
	MarshalVT() ([]byte, error)
	UnmarshalVT([]byte) error
}

// A typed method of a plugin.
type method struct {
	// Calls it once, with bytes.
	call func(request []byte) ([]byte, error)
	// Makes a function that calls it.
	prepare func(request []byte) (func() error, error)
}

func add[I, O any, PI message[I], PO message[O]](name string, rpc func(context.Context, PI) (PO, error)) {
	decode := func(request []byte) (PI, error) {
		input := PI(new(I))
		if err := input.UnmarshalVT(request); err != nil {
			return nil, err
		}
		return input, understood(input)
	}
	methods[name] = method{
		call: func(request []byte) ([]byte, error) {
			input, err := decode(request)
			if err != nil {
				return nil, err
			}
			reply, err := rpc(ctx, input)
			if err != nil {
				return nil, err
			}
			if err := understood(reply); err != nil {
				return nil, err
			}
			return reply.MarshalVT()
		},
		prepare: func(request []byte) (func() error, error) {
			input, err := decode(request)
			return func() error {
				_, err := rpc(ctx, input)
				return err
			}, err
		},
	}
}

// Go keeps fields that it does not know and would write them again: that would look like an answer.
func understood(message any) error {
	return findUnknown(reflect.ValueOf(message))
}

func findUnknown(value reflect.Value) error {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			return findUnknown(value.Elem())
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Pointer {
			for i := range value.Len() {
				if err := findUnknown(value.Index(i)); err != nil {
					return err
				}
			}
		}
	case reflect.Map:
		for entries := value.MapRange(); entries.Next(); {
			if err := findUnknown(entries.Value()); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range value.NumField() {
			name := value.Type().Field(i).Name
			if name == "unknownFields" && value.Field(i).Len() > 0 {
				return fmt.Errorf("Go does not know a field of %s: %x", value.Type(), value.Field(i).Bytes())
			}
			if value.Type().Field(i).IsExported() {
				if err := findUnknown(value.Field(i)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

type host struct{}

func (host) Answer(_ context.Context, it *interop.Text) (*interop.Text, error) {
	switch it.Text {
	case "large":
		return &interop.Text{Text: strings.Repeat("x", 100_000)}, nil
	case "fail":
		return nil, errors.New("the host does not know")
	}
	return &interop.Text{Text: "answer to " + it.Text}, nil
}

func (host) Log(_ context.Context, it *interop.Text) (*emptypb.Empty, error) {
	log = append(log, it.Text)
	return &emptypb.Empty{}, nil
}

func (host) Tick(context.Context, *emptypb.Empty) (*interop.Text, error) {
	return &interop.Text{Text: "tick"}, nil
}

type counter struct{}

func (counter) Length(_ context.Context, it *library.LengthRequest) (*library.LengthReply, error) {
	return &library.LengthReply{Length: uint32(len(it.Text))}, nil
}

type directory struct{}

func (directory) FindTitle(_ context.Context, it *greeter.TitleRequest) (*greeter.TitleReply, error) {
	if it.Name == "Ada" {
		return &greeter.TitleReply{Title: "Countess"}, nil
	}
	return &greeter.TitleReply{}, nil
}

// Bytes of memory that the process has, on Linux.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	fmt.Sscan(string(text), &size, &pages)
	return pages * int64(os.Getpagesize())
}
