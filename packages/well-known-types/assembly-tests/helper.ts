import { Answer, Helper, Question, registerHelper } from "@test/contract/assembly";
import { fail } from "@wplug/runtime/assembly";
import {
  anyIs,
  anyMessageName,
  anyPack,
  anyUnpack,
  boolValue,
  durationAdd,
  durationCheckValid,
  durationCompare,
  durationFormat,
  durationFromMs,
  durationFromNanos,
  durationMs,
  durationNanos,
  durationParse,
  durationSub,
  fieldMaskApply,
  fieldMaskCovers,
  fieldMaskIntersect,
  fieldMaskIsValid,
  fieldMaskNormalize,
  fieldMaskOf,
  fieldMaskUnion,
  int64Value,
  listFrom,
  StringValue,
  stringValue,
  structGet,
  structSet,
  structFromJson,
  structToJson,
  Struct,
  Timestamp,
  timestampAdd,
  timestampCheckValid,
  timestampCompare,
  timestampFormat,
  timestampFromMs,
  timestampFromNanos,
  timestampMs,
  timestampNanos,
  timestampNow,
  timestampParse,
  timestampSub,
  Type,
  Value,
  valueAsBool,
  valueAsList,
  valueAsNumber,
  valueAsString,
  valueAsStruct,
  valueBool,
  valueFromJson,
  valueIsNull,
  valueList,
  valueNull,
  valueNumber,
  valueString,
  valueStruct,
  valueToJson,
} from "@wplug/well-known-types/assembly";

/** Calls the function that the tests name. */
class TheHelper implements Helper {
  run(question: Question): Answer {
    const answer = new Answer();
    const name = question.name;
    if (name.startsWith("timestamp")) return ofTimestamp(name, question, answer);
    if (name.startsWith("duration")) return ofDuration(name, question, answer);
    if (name.startsWith("any")) return ofAny(name, question, answer);
    if (name.startsWith("fieldMask")) return ofFieldMask(name, question, answer);
    return ofValue(name, question, answer);
  }
}

function ofTimestamp(name: string, question: Question, answer: Answer): Answer {
  if (name == "timestampNow") answer.timestamp = timestampNow();
  else if (name == "timestampFromMs") answer.timestamp = timestampFromMs(question.number);
  else if (name == "timestampFromNanos") answer.timestamp = timestampFromNanos(question.number);
  else if (name == "timestampParse") {
    const parsed = timestampParse(question.text);
    if (parsed === null) return fail<Answer>("no time");
    answer.timestamp = parsed;
  } else if (name == "timestampCheckValid") {
    const problem = timestampCheckValid(question.a);
    answer.text = problem === null ? "" : problem;
  } else {
    const a = question.a!;
    if (name == "timestampMs") answer.number = timestampMs(a);
    else if (name == "timestampNanos") answer.number = timestampNanos(a);
    else if (name == "timestampFormat") answer.text = timestampFormat(a);
    else if (name == "timestampCompare") answer.number = timestampCompare(a, question.b!);
    else if (name == "timestampAdd") answer.timestamp = timestampAdd(a, question.c!);
    else answer.duration = timestampSub(a, question.b!);
  }
  return answer;
}

function ofDuration(name: string, question: Question, answer: Answer): Answer {
  if (name == "durationFromMs") answer.duration = durationFromMs(question.number);
  else if (name == "durationFromNanos") answer.duration = durationFromNanos(question.number);
  else if (name == "durationParse") {
    const parsed = durationParse(question.text);
    if (parsed === null) return fail<Answer>("no duration");
    answer.duration = parsed;
  } else if (name == "durationCheckValid") {
    const problem = durationCheckValid(question.c);
    answer.text = problem === null ? "" : problem;
  } else {
    const c = question.c!;
    if (name == "durationMs") answer.number = durationMs(c);
    else if (name == "durationNanos") answer.number = durationNanos(c);
    else if (name == "durationFormat") answer.text = durationFormat(c);
    else if (name == "durationCompare") answer.number = durationCompare(c, question.d!);
    else if (name == "durationAdd") answer.duration = durationAdd(c, question.d!);
    else answer.duration = durationSub(c, question.d!);
  }
  return answer;
}

function ofAny(name: string, question: Question, answer: Answer): Answer {
  const any = question.any;
  if (name == "anyPack") answer.any = anyPack<Timestamp>(question.a!);
  else if (name == "anyIs") answer.yes = anyIs<Timestamp>(any);
  else if (name == "anyMessageName") answer.text = anyMessageName(any!);
  else {
    const unpacked = anyUnpack<Timestamp>(any!);
    if (unpacked === null) return fail<Answer>("no timestamp");
    answer.timestamp = unpacked;
    if (anyUnpack<StringValue>(any!) !== null) return fail<Answer>("a string too");
  }
  return answer;
}

function ofFieldMask(name: string, question: Question, answer: Answer): Answer {
  const mask = question.mask!;
  if (name == "fieldMaskNormalize") answer.paths = fieldMaskNormalize(mask).paths;
  else if (name == "fieldMaskUnion") answer.paths = fieldMaskUnion(mask, question.other!).paths;
  else if (name == "fieldMaskIntersect")
    answer.paths = fieldMaskIntersect(mask, question.other!).paths;
  else if (name == "fieldMaskCovers") answer.yes = fieldMaskCovers(mask, question.text);
  else if (name == "fieldMaskIsValid") answer.yes = fieldMaskIsValid<Type>(mask);
  else if (name == "fieldMaskOf") {
    const made = fieldMaskOf<Type>(mask.paths);
    if (made === null) return fail<Answer>("no such path");
    answer.paths = made.paths;
  } else if (name == "fieldMaskApplyToValue") {
    answer.value = fieldMaskApply<Value>(mask, question.value!, question.otherValue!);
  } else {
    const applied = fieldMaskApply<Type>(mask, question.source!, question.target!);
    if (applied === null) return fail<Answer>("no such path");
    answer.type = applied;
  }
  return answer;
}

function ofValue(name: string, question: Question, answer: Answer): Answer {
  if (name == "valueToJson") answer.text = valueToJson(question.value);
  else if (name == "valueFromJson") {
    const value = valueFromJson(question.text);
    if (value === null) return fail<Answer>("no JSON");
    answer.value = value;
  } else if (name == "structFromJson") {
    const struct = structFromJson(question.text);
    if (struct === null) return fail<Answer>("no object");
    answer.text = structToJson(struct);
  } else if (name == "read") {
    const struct = valueAsStruct(question.value)!;
    const items = valueAsList(structGet(struct, "items"));
    answer.text =
      valueAsString(structGet(struct, "name"), "nobody") +
      " " +
      valueAsNumber(structGet(struct, "age"), -1).toString() +
      " " +
      valueAsBool(structGet(struct, "yes")).toString() +
      " " +
      valueIsNull(structGet(struct, "nothing")).toString() +
      " " +
      items.length.toString() +
      valueAsString(structGet(struct, "age"), " otherwise");
  } else if (name == "build") {
    const struct = new Struct();
    structSet(struct, "name", valueString("Ada"));
    structSet(struct, "list", valueList(listFrom([valueNumber(1), valueBool(true), valueNull()])));
    structSet(struct, "struct", valueStruct(structSet(new Struct(), "x", valueNumber(0.5))));
    answer.value = valueStruct(struct);
  } else {
    answer.text = stringValue("s").value;
    answer.number = int64Value(-5).value;
    answer.yes = boolValue(true).value;
  }
  return answer;
}

registerHelper(new TheHelper());
