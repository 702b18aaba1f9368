import {
  LapTimer,
  MeasureReply,
  MeasureRequest,
  registerLapTimer,
} from "@wplug-examples/known-types-contract/assembly";
import { fail } from "@wplug/runtime/assembly";
import { timestampSub, Value, Value_KindCase } from "@wplug/well-known-types/assembly";

class StopWatch implements LapTimer {
  measure(request: MeasureRequest): MeasureReply {
    const start = request.start;
    const end = request.end;
    if (start === null || end === null) return fail<MeasureReply>("a lap has a start and an end");
    const reply = new MeasureReply();
    reply.duration = timestampSub(end, start);
    reply.name = nameOf(request.name);
    return reply;
  }
}

function nameOf(value: Value | null): string {
  if (value === null) return "a lap";
  if (value.kindCase == Value_KindCase.numberValue) {
    return "lap " + (<i32>value.numberValue).toString();
  }
  if (value.kindCase == Value_KindCase.stringValue) return value.stringValue;
  return "a lap";
}

registerLapTimer(new StopWatch());
