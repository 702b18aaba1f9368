// A plugin of interop.v1 as go-plugin makes them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/knqyf263/go-plugin/types/known/durationpb"
	"github.com/knqyf263/go-plugin/types/known/emptypb"
	"github.com/knqyf263/go-plugin/types/known/structpb"
	"github.com/knqyf263/go-plugin/types/known/timestamppb"
	"github.com/knqyf263/go-plugin/types/known/typepb"
	"github.com/knqyf263/go-plugin/types/known/wrapperspb"

	"wplug/well-known-types/go/apipb"

	"wplug.test/interop/gen/interop"
	"wplug.test/interop/gen/library"
)

// Not called: the Go toolchain wants one.
func main() {}

func init() { interop.RegisterInterop(plugin{}) }

type plugin struct{}

func (plugin) Greet(_ context.Context, it *interop.Text) (*interop.Text, error) {
	return &interop.Text{Text: "Hello, " + it.Text}, nil
}

func (plugin) Change(_ context.Context, it *interop.Fields) (*interop.Fields, error) {
	it.Double *= 2
	it.Float *= 2
	it.Int32++
	it.Int64++
	it.Uint32++
	it.Uint64++
	it.Sint32++
	it.Sint64++
	it.Fixed32++
	it.Fixed64++
	it.Sfixed32++
	it.Sfixed64++
	it.Bool = !it.Bool
	it.String_ += "!"
	it.Bytes = append(it.Bytes, 0xff)
	it.List = append(it.List, "last")
	if it.Map == nil {
		it.Map = map[string]*interop.Number{}
	}
	for _, number := range it.Map {
		number.Number++
	}
	it.Map["new"] = &interop.Number{}
	if it.Nested == nil {
		it.Nested = &interop.Fields_Nested{}
	} else {
		it.Nested.Kind = interop.Fields_Nested_KNOWN
		it.Nested.Text += "!"
	}
	it.Color++
	return it, nil
}

func (plugin) Collect(_ context.Context, it *interop.Collections) (*interop.Collections, error) {
	slices.Reverse(it.Doubles)
	slices.Reverse(it.Floats)
	slices.Reverse(it.Int32S)
	slices.Reverse(it.Int64S)
	slices.Reverse(it.Uint32S)
	slices.Reverse(it.Uint64S)
	slices.Reverse(it.Sint32S)
	slices.Reverse(it.Sint64S)
	slices.Reverse(it.Fixed32S)
	slices.Reverse(it.Fixed64S)
	slices.Reverse(it.Sfixed32S)
	slices.Reverse(it.Sfixed64S)
	slices.Reverse(it.Bools)
	slices.Reverse(it.Strings)
	slices.Reverse(it.Bytes)
	slices.Reverse(it.Colors)
	slices.Reverse(it.Numbers)
	slices.Reverse(it.Unpacked)
	exclaim(it.ByInt32)
	exclaim(it.ByInt64)
	exclaim(it.ByUint32)
	exclaim(it.ByUint64)
	exclaim(it.BySint32)
	exclaim(it.BySint64)
	exclaim(it.ByFixed32)
	exclaim(it.ByFixed64)
	exclaim(it.BySfixed32)
	exclaim(it.BySfixed64)
	exclaim(it.ByBool)
	exclaim(it.ByString)
	delete(it.DoubleOf, "gone")
	delete(it.Sint64Of, "gone")
	delete(it.Fixed32Of, "gone")
	delete(it.BoolOf, "gone")
	delete(it.BytesOf, "gone")
	delete(it.ColorOf, "gone")
	delete(it.NumberOf, "gone")
	delete(it.TimestampOf, "gone")
	return it, nil
}

func exclaim[K comparable](values map[K]string) {
	for key := range values {
		values[key] += "!"
	}
}

func (plugin) Toggle(_ context.Context, it *interop.Presence) (*interop.Presence, error) {
	other := &interop.Presence{
		Double:   toggle(it.Double),
		Float:    toggle(it.Float),
		Int32:    toggle(it.Int32),
		Int64:    toggle(it.Int64),
		Uint32:   toggle(it.Uint32),
		Sint64:   toggle(it.Sint64),
		Fixed32:  toggle(it.Fixed32),
		Sfixed64: toggle(it.Sfixed64),
		Bool:     toggle(it.Bool),
		String_:  toggle(it.String_),
		Color:    toggle(it.Color),
	}
	if it.Bytes == nil {
		other.Bytes = []byte{}
	}
	if it.Number == nil {
		other.Number = &interop.Number{}
	}
	return other, nil
}

func toggle[T any](value *T) *T {
	if value != nil {
		return nil
	}
	return new(T)
}

func (plugin) Choose(_ context.Context, it *interop.Choice) (*interop.Choice, error) {
	next := &interop.Choice{}
	switch choice := it.Choice.(type) {
	case nil:
		next.Choice = &interop.Choice_Text{}
	case *interop.Choice_Text:
		next.Choice = &interop.Choice_Number{Number: int32(len(choice.Text))}
	case *interop.Choice_Number:
		next.Choice = &interop.Choice_Bytes{Bytes: make([]byte, choice.Number)}
	case *interop.Choice_Bytes:
		next.Choice = &interop.Choice_Message{Message: &interop.Number{Number: int32(len(choice.Bytes))}}
	case *interop.Choice_Message:
		next.Choice = &interop.Choice_Flag{Flag: choice.Message.Number == 0}
	}
	return next, nil
}

