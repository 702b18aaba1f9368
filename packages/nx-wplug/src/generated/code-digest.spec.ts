import { emitSdk } from "../languages/assemblyscript/emit-sdk";
import { contractOf } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { codeDigest } from "./code-digest";

describe("codeDigest", () => {
  const file = (content: string) => [{ path: "a.ts", content }];
  const digest = (content: string) => codeDigest(file(content)).content;
  const code = "/** A. */\nclass A {\n  // b\n  b: i32 = 2 * 3;\n}\n";

  it("is that of the code without comments", () => {
    expect(digest(code.replace("A.", "Another text,\n * of two lines."))).toBe(digest(code));
    expect(digest(code.replace("2 * 3", "2 * 4"))).not.toBe(digest(code));
    expect(codeDigest([{ path: "b.ts", content: code }]).content).not.toBe(digest(code));
  });

  // A position in generated code would be in the wasm, and a comment changes the lines below it.
  it("says all about the wasm, as nothing in generated code traps", () => {
    const source = emitSdk(contractOf(everythingProtos))
      .map(({ content }) => content)
      .join("\n");
    expect(source).toContain("class Everything");
    expect(source).not.toMatch(/\b(throw|assert|unreachable|abort)\b(?!["'])|[\w\])]!(?!=)/);
  });
});
