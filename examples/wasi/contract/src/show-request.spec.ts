import { ShowRequest } from "./index.js";

it("has a path", () => {
  expect(ShowRequest.decode(new ShowRequest({ path: "/a" }).encode()).path).toBe("/a");
});