func (plugin) Know(_ context.Context, it *interop.KnownTypes) (*interop.KnownTypes, error) {
	it.Timestamp.Seconds++
	it.Duration = &durationpb.Duration{Seconds: -it.Duration.Seconds, Nanos: -it.Duration.Nanos}
	it.Any.TypeUrl += "!"
	it.Struct.Fields["seen"] = structpb.NewBoolValue(true)
	it.Value = structpb.NewStringValue("a value")
	slices.Reverse(it.List.Values)
	it.Source.FileName += "!"
	it.Double = wrapperspb.Double(it.Double.Value * 2)
	it.Float = wrapperspb.Float(it.Float.Value * 2)
	it.Int64 = wrapperspb.Int64(it.Int64.Value + 1)
	it.Uint64 = wrapperspb.UInt64(it.Uint64.Value + 1)
	it.Int32 = wrapperspb.Int32(it.Int32.Value + 1)
	it.Uint32 = wrapperspb.UInt32(it.Uint32.Value + 1)
	it.Bool = wrapperspb.Bool(!it.Bool.Value)
	it.String_ = wrapperspb.String(it.String_.Value + "!")
	it.Bytes = wrapperspb.Bytes(make([]byte, len(it.Bytes.Value)))
	it.Timestamps = append(it.Timestamps, &timestamppb.Timestamp{})
	return it, nil
}

func (plugin) Describe(_ context.Context, it *interop.Descriptions) (*interop.Descriptions, error) {
	it.Mask.Paths = append(it.Mask.Paths, "last")
	it.MessageType.Name += "!"
	slices.Reverse(it.MessageType.Fields)
	it.MessageType.Fields[0].Kind = typepb.Field_TYPE_BOOL
	it.MessageType.Options[0].Value.TypeUrl += "!"
	it.MessageType.SourceContext.FileName += "!"
	it.EnumType.Name += "!"
	it.EnumType.Enumvalue[0].Number++
	it.Api.Name += "!"
	it.Api.Methods[0].ResponseStreaming = !it.Api.Methods[0].ResponseStreaming
	it.Api.Mixins = append(it.Api.Mixins, &apipb.Mixin{Name: "last"})
	name := it.File.GetName() + "!"
	it.File.Name = &name
	it.File.MessageType[0].Field[0].Number = nil
	it.File.Dependency = append(it.File.Dependency, "last")
	it.Syntax++
	it.Kind++
	it.Cardinality++
	it.NullValue = structpb.NullValue_NULL_VALUE.Enum()
	it.NullValues = append(it.NullValues, structpb.NullValue_NULL_VALUE)
	it.EnumValues = append(it.EnumValues, &typepb.EnumValue{Name: "last"})
	delete(it.MaskOf, "gone")
	delete(it.SyntaxOf, "gone")
	switch part := it.Part.(type) {
	case *interop.Descriptions_Method:
		part.Method.Name += "!"
	case *interop.Descriptions_Mixin:
		part.Mixin.Root += "!"
	case *interop.Descriptions_Field:
		part.Field.JsonName += "!"
	case *interop.Descriptions_Option:
		part.Option.Name += "!"
	}
	return it, nil
}

func (plugin) Nothing(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (plugin) Fill(context.Context, *emptypb.Empty) (*interop.Text, error) {
	return &interop.Text{Text: "filled"}, nil
}

func (plugin) Drop(context.Context, *interop.Text) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (plugin) Fail(_ context.Context, it *interop.Text) (*interop.Text, error) {
	return nil, errors.New(it.Text)
}

func (plugin) Ask(ctx context.Context, it *interop.Text) (*interop.Text, error) {
	return interop.NewHost().Answer(ctx, it)
}

func (plugin) Tell(ctx context.Context, it *interop.Text) (*interop.Text, error) {
	if _, err := interop.NewHost().Log(ctx, it); err != nil {
		return nil, err
	}
	return interop.NewHost().Tick(ctx, &emptypb.Empty{})
}

func (plugin) Count(ctx context.Context, it *interop.Text) (*interop.Text, error) {
	reply, err := library.NewCounter().Length(ctx, &library.LengthRequest{Text: it.Text})
	if err != nil {
		return nil, err
	}
	return &interop.Text{Text: strconv.Itoa(int(reply.Length))}, nil
}

func (plugin) ReadFile(_ context.Context, it *interop.Text) (*interop.Text, error) {
	content, err := os.ReadFile(it.Text)
	return &interop.Text{Text: string(content)}, err
}

func (plugin) WriteFile(_ context.Context, it *interop.Text) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, os.WriteFile(it.Text, []byte("written"), 0o644)
}

func (plugin) Print(_ context.Context, it *interop.Text) (*emptypb.Empty, error) {
	fmt.Println("out: " + it.Text)
	fmt.Fprintln(os.Stderr, "err: "+it.Text)
	return &emptypb.Empty{}, nil
}

func (plugin) Crash(_ context.Context, it *interop.Text) (*emptypb.Empty, error) {
	switch it.Text {
	case "panic":
		panic("thrown on purpose")
	case "exit":
		os.Exit(3)
	case "deadlock":
		select {}
	}
	return &emptypb.Empty{}, nil
}
