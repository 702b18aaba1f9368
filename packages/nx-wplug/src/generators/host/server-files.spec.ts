import { join } from "node:path";

import { generateFiles, readJson, type Tree, workspaceRoot } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import { flushChanges } from "nx/src/generators/tree";

import { manifestProblems } from "../../testing/manifest-problems";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { contractGenerator } from "../contract/generator";
import { hostGenerator } from "./generator";
import { resourceName, serverSubstitutions } from "./server-files";

// That the server runs, answers and ends without losing a call is tested end to end.

const skipFormat = true;
const MANIFESTS = ["deployment", "service", "autoscaling", "disruption-budget"];

let folder: TemporaryFolder;
let tree: Tree;

beforeAll(async () => {
  process.env["INIT_CWD"] = workspaceRoot;
  // With a file, as Nx waits for the first one of a workspace that it has never seen.
  folder = new TemporaryFolder({ "nx.json": {} });
  tree = createTreeWithEmptyWorkspace();
  tree.write("package.json", JSON.stringify({ name: "@acme/source" }));
  tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
  tree.root = folder.path;
  await contractGenerator(tree, { name: "greeter", skipFormat });
  // Services are read from the disk, by buf.
  flushChanges(tree.root, tree.listChanges());
});

afterAll(() => folder.remove());

const text = (path: string): string => tree.read(path, "utf-8") ?? "";

describe("a host that serves", () => {
  beforeAll(() =>
    hostGenerator(tree, { name: "web-shop", contract: "greeter", serve: true, skipFormat }),
  );

  it("is a server with a test of its own, and gets Connect as packages for run time", () => {
    expect(text("web-shop/src/server.ts")).toContain("connectRoutes(GreeterPlugin, plugin");
    expect(text("web-shop/src/main.spec.ts")).toContain("GreeterPlugin.connect(transport)");
    expect(tree.exists("web-shop/src/run-plugins.ts")).toBe(false);
    const { dependencies } = readJson<{ dependencies: object }>(tree, "package.json");
    expect(Object.keys(dependencies)).toEqual(
      expect.arrayContaining([
        "@bufbuild/protobuf",
        "@connectrpc/connect",
        "@connectrpc/connect-node",
        "@wplug/runtime",
      ]),
    );
  });

  it("is built in one image and run in another, without a shell and by nobody special", () => {
    const dockerfile = text("web-shop/Dockerfile");
    expect(dockerfile).toContain("RUN npm ci\nRUN npx nx build web-shop\n");
    expect(dockerfile).toMatch(/^FROM \S*distroless\S*:nonroot$/m);
    expect(dockerfile).toContain("USER 65532:65532");
    expect(tree.exists("web-shop/Dockerfile.dockerignore")).toBe(true);
  });

  it.each(MANIFESTS)("has a manifest that Kubernetes takes: %s", (name) => {
    expect(manifestProblems(text(`web-shop/kubernetes/${name}.yaml`))).toEqual([]);
  });

  it.each([
    ["maxUnavailable: 0", "maxUnavailabel: 0", "'\"maxUnavailabel\"' does not exist"],
    ["failureThreshold: 60", "failureThreshold: 1.5", "failureThreshold"],
    ["image:", "picture:", "'\"picture\"' does not exist"],
    ["kind: Deployment", "kind: Deploymint", "Cannot find module"],
  ])("would not pass this check with a mistake: %s as %s", (right, wrong, problem) => {
    const manifest = text("web-shop/kubernetes/deployment.yaml");
    expect(manifest).toContain(right);
    expect(manifestProblems(manifest.replace(right, wrong)).join("\n")).toContain(problem);
  });

  it("is called the same in all manifests, by a name that Kubernetes takes", () => {
    for (const name of MANIFESTS) {
      expect(text(`web-shop/kubernetes/${name}.yaml`)).toContain("\n  name: web-shop\n");
    }
  });
});

it("a server gives its host functions to the plugin, where the contract has any", async () => {
  const other = createTreeWithEmptyWorkspace();
  other.write("package.json", JSON.stringify({ name: "@acme/source" }));
  other.root = folder.path;
  await contractGenerator(other, { name: "browser", skipFormat });
  other.write(
    "browser-contract/proto/browser.proto",
    `syntax = "proto3"; package browser;
    message Url { string url = 1; } message Page { string text = 1; }
    // go:plugin type=host
    service Web { rpc HttpGet(Url) returns (Page); }
    // go:plugin type=plugin version=1
    service Browser { rpc Browse(Url) returns (Page); }`,
  );
  flushChanges(other.root, other.listChanges());
  await hostGenerator(other, { name: "proxy", contract: "browser", serve: true, skipFormat });
  expect(other.read("proxy/src/server.ts", "utf-8")).toContain("    host: hostFunctions,\n");
  expect(other.exists("proxy/src/host-functions.ts")).toBe(true);
});

it.each([
  ["pnpm", "pnpm-lock.yaml", "RUN corepack enable && pnpm install --frozen-lockfile"],
  ["yarn", "yarn.lock", "RUN corepack enable && yarn install --immutable"],
  ["bun", "bun.lock", "RUN npm install --global bun && bun install --frozen-lockfile"],
])("a server is installed by %s where the workspace is", (_manager, lockfile, line) => {
  const workspace = new TemporaryFolder({ [lockfile]: "" });
  const other = createTreeWithEmptyWorkspace();
  other.root = workspace.path;
  const shop = { name: "shop", root: "shop" };
  generateFiles(other, join(__dirname, "files-server"), "shop", {
    ...shop,
    ...serverSubstitutions(other, shop),
    importPath: "@acme/greeter-contract",
    service: { name: "Greeter" },
    tmpl: "",
  });
  expect(other.read("shop/Dockerfile", "utf-8")).toContain(`\n${line}\n`);
  workspace.remove();
});

it("a page can't serve", async () => {
  const options = { name: "page", contract: "greeter", skipFormat } as const;
  await expect(
    hostGenerator(tree, { ...options, serve: true, platform: "browser" }),
  ).rejects.toThrow("leave out --platform=browser, or --serve");
});

it("names for Kubernetes begin with a letter, and have letters, digits and single hyphens only", () => {
  expect(resourceName("@acme/web.shop")).toBe("acme-web-shop");
  expect(resourceName("2-shop-")).toBe("shop");
  expect(resourceName("店")).toBe("server");
  expect(resourceName(`${"a".repeat(62)}-b`)).toBe("a".repeat(62));
});
