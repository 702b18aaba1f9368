// Go's protojson for the well-known types, told by JSON lines on stdin what to do. It answers each line with one on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	_ "google.golang.org/protobuf/types/known/anypb"
	_ "google.golang.org/protobuf/types/known/apipb"
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/emptypb"
	_ "google.golang.org/protobuf/types/known/fieldmaskpb"
	_ "google.golang.org/protobuf/types/known/sourcecontextpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/typepb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

// To write: bytes in base64. To read: JSON.
type request struct {
	Type  string
	Bytes []byte
	JSON  *string
}

type answer struct {
	JSON  *string `json:"json,omitempty"`
	Bytes *[]byte `json:"bytes,omitempty"`
	Error string  `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		result, err := do(asked)
		if err != nil {
			result = answer{Error: err.Error()}
		}
		if err := out.Encode(result); err != nil {
			panic(err)
		}
	}
}

func do(asked request) (answer, error) {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(asked.Type))
	if err != nil {
		return answer{}, err
	}
	message := found.New().Interface()
	if asked.JSON != nil {
		if err := protojson.Unmarshal([]byte(*asked.JSON), message); err != nil {
			return answer{}, err
		}
		bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
		return answer{Bytes: &bytes}, err
	}
	if err := proto.Unmarshal(asked.Bytes, message); err != nil {
		return answer{}, err
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		return answer{}, err
	}
	written := string(text)
	return answer{JSON: &written}, nil
}
