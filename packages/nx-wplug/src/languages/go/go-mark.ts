import type { GeneratedMark } from "../../generated/write-files";

/** https://go.dev/s/generatedcode */
export const GO_MARK: GeneratedMark = {
  extension: ".go",
  pattern: /^\/\/ Code generated .* DO NOT EDIT\.$/m,
};
