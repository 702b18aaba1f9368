import {
  Browser,
  JsonParser,
  Nothing,
  Page,
  registerBrowser,
  ShopFunctions,
  Url,
} from "@test/contract/assembly";
import { fail } from "@wplug/runtime/assembly";

/** Does with the host what the tests ask for. */
class TheBrowser implements Browser {
  browse(request: Url): Page {
    const host = new ShopFunctions();
    const url = request.url;
    if (url.startsWith("json:")) {
      const number = new JsonParser().parseNumber({ text: url.slice(5) });
      return { text: (number.value * 2).toString() };
    }
    if (url.startsWith("fail:")) {
      // What the calls inside of this one do must not matter.
      const failure = fail<Page>("failed at " + url);
      host.httpGet({ url: url.slice(5) });
      return failure;
    }
    const before = "[".repeat(3);
    host.log({ text: "gets " + url });
    const page = host.httpGet(request);
    host.ping({});
    // Objects that were there before the host was called, and new ones.
    return { text: before + page.text + "]".repeat(3) };
  }

  ping(request: Nothing): Nothing {
    return new ShopFunctions().ping(request);
  }
}

registerBrowser(new TheBrowser());
