import {
  HostFunctions,
  HttpGetRequest,
  Level,
  LogRequest,
  registerWeather,
  ReportReply,
  ReportRequest,
  Weather,
} from "@wplug-examples/host-functions-contract/assembly";
import { fail } from "@wplug/runtime/assembly";

const host = new HostFunctions();

class ShortWeather implements Weather {
  report(request: ReportRequest): ReportReply {
    const city = request.city;
    const page = new HttpGetRequest();
    page.path = "/" + city.toLowerCase();
    // The host fetches the page; to the plugin it is a function that returns.
    const answer = host.httpGet(page);
    if (answer.status != 200) {
      log(Level.WARN, "no report", city, answer.status.toString());
      return fail<ReportReply>("nothing is known about the weather in " + city);
    }
    log(Level.INFO, "report", city, answer.status.toString());
    const reply = new ReportReply();
    reply.text = city + ": " + answer.body;
    return reply;
  }
}

function log(level: Level, message: string, city: string, status: string): void {
  const request = new LogRequest();
  request.level = level;
  request.message = message;
  request.fields.set("city", city);
  request.fields.set("status", status);
  host.log(request);
}

registerWeather(new ShortWeather());
