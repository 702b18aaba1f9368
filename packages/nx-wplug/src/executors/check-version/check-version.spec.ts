import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { checkVersionExecutor } from "./executor";
import type { CheckVersionExecutorSchema } from "./schema";

const PROTO = `syntax = "proto3";
package shop;
import "money.proto";
// go:plugin type=plugin version=3
service Till {
  rpc Pay(Bill) returns (Receipt);
}
// go:plugin type=plugin version=1
service Door {
  rpc Open(Key) returns (Key);
}
message Bill { Money total = 1; }
message Receipt { string text = 1; }
message Key { string id = 1; }
`;

const MONEY = `syntax = "proto3";
package shop;
message Money { int64 units = 1; }
`;

describe("check-version", () => {
  let folder: TemporaryFolder;
  let printed: string[];

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
      cwd: folder.path,
    });
  const write = (file: string, text: string) =>
    writeFileSync(join(folder.path, "libs/till/proto", file), text);

  beforeEach(() => {
    folder = new TemporaryFolder({
      "libs/till/wplug.json": { type: "contract" },
      "libs/till/proto/till.proto": PROTO,
      "libs/till/proto/money.proto": MONEY,
    });
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "start");
    printed = [];
    for (const method of ["log", "error"] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(" ")));
    }
    delete process.env["NX_BASE"];
  });

  afterEach(() => {
    jest.restoreAllMocks();
    folder.remove();
  });

  async function check(options: CheckVersionExecutorSchema = {}): Promise<[boolean, string]> {
    const context = {
      root: folder.path,
      projectName: "till",
      projectsConfigurations: { version: 2, projects: { till: { root: "libs/till" } } },
      nxJsonConfiguration: {},
    } as unknown as ExecutorContext;
    const { success } = await checkVersionExecutor(options, context);
    return [success, printed.join("\n")];
  }

  it("passes what does not break anything", async () => {
    write("till.proto", PROTO.replace("string text = 1;", "string text = 1; int32 copies = 2;"));
    expect(await check()).toEqual([
      true,
      "shop.Till: version 3, fits what was built from main\nshop.Door: version 1, fits what was built from main",
    ]);
  });

  it("says which line breaks which services, and which version to set", async () => {
    write("money.proto", MONEY.replace("int64", "string"));
    const [success, output] = await check();
    expect(success).toBe(false);
    expect(output).toBe(
      [
        "Till is still version 3, but does not fit plugins and hosts built from main:",
        '  libs/till/proto/money.proto:3:17: Field "1" with name "units" on message "Money" changed type from "int64" to "string".',
        "Set version=4 above service Till in libs/till/proto/till.proto.",
        "shop.Door: version 1, fits what was built from main",
        '"nx g wplug:bump-version till" raises the version.',
      ].join("\n"),
    );
    write("till.proto", PROTO.replace("version=3", "version=4"));
    printed = [];
    expect(await check()).toEqual([
      true,
      "shop.Till: version 4, was 3 at main\n" +
        "  A host can go on serving plugins of version 3 by TillPlugin.loadAny. Its adapter has to supply no new rpc.\n" +
        "shop.Door: version 1, fits what was built from main",
    ]);
  });

  it("explains why a new rpc needs a new version", async () => {
    write("till.proto", PROTO.replace("rpc Pay", "rpc Refund(Bill) returns (Receipt);\n  rpc Pay"));
    const [success, output] = await check();
    expect(success).toBe(false);
    expect(output).toContain(
      "Till is still version 3, but has new rpcs. Plugins built from main lack them, so that loading one fails:\n" +
        "  till_refund is not exported\n" +
        "Set version=4 above service Till",
    );
  });

  it("says what an adapter for plugins of the old version has to supply", async () => {
    const more = PROTO.replace("rpc Pay", "rpc Refund(Bill) returns (Receipt);\n  rpc Pay");
    write("till.proto", more.replace("version=3", "version=4"));
    const [success, output] = await check();
    expect(success).toBe(true);
    expect(output).toContain("Its adapter has to supply what those plugins lack: till_refund.");
  });

  it("does not let an rpc go, or a version become lower, unnoticed", async () => {
    write("till.proto", PROTO.replace("  rpc Pay(Bill) returns (Receipt);\n", ""));
    expect((await check())[1]).toMatch(/RPC "Pay" on service "Till" was deleted/);
    printed = [];
    write("till.proto", PROTO.replace("version=3", "version=2"));
    expect((await check())[1]).toContain("Till is version 2, but was version 3 at main");
  });

  it("knows what another contract broke, whose messages a service uses", async () => {
    folder.write("nx.json", {});
    folder.write("libs/till/package.json", { name: "till" });
    folder.write("libs/till/wplug.json", { type: "contract", imports: ["cash"] });
    folder.write("libs/cash/package.json", { name: "cash" });
    folder.write("libs/cash/wplug.json", { type: "contract", proto: "protos" });
    folder.write("libs/cash/protos/cash.proto", MONEY);
    rmSync(join(folder.path, "libs/till/proto/money.proto"));
    write("till.proto", PROTO.replace("money.proto", "cash.proto"));
    git("add", "-A");
    git("commit", "-qm", "share");
    expect((await check())[0]).toBe(true);
    printed = [];
    folder.write("libs/cash/protos/cash.proto", MONEY.replace("int64", "string"));
    const [success, output] = await check();
    expect(success).toBe(false);
    expect(output).toContain(
      "Till is still version 3, but does not fit plugins and hosts built from main:\n" +
        '  libs/cash/protos/cash.proto:3:17: Field "1"',
    );
    expect(output).toContain("shop.Door: version 1, fits");
  });

  it("compares a contract of a workspace that is a folder of the repository", async () => {
    write("money.proto", MONEY.replace("int64", "string"));
    const context = {
      root: join(folder.path, "libs"),
      projectName: "till",
      projectsConfigurations: { version: 2, projects: { till: { root: "till" } } },
      nxJsonConfiguration: {},
    } as unknown as ExecutorContext;
    expect(await checkVersionExecutor({}, context)).toEqual({ success: false });
    expect(printed.join("\n")).toContain("\n  till/proto/money.proto:3:17: ");
  });

  it("compares with where the branch began, and with another base if asked", async () => {
    git("checkout", "-q", "-b", "feature");
    write("money.proto", MONEY.replace("int64", "string"));
    git("commit", "-qam", "break");
    git("tag", "broken");
    expect((await check())[0]).toBe(false);
    expect((await check({ base: "broken" }))[0]).toBe(true);
    process.env["NX_BASE"] = "broken";
    expect((await check())[0]).toBe(true);
  });

  it("takes the rules that the contract names", async () => {
    writeFileSync(
      join(folder.path, "libs/till/wplug.json"),
      JSON.stringify({ type: "contract", breaking: ["MESSAGE_NO_DELETE"] }),
    );
    write("money.proto", MONEY.replace("int64", "string"));
    expect((await check())[0]).toBe(true);
  });

  it("passes a contract that was not there before", async () => {
    git("rm", "-q", "-r", "--cached", "libs");
    git("commit", "-qm", "without");
    expect(await check()).toEqual([true, "till is new since main."]);
  });

  it("says what is missing", async () => {
    expect(await check({ base: "nowhere" })).toEqual([
      false,
      'There is no commit "nowhere" to compare with: fetch it, or name another by --base or NX_BASE.',
    ]);
    printed = [];
    expect((await check({ base: "--help" }))[1]).toContain('no commit "--help"');
    printed = [];
    rmSync(join(folder.path, ".git"), { recursive: true });
    expect((await check())[1]).toContain("not in a git repository");
  });
});
