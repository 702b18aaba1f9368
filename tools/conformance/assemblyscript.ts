import { RawPlugin } from "../../tools/raw-plugin";
import { serve } from "./testee.js";

// The plugin lies beside this file once it is bundled.
const plugin = new RawPlugin(new URL("./plugin.wasm", import.meta.url));

serve(({ payload, output }) => {
  if (payload.case !== "protobufPayload" || output !== "protobuf") {
    return { case: "skipped", value: "plugins have no JSON" };
  }
  try {
    return { case: "protobufPayload", value: plugin.call("tester_reencode", payload.value) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { case: "parseError", value: String(error) };
  }
});
