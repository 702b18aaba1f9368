// Package wellknown has functions for the well-known types of go-plugin, where those have none.
package wellknown

import (
	"fmt"
	"strings"

	"github.com/knqyf263/go-plugin/types/known/anypb"
)

const prefix = "type.googleapis.com/"

// AnyPack packs a message. Its name, such as `greeter.v1.GreetRequest`, is to be given: messages of go-plugin do not know it.
func AnyPack(typeName string, message interface{ MarshalVT() ([]byte, error) }) (*anypb.Any, error) {
	value, err := message.MarshalVT()
	if err != nil {
		return nil, err
	}
	return &anypb.Any{TypeUrl: prefix + typeName, Value: value}, nil
}

// AnyMessageName is the name of the type of what is packed: what comes after the last `/` of the URL. "" if there is nothing.
func AnyMessageName(packed *anypb.Any) string {
	url := packed.GetTypeUrl()
	return url[strings.LastIndexByte(url, '/')+1:]
}

// AnyIs tells whether a message of this name is packed.
func AnyIs(packed *anypb.Any, typeName string) bool {
	return packed.GetTypeUrl() != "" && AnyMessageName(packed) == typeName
}

// AnyUnpack reads the packed message into one of that name, which should be empty. It is an error if it has another name, or
// the bytes are no such message.
func AnyUnpack(packed *anypb.Any, typeName string, into interface{ UnmarshalVT([]byte) error }) error {
	if !AnyIs(packed, typeName) {
		return fmt.Errorf("mismatched message type: got %q, want %q", AnyMessageName(packed), typeName)
	}
	return into.UnmarshalVT(packed.GetValue())
}
