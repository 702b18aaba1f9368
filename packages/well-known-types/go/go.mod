// The well-known types that go-plugin has no packages for. Plugins that wplug generates have the packages that they need in
// their own modules; others name this one and its folder in a "replace". To publish it, let its path begin with that of the
// repository, and tag packages/well-known-types/go/v0.1.0 there.
module wplug/well-known-types/go

go 1.24.0

require (
	github.com/knqyf263/go-plugin v0.9.0
	google.golang.org/protobuf v1.30.0
)

require github.com/planetscale/vtprotobuf v0.4.0 // indirect

// Generates all but what is written by hand: "npm run well-known-types" in the repository.
tool github.com/knqyf263/go-plugin/cmd/protoc-gen-go-plugin
