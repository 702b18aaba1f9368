import { raiseVersion } from "./raise-version";

const PROTO = `// go:plugin type=plugin version=1
service Greeter {}

// Says hello. Not for service Greeter:
// go:plugin type=plugin version=19
service GreeterAdmin {}
`;

it("raises the version of the one service", () => {
  expect(raiseVersion(PROTO, "Greeter", 2)).toBe(PROTO.replace("version=1\n", "version=2\n"));
  expect(raiseVersion(PROTO, "GreeterAdmin", 20)).toBe(PROTO.replace("version=19", "version=20"));
});

it("writes the version where there is none, which is 1", () => {
  const proto = `// go:plugin type=plugin version=7
service Other { rpc A(A) returns (A); } // go:plugin version=8

/*
 * Says hello; and so on }
 * go:plugin type=plugin
 */
service Greeter {}

  // go:plugin type=plugin
  // go:plugin version=3
  service Two {}
`;
  expect(raiseVersion(proto, "Greeter", 2)).toBe(
    proto.replace("go:plugin type=plugin\n */", "go:plugin type=plugin version=2\n */"),
  );
  expect(raiseVersion(proto, "Two", 4)).toBe(proto.replace("version=3", "version=4"));
  expect(raiseVersion(proto, "Other", 8)).toBe(proto.replace("version=7", "version=8"));
});

it("finds nothing where there is nothing", () => {
  expect(raiseVersion(PROTO, "Admin", 2)).toBeUndefined();
  expect(raiseVersion("service Greeter {}", "Greeter", 2)).toBeUndefined();
  expect(raiseVersion(`${PROTO}service Last {}`, "Last", 2)).toBeUndefined();
});
