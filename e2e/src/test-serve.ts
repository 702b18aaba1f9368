import { until } from "./until.js";
import { NX, type Workspace } from "./workspace.js";

const PROTO = "greeter-contract/proto/greeter.proto";
const INDEX = "greeter-plugin/assembly/index.ts";

/** A host that calls its first plugin all the time, and prints each new answer with the numbers of calls and failures. */
export const CALLING_HOST = `import { GreeterPlugin } from "@acme/greeter-contract/host";

const [path = ""] = process.argv.slice(2);
let calls = 0;
let failed = 0;
let last = "";
const greeter = await GreeterPlugin.load(path, { watch: () => {} });
console.log("host started");
for (;;) {
  calls++;
  try {
    const { message } = await greeter.sayHello({ name: "shop" });
    if (message !== last) console.log(\`\${message} (\${failed} of \${calls} calls failed)\`);
    last = message;
  } catch (error) {
    failed++;
    console.log("failed:", error);
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
`;

/** `nx serve` of the host shop, and `nx watch`, while sources are edited. */
export function testServe(workspace: () => Workspace): void {
  it("builds and loads a plugin again after an edit, between calls, without losing one", async () => {
    const user = workspace();
    user.write("shop/src/main.ts", CALLING_HOST);
    const { child, output, ended } = user.start(`${NX} serve shop`);
    const shows = (text: string, times = 1) =>
      until(() => output().split(text).length > times, output);
    const say = (greeting: string) =>
      user.edit(INDEX, (source) =>
        source.replace(/reply\.message = .*;/, `reply.message = ${greeting} + request.name;`),
      );
    try {
      await shows("Hello, shop (0 of 1 calls failed)");
      say('"Howdy, "');
      await shows("Howdy, shop");

      // A mistake: its place is shown, and the last build goes on.
      say('2 * "Servus, "');
      await shows("The last build that worked goes on.");
      expect(output()).toMatch(/greeter-plugin\/assembly\/index\.ts:\d+:\d+: /);
      say('"Servus, "');
      await shows("Servus, shop");

      // A change of the contract that a running host can live with.
      user.edit(PROTO, (proto) => proto.replace("string message = 1;", "$&\n  int32 length = 2;"));
      await shows("greeter-contract changed: building…\nBuilt.");
      user.edit(INDEX, (source) => source.replace("reply.message", "reply.length = 1;\n    $&"));
      say('"Moin, "');
      await shows("Moin, shop");
      expect(output().split("host started")).toHaveLength(2);

      // One that it would refuse.
      user.edit(PROTO, (proto) => proto.replace("version=1", "version=2"));
      await shows("host started", 2);
      await shows("Moin, shop", 2);
      expect(output()).not.toMatch(/failed:|[1-9]\d* of \d+ calls failed/);
    } finally {
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await ended;
    }
  });

  it("builds what an edit affects under nx watch, once", async () => {
    const user = workspace();
    const daemon = { NX_DAEMON: "true" };
    // The daemon is there, and watches, before anything is edited.
    user.nx("build greeter-plugin", daemon);
    const { child, output, ended } = user.start(
      `${NX} watch --projects=greeter-plugin --verbose -- ${NX} build greeter-plugin --outputStyle=static`,
      daemon,
    );
    try {
      await until(() => output().includes("watch process waiting"), output);
      user.edit(INDEX, (source) => source.replace("Hello, ", "Ahoy, "));
      await until(() => output().includes("Successfully ran target build"), output);
      // Its own output must not set it off again.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(output().split("Successfully ran target build")).toHaveLength(2);
    } finally {
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await ended;
      user.nx("reset --onlyDaemon", daemon);
    }
  });
}
