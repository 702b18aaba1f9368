import { convert } from "./convert.js";
import { serve } from "./testee.js";

serve(convert);
