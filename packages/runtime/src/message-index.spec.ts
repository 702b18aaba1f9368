import * as ofHosts from "./index.js";
import * as ofPlugins from "./message-index.js";

it("is a part of what applications import, without what loads plugins", () => {
  expect(ofHosts).toMatchObject(ofPlugins);
  expect(Object.keys(ofPlugins).sort()).toEqual(
    ["JsonError", "WireError", "WplugError", "createRegistry", "fieldsOf"].sort(),
  );
});
