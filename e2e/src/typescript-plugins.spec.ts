import { expectFit, expectGreeting } from "./language-plugin.js";
import { CALLING_HOST } from "./test-serve.js";
import { until } from "./until.js";
import { NX, Workspace } from "./workspace.js";

const INDEX = "greeter-plugin/src/index.ts";
const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

/** Packages of different kinds. */
const PACKAGES = ["zod@4", "semver@7", "date-fns@4", "lodash-es@4", "marked@16", "ms@2", "tmp@0.2"];

/** A plugin that uses all but the one that needs Node. */
const WITH_PACKAGES = `import { addDays, formatISO } from "date-fns";
import { capitalize } from "lodash-es";
import { marked } from "marked";
import ms from "ms";
import { inc } from "semver";
import { z } from "zod";
import {
  type Greeter,
  type GreetRequest,
  registerGreeter,
} from "@acme/greeter-contract/plugin";

export class MyGreeter implements Greeter {
  sayHello(request: GreetRequest) {
    const name = z.string().min(1, "whom?").parse(request.name);
    const day = formatISO(addDays(new Date(Date.UTC(2026, 10, 24, 12)), 1), { representation: "date" });
    const parts = [capitalize(name), inc("1.2.3", "minor"), ms("2 days"), day, marked.parseInline("**a**")];
    return { message: parts.join(" ") };
  }
}

registerGreeter(new MyGreeter());
`;

describe("a plugin in TypeScript", () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    workspace.nx("g wplug:plugin greeter --directory=. --language=typescript");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
  });

  afterAll(() => workspace.remove());

  it("is built, tested as a plugin and as a class, and brought together with a host", () => {
    workspace.write(
      "greeter-plugin/test/my-greeter.spec.ts",
      `import { GreetRequest } from "@acme/greeter-contract/plugin";
import { MyGreeter } from "../src/index.js";

it("greets", () => {
  expect(new MyGreeter().sayHello(new GreetRequest({ name: "Ada" })).message).toBe("Hello, Ada");
});
`,
    );
    expectGreeting(workspace);
    expectFit(workspace);
  });

  it("has the same bytes in another folder", () => {
    const before = workspace.readBytes(WASM);
    const other = Workspace.create("ts");
    try {
      other.nx("g wplug:plugin greeter --directory=. --language=typescript");
      other.nx("build greeter-plugin");
      expect(other.readBytes(WASM).equals(before)).toBe(true);
    } finally {
      other.remove();
    }
  });

  it("refuses globals of Node in its sources, and not in its tests", () => {
    workspace.withEdit(
      INDEX,
      (source) => `${source}export const env = process.env;\n`,
      () => {
        const { exitCode, output } = workspace.run(`${NX} typecheck greeter-plugin`);
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/src\/index\.ts.*\d+.*TS2591: Cannot find name 'process'/);
      },
    );
  });

  it("is built and loaded again by nx serve after an edit, and a mistake is shown", async () => {
    const main = workspace.read("shop/src/main.ts");
    workspace.write("shop/src/main.ts", CALLING_HOST);
    const source = workspace.read(INDEX);
    const { child, output, ended } = workspace.start(`${NX} serve shop`);
    const shows = (text: string) => until(() => output().includes(text), output);
    try {
      await shows("Hello, shop (0 of 1 calls failed)");
      workspace.write(INDEX, source.replace("Hello, ", "Howdy, "));
      await shows("Howdy, shop");
      workspace.write(INDEX, source.replace("return", "return return"));
      await shows("The last build that worked goes on.");
      expect(output()).toMatch(/greeter-plugin\/src\/index\.ts:\d+:\d+/);
      workspace.write(INDEX, source.replace("Hello, ", "Moin, "));
      await shows("Moin, shop");
      expect(output()).not.toMatch(/failed:|[1-9]\d* of \d+ calls failed/);
    } finally {
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await ended;
      workspace.write(INDEX, source);
      workspace.write("shop/src/main.ts", main);
    }
  });

  it("uses packages of npm, of either kind of module, but none that needs Node", () => {
    workspace.runOk(`npm install --no-audit --no-fund ${PACKAGES.join(" ")}`);
    workspace.write(INDEX, WITH_PACKAGES);
    expect(workspace.nx("serve shop").output).toContain(
      "Shop 1.3.0 172800000 2026-11-25 <strong>a</strong>",
    );
    workspace.edit(INDEX, (source) => `import "tmp";\n${source}`);
    const { exitCode, output } = workspace.run(`${NX} build greeter-plugin`);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /greeter-plugin imports \w+, a module of Node: there is no Node inside of a plugin\./,
    );
    expect(output).toMatch(/greeter-plugin\/src\/index\.ts\s+imports node_modules\/tmp\/\S+\.js\s/);
  });
});

/** The file of docs/typescript.md, in the words of a runner. */
const MOCKED = (
  mocks: string,
): string => `import { GreetRequest, HostFunctions, Title } from "@acme/greeter-contract/plugin";
${mocks}
import { MyGreeter } from "../src/index.js";

it("asks the host for a title", () => {
  const greeter = new MyGreeter();
  const request = new GreetRequest({ name: "Ada" });
  expect(() => greeter.sayHello(request)).toThrow("use a mock");
  mocks.spyOn(HostFunctions.prototype, "findTitle").mockReturnValue(new Title({ text: "Countess" }));
  expect(greeter.sayHello(request)).toEqual({ message: "Hello, Countess Ada" });
});
`;

const WITH_TITLE = `import {
  type Greeter,
  type GreetRequest,
  HostFunctions,
  registerGreeter,
} from "@acme/greeter-contract/plugin";

export class MyGreeter implements Greeter {
  sayHello({ name }: GreetRequest) {
    const title = new HostFunctions().findTitle({ text: name }).text;
    return { message: ["Hello,", title, name].join(" ") };
  }
}

registerGreeter(new MyGreeter());
`;

describe("the class of a plugin in TypeScript, with functions of the host that are mocked", () => {
  it.each([
    ["jest", "const mocks = jest;"],
    ["vitest", 'import { expect, it, vi as mocks } from "vitest";'],
  ])("is tested by %s", (runner, mocks) => {
    const workspace = Workspace.create("ts");
    try {
      workspace.nx(
        `g wplug:plugin greeter --directory=. --language=typescript --unitTestRunner=${runner}`,
      );
      workspace.edit(
        "greeter-contract/proto/greeter.proto",
        (proto) => `${proto}
message Title { string text = 1; }
// go:plugin type=host
service HostFunctions { rpc FindTitle(Title) returns (Title); }
`,
      );
      workspace.write(INDEX, WITH_TITLE);
      workspace.write("greeter-plugin/test/greeter.spec.ts", MOCKED(mocks));
      workspace.nx("test greeter-plugin");
    } finally {
      workspace.remove();
    }
  });
});
