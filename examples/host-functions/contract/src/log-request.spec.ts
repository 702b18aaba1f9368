import { Level, LogRequest } from "./index.js";

it("has levels and fields", () => {
  const request = LogRequest.fromJson({ level: "LEVEL_WARN", fields: { city: "Berlin" } });
  expect(request.level).toBe(Level.WARN);
  expect(request.fields.get("city")).toBe("Berlin");
});
