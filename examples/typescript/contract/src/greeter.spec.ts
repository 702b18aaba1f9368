import { GreetRequest } from "./index.js";

it("carries a name over the wire", () => {
  const request = new GreetRequest({ name: "wplug" });
  expect(GreetRequest.decode(request.encode())).toEqual(request);
});
