import { Order } from "@wplug-examples/host-function-library-contract";
import { provideJsonParser } from "@wplug-examples/host-function-library-contract/host";

/** The library, implemented once for all plugins that use it. */
export const jsonParser = provideJsonParser({
  parseOrder({ json }) {
    try {
      return { result: { case: "order", value: Order.fromJsonString(json) } };
    } catch (error) {
      return { result: { case: "error", value: String(error) } };
    }
  },
});
