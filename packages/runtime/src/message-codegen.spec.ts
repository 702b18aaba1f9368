import * as ofHosts from "./codegen.js";
import * as ofPlugins from "./plugin-message-codegen.js";

it("has all that generated messages call, and nothing of services", () => {
  const services = ["PluginClient", "PluginInstance", "hostLibrary"];
  const expected = Object.keys(ofHosts).filter((name) => !services.includes(name));
  expect(Object.keys(ofPlugins).sort()).toEqual(expected.sort());
});
