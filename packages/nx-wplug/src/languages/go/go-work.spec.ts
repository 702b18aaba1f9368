import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";

import { addToGoWork } from "./go-work";

describe("addToGoWork", () => {
  const add = (text: string | undefined) => {
    const tree = createTreeWithEmptyWorkspace();
    if (text !== undefined) tree.write("go.work", text);
    addToGoWork(tree, "libs/a-plugin");
    return tree.read("go.work", "utf-8");
  };

  it("adds the module", () => {
    expect(add("go 1.24.0\n\nuse ./tools\n")).toBe(
      "go 1.24.0\n\nuse ./tools\n\nuse ./libs/a-plugin\n",
    );
  });

  it.each(["use ./libs/a-plugin\n", "use (\n\t./tools // mine\n\t./libs/a-plugin/\n)\n"])(
    "changes nothing where it is named already: %j",
    (text) => expect(add(text)).toBe(text),
  );

  it("makes no go.work", () => expect(add(undefined)).toBeNull());
});
