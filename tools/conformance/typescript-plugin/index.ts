/** Answers the requests of the runner inside of a plugin, in binary format and in JSON. */
import { registerSuite, type Suite } from "@generated/contract/plugin";

import { convert } from "./convert.js";
import type { ConformanceRequest } from "./gen/conformance/conformance.pb.js";
import { resultOf } from "./result-of.js";

class TheSuite implements Suite {
  answer(request: ConformanceRequest) {
    return { result: resultOf(request, convert) };
  }
}

registerSuite(new TheSuite());
