import type { Run } from "./run.js";
import type { Workspace } from "./workspace.js";

/** The plugin `greeter-plugin` and its host `shop` pass all their tests, and one that runs gets a greeting. */
export function expectGreeting(workspace: Workspace): void {
  workspace.nx("run-many -t test handshake typecheck");
  expect(workspace.nx("serve shop").output).toContain("Hello, shop");
}

/** The host's report says that the plugin fits. */
export function expectFit(workspace: Workspace): void {
  const [handshake] = workspace.readJson<{ handshakes: { plugin: string; problems: [] }[] }>(
    "shop/dist/handshake.json",
  ).handshakes;
  expect(handshake).toMatchObject({ host: "shop", plugin: "greeter-plugin", problems: [] });
}

/** Fails with a message for people, and no stack of ours. */
export function expectFailure({ exitCode, output }: Run, message: string | RegExp): void {
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

/** Runs something while the request of the contract has a FieldMask, which go-plugin has no type for. */
export function withFieldMask(workspace: Workspace, run: () => void): void {
  workspace.withEdit(
    "greeter-contract/proto/greeter.proto",
    (proto) =>
      proto
        .replace("\npackage", 'import "google/protobuf/field_mask.proto";\npackage')
        .replace("string name = 1;", "string name = 1; google.protobuf.FieldMask mask = 2;"),
    run,
  );
}
