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

it("finds nothing where there is nothing", () => {
  expect(raiseVersion(PROTO, "Admin", 2)).toBeUndefined();
  expect(raiseVersion("service Greeter {}", "Greeter", 2)).toBeUndefined();
});
