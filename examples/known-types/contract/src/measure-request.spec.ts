import { MeasureRequest } from "./index.js";

it("has the JSON of well-known types", () => {
  const request = MeasureRequest.fromJson({ start: "2026-11-23T10:00:00.5Z", name: ["first", 1] });
  expect(request.start?.nanos).toBe(500_000_000);
  expect(request.toJson()).toEqual({ start: "2026-11-23T10:00:00.500Z", name: ["first", 1] });
});
