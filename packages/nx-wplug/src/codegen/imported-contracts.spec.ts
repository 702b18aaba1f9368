import { join } from "node:path";

import { isUsersToMend } from "../errors/is-users-to-mend";
import { TemporaryFolder } from "../testing/temporary-folder";
import { emitContract } from "./generate-contract";

const MONEY = `syntax = "proto3";
package money.v1;
enum Currency { CURRENCY_UNSPECIFIED = 0; CURRENCY_EUR = 1; }
message Money {
  Currency currency = 1;
  message Part { int32 share = 1; }
}
// go:plugin type=plugin version=1
service Rates { rpc Convert(Money) returns (Money); }
`;

const ORDER = `syntax = "proto3";
package order.v1;
import "money/v1/money.proto";
// go:plugin type=plugin version=1
service Orders { rpc Pay(money.v1.Money) returns (Order); }
message Order {
  money.v1.Money total = 1;
  repeated money.v1.Money parts = 2;
  map<string, money.v1.Currency> currencies = 3;
  oneof discount { money.v1.Money amount = 4; money.v1.Money.Part part = 5; }
}
`;

/** Two contracts; in a workspace of packages. */
const FILES = {
  "nx.json": {},
  "libs/money/wplug.json": { type: "contract" },
  "libs/money/package.json": { name: "@acme/money", nx: { name: "money-contract" } },
  "libs/money/proto/money/v1/money.proto": MONEY,
  "order/wplug.json": { type: "contract", imports: ["money-contract"] },
  "order/package.json": { name: "@acme/order", nx: { name: "order-contract" } },
  "order/proto/order.proto": ORDER,
};

