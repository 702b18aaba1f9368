import { testPreset } from "./test-preset.js";
import { NX, NX_VERSION, Workspace } from "./workspace.js";

// As users have it: with Nx's daemon, and each plugin of Nx in a process of its own.
const AS_USERS = { NX_DAEMON: "true", NX_ISOLATE_PLUGINS: "true", CI: "false" };

describe("in a workspace of the preset apps, with Nx's daemon", () =>
  testPreset({
    create: () => Workspace.createWith("npm", NX_VERSION, "--preset=apps", AS_USERS),
    testRunner: "jest",
    more: (workspace) => {
      afterAll(() => workspace().runOk(`${NX} daemon --stop`));

      it("the daemon sees what is edited", () => {
        const proto = "greeter-contract/proto/greeter.proto";
        workspace().edit(proto, (text) => text.replace("string name = 1;", "$&\n  int32 age = 2;"));
        workspace().nx("build greeter-plugin");
        expect(workspace().read("greeter-contract/src/gen/greeter.pb.ts")).toContain("age");
        expect(workspace().runOk(`${NX} daemon`).output).toContain("Daemon is currently running");
      });
    },
  }));
