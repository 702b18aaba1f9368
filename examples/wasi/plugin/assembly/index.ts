import {
  Cat,
  registerCat,
  ShowReply,
  ShowRequest,
} from "@wplug-examples/wasi-contract/assembly";
import { fail, fs } from "@wplug/runtime/assembly";

class SimpleCat implements Cat {
  show(request: ShowRequest): ShowReply {
    const text = fs.readTextFile(request.path);
    if (text === null) return fail<ShowReply>(fs.error());
    const reply = new ShowReply();
    reply.text = text;
    return reply;
  }
}

registerCat(new SimpleCat());