describe("a contract that imports another one", () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  /** What is generated for `order`, by path. */
  async function emit(files: Record<string, string | object>): Promise<Record<string, string>> {
    folder = new TemporaryFolder(files);
    const outputs = await emitContract(join(folder.path, "order"));
    return Object.fromEntries(
      outputs.flatMap((output) =>
        output.files.map(({ path, content }) => [
          `${output.folder.slice(folder.path.length + 1)}/${path}`,
          content,
        ]),
      ),
    );
  }

  /** What is wrong, with paths relative to the workspace. */
  async function problem(files: Record<string, string | object>): Promise<string> {
    const error: unknown = await emit(files).catch((reason: unknown) => reason);
    if (!isUsersToMend(error)) throw error;
    return error.message.replaceAll(/(\.\.\/)*\S*wplug-test-\w+\//g, "");
  }

  it("uses the classes of the other's package, and has no copies of them", async () => {
    const generated = await emit(FILES);
    const texts = Object.values(generated).join("\n");
    expect(texts).not.toMatch(/class (Money|Rates)|enum Currency/);
    expect(generated["order/src/gen/order.pb.ts"]).toContain(
      'from "@acme/money/gen/money/v1/money.pb"',
    );
    expect(generated["order/src/gen/order.json.ts"]).toContain(
      'import { $Currency } from "@acme/money/gen/money/v1/money.json";',
    );
    expect(generated["order/src/gen/order.host.ts"]).toContain(
      'from "@acme/money/gen/money/v1/money.pb"',
    );
    // The type of an rpc that no message has.
    expect(generated["order/src/gen/host.ts"]).toContain(
      'import "@acme/money/gen/money/v1/money.json";',
    );
    expect(generated["order/assembly/gen/order.pb.ts"]).toContain(
      'import { Currency, Money, Money_Part } from "@acme/money/assembly/gen/money/v1/money.pb";',
    );
    expect(generated["order/assembly/gen/order.plugin.ts"]).toContain(
      'import { Money } from "@acme/money/assembly/gen/money/v1/money.pb";',
    );
    // Whose plugins implement the other's services is another matter.
    expect(generated["order/assembly/gen/entry.ts"]).not.toContain("rates");
  });

  it("is the same in a workspace of paths", async () => {
    const rest = Object.fromEntries(
      Object.entries(FILES).filter(([path]) => !path.endsWith("package.json")),
    );
    const generated = await emit({
      ...rest,
      "libs/money/project.json": { name: "money-contract" },
      "order/project.json": { name: "order-contract" },
      "tsconfig.base.json": {
        compilerOptions: { paths: { "@acme/money": ["libs/money/src/index.ts"] } },
      },
    });
    expect(generated["order/src/gen/order.pb.ts"]).toContain(
      'from "@acme/money/gen/money/v1/money.pb"',
    );
  });

  it("passes on what it imports publicly", async () => {
    const generated = await emit({
      ...FILES,
      "order/proto/order.proto": ORDER.replace("import", "import public"),
    });
    expect(generated["order/src/gen/order.pb.ts"]).toContain(
      'export * from "@acme/money/gen/money/v1/money.pb";',
    );
    expect(generated["order/assembly/gen/order.pb.ts"]).toContain(
      'export * from "@acme/money/assembly/gen/money/v1/money.pb";',
    );
  });

  it("says which contract has a file, if wplug.json does not name it", async () => {
    const files = { ...FILES, "order/wplug.json": { type: "contract" } };
    expect(await problem(files)).toContain(
      'order/proto/order.proto:3:1: the imported file "money/v1/money.proto" is of money-contract: add "money-contract" to "imports" in wplug.json',
    );
  });

  it("names the import for a type that is in the other contract", async () => {
    const files = { ...FILES, "order/proto/order.proto": ORDER.replace(/import.*\n/, "") };
    expect(await problem(files)).toContain(
      'money.v1.Money is declared in libs/money/proto/money/v1/money.proto:4: add import "money/v1/money.proto";',
    );
  });

  it("names all contracts of a circle", async () => {
    const money = { type: "contract", imports: ["order-contract"] };
    expect(await problem({ ...FILES, "libs/money/wplug.json": money })).toBe(
      '"imports" in wplug.json goes in a circle: order-contract -> money-contract -> order-contract. ' +
        "Leave one of them out, and move what both need to a contract of its own.",
    );
    const itself = { type: "contract", imports: ["order-contract"] };
    expect(await problem({ ...FILES, "order/wplug.json": itself })).toBe(
      '"imports" in the wplug.json of order-contract names itself.',
    );
  });

  it("says that there is no such contract", async () => {
    const files = { ...FILES, "order/wplug.json": { type: "contract", imports: ["cash"] } };
    expect(await problem(files)).toBe(
      'order/wplug.json: "imports" names cash, and there is no such project: see "nx show projects".',
    );
    const plugin = { type: "plugin", contract: "order-contract" };
    expect(await problem({ ...FILES, "libs/money/wplug.json": plugin })).toBe(
      'order/wplug.json: "imports" names money-contract, which is a plugin: only contracts have protos to import.',
    );
  });

  it("has no file of the same path", async () => {
    const files = { ...FILES, "order/proto/money/v1/money.proto": MONEY };
    expect(await problem(files)).toBe(
      'order/proto/money/v1/money.proto and libs/money/proto/money/v1/money.proto are both "money/v1/money.proto" to ' +
        "Protocol Buffers: move one of them into a folder named after its package.",
    );
  });

  it("depends itself on every contract whose types it uses", async () => {
    const problems = await problem({
      ...FILES,
      "shop/wplug.json": { type: "contract", imports: ["money-contract"] },
      "shop/project.json": { name: "shop-contract" },
      "shop/package.json": { name: "@acme/shop" },
      "shop/proto/shop.proto": `syntax = "proto3"; package shop; import public "money/v1/money.proto";`,
      "order/wplug.json": { type: "contract", imports: ["shop-contract"] },
      "order/proto/order.proto": ORDER.replace("money/v1/money.proto", "shop.proto"),
    });
    expect(problems).toContain(
      'order/proto/order.proto:7:3: money.v1.Money is of money-contract: add "money-contract" to "imports" in wplug.json',
    );
    expect(problems).toContain("order/proto/order.proto:5:26: money.v1.Money is of money-contract");
  });
});
