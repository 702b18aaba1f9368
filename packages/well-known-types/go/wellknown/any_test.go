package wellknown

import (
	"testing"

	"github.com/knqyf263/go-plugin/types/known/anypb"
	"github.com/knqyf263/go-plugin/types/known/durationpb"
)

const duration = "google.protobuf.Duration"

func TestAnyPacksAndUnpacksMessages(t *testing.T) {
	packed, err := AnyPack(duration, &durationpb.Duration{Seconds: 3})
	if err != nil {
		t.Fatal(err)
	}
	if packed.TypeUrl != "type.googleapis.com/google.protobuf.Duration" || AnyMessageName(packed) != duration {
		t.Error(packed.TypeUrl)
	}
	var unpacked durationpb.Duration
	if err := AnyUnpack(packed, duration, &unpacked); err != nil || unpacked.Seconds != 3 {
		t.Error(err, unpacked.Seconds)
	}
}

func TestAnySaysWhatItCannotUnpack(t *testing.T) {
	packed := &anypb.Any{TypeUrl: "example.com/a/greeter.v1.Text", Value: []byte{0xff}}
	if AnyIs(packed, duration) || AnyIs(nil, "") || !AnyIs(packed, "greeter.v1.Text") {
		t.Error("AnyIs")
	}
	want := `mismatched message type: got "greeter.v1.Text", want "google.protobuf.Duration"`
	if err := AnyUnpack(packed, duration, &durationpb.Duration{}); err == nil || err.Error() != want {
		t.Error(err)
	}
	if err := AnyUnpack(packed, "greeter.v1.Text", &durationpb.Duration{}); err == nil {
		t.Error("no message, and no error")
	}
}
