module wplug.test/interop

go 1.24.0

tool github.com/knqyf263/go-plugin/cmd/protoc-gen-go-plugin

require (
	github.com/knqyf263/go-plugin v0.9.0 // indirect
	github.com/planetscale/vtprotobuf v0.4.0 // indirect
	github.com/tetratelabs/wazero v1.9.0 // indirect
	google.golang.org/protobuf v1.30.0 // indirect
)

require wplug/well-known-types/go v0.1.0

replace wplug/well-known-types/go => ../../packages/well-known-types/go
