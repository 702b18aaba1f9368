import { join } from "node:path";

import { transformedPackages } from "../jest/transformed-packages";
import { TemporaryFolder } from "../testing/temporary-folder";
import { contractSources } from "./contract-sources";
import { installedContract } from "./installed-contracts";

describe("a contract of another repository", () => {
  const installed = "node_modules/@acme";
  const folder = new TemporaryFolder({
    "nx.json": {},
    [`${installed}/order/wplug.json`]: { type: "contract", imports: ["money-contract"] },
    [`${installed}/order/package.json`]: {
      name: "@acme/order",
      dependencies: { "@acme/money": "1", other: "1" },
      nx: { name: "order-contract" },
    },
    [`${installed}/money/wplug.json`]: { type: "contract", proto: "protos" },
    [`${installed}/money/package.json`]: { name: "@acme/money", nx: { name: "money-contract" } },
    "node_modules/other/package.json": { name: "other" },
    "p/wplug.json": { type: "plugin", contract: "@acme/order" },
    "p/project.json": { name: "p" },
  });
  afterAll(() => folder.remove());

  const packagePath = (name: string) => join(folder.path, installed, name);

  it("is found by the name of its package", () => {
    expect(installedContract("@acme/order", join(folder.path, "p"))).toBe(packagePath("order"));
    expect(installedContract("other", folder.path)).toBeUndefined();
    expect(installedContract("@acme/nothing", folder.path)).toBeUndefined();
  });

  it("finds what it imports among its dependencies, by the names of their projects", () => {
    expect(contractSources(packagePath("order"))).toMatchObject({
      protoRoot: join(packagePath("order"), "proto"),
      imports: [
        {
          contract: "money-contract",
          importPath: "@acme/money",
          protoRoot: join(packagePath("money"), "protos"),
          isDirect: true,
        },
      ],
    });
  });

  it("is transformed for jest with those, in the tests of its plugins", () => {
    expect(transformedPackages(join(folder.path, "p"))).toEqual(["@acme/order", "@acme/money"]);
    expect(transformedPackages(folder.path)).toEqual([]);
  });
});
