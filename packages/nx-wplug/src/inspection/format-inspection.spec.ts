import { formatInspection } from "./format-inspection";

type Inspection = Parameters<typeof formatInspection>[0]["inspection"];

const nothing: Inspection = {
  name: "plugin.wasm",
  toolchain: "other",
  services: [],
  exports: [],
  hostFunctions: [],
  wasi: [],
  producers: [],
  memory: undefined,
  parts: undefined,
  section: undefined,
  descriptors: undefined,
};

function madeBy(parts: Partial<Inspection>): string | undefined {
  return formatInspection({ inspection: { ...nothing, ...parts }, described: [] })[0];
}

describe("makers of a plugin", () => {
  it("names a compiler once that the section and the producers name", () => {
    const producers = [
      { field: "language", name: "Go", version: "go1.26.8" },
      { field: "processed-by", name: "Go cmd/compile", version: "go1.26.8" },
    ];
    expect(madeBy({ toolchain: "go", producers })).toBe(
      "made by    Go go1.26.8, Go cmd/compile go1.26.8",
    );
    const section = {
      generator: "wplug 0.1.0",
      language: "assemblyscript",
      tools: { assemblyscript: "0.28.20" },
    };
    expect(madeBy({ toolchain: "wplug", section })).toBe(
      "made by    wplug 0.1.0, assemblyscript 0.28.20",
    );
  });

  it("keeps a language whose version nobody tells", () => {
    const section = { generator: "wplug", language: "rust" };
    expect(madeBy({ toolchain: "wplug", section })).toBe("made by    wplug, rust");
  });

  it("says of unknown tools only what they say of themselves", () => {
    const producers = [{ field: "processed-by", name: "clang", version: "14.0.6" }];
    expect(madeBy({ producers })).toBe("made by    clang 14.0.6");
    expect(madeBy({})).toBe("made by    unknown tools");
  });
});
