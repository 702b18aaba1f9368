import { CodeReader } from "./code-reader.js";
import { COUNTED_MOST, LOOP } from "./cost.js";
import { skipValueType } from "./indices.js";
import { FORM } from "./instructions.js";
import { functionCount, type Layout, type SectionRange } from "./layout.js";

/**
 * What happens in a function, as far as it matters to where checks are needed. `RUN` is the cost of the instructions since the last
 * event. Branches and returns matter that leave the innermost loop.
 */
export const EVENT = {
  RUN: 0,
  BLOCK: 1,
  LOOP: 2,
  ELSE: 3,
  END: 4,
  CALL: 5,
  BULK: 6,
  BRANCH: 7,
  BRANCH_IF: 8,
  BRANCH_TABLE: 9,
  RETURN: 10,
  THROW: 11,
} as const;
/**
 * An event is its kind and a number: of a run its cost, of a loop the size of the instruction, of a call the function, of
 * a branch the label, of a bulk instruction twice what each costs, and 1 if its length has 64 bits.
 */
const KIND_BITS = 4;

export function eventKind(event: number): number {
  return event & ((1 << KIND_BITS) - 1);
}

export function eventNumber(event: number): number {
  return event >>> KIND_BITS;
}

/** The functions that have code, in the order of the module. */
export interface Outline {
  /** Of all functions, one after the other. */
  readonly events: number[];
  /** Where in the module each event is: at the beginning of its instruction, but of loops and ends behind it. */
  readonly places: number[];
  /** Where the events of each function begin; one more at the end. */
  readonly firstEvent: number[];
  /** Where in the module the body of each function begins: its locals come first. One more at the end. */
  readonly bodies: number[];
  readonly ends: number[];
  /** Of all loops in the order in which they begin, whether what they cost may be counted in a local. */
  readonly countedLoops: boolean[];
  /** How many loops come before each function. */
  readonly firstLoop: number[];
}

/** Most locals that engines take, parameters among them: https://webassembly.github.io/spec/js-api/#limits */
const MOST_LOCALS = 50_000;

/** A function's locals, which come before its code. */
export interface Locals {
  /** Where they begin, behind their number of groups. */
  readonly start: number;
  readonly groups: number;
  /** How many there are, parameters among them. */
  readonly count: number;
}

export function readLocals(reader: CodeReader, layout: Layout, index: number): Locals {
  let count = layout.parameters[layout.functionTypes[index] ?? -1] ?? -1;
  if (count < 0) reader.refuse("a function whose type is not one of functions");
  const groups = reader.u32();
  const start = reader.pos;
  for (let group = groups; group > 0; group--) {
    count += reader.u32();
    skipValueType(reader, layout.types);
  }
  return { start, groups, count };
}

/** @throws Refusal if an instruction is not known, or names what is not there */
export function outlineOf(layout: Layout, code: SectionRange): Outline {
  const outline: Outline = {
    events: [],
    places: [],
    firstEvent: [],
    bodies: [],
    ends: [],
    countedLoops: [],
    firstLoop: [],
  };
  const reader = new CodeReader(layout, code.start, code.end);
  const count = reader.u32();
  if (count !== layout.functionTypes.length) reader.refuse("functions without code", code.start);
  for (let index = 0; index < count; index++) {
    const size = reader.u32();
    const start = reader.pos;
    if (size > code.end - start) reader.refuse("a function that is cut off", start);
    outline.bodies.push(start);
    outline.ends.push(start + size);
    reader.end = start + size;
    outlineBody(reader, layout, index, outline);
    reader.end = code.end;
  }
  if (reader.pos !== code.end) reader.refuse("a section that is longer than what it holds");
  outline.firstEvent.push(outline.events.length);
  outline.firstLoop.push(outline.countedLoops.length);
  return outline;
}

function outlineBody(reader: CodeReader, layout: Layout, index: number, outline: Outline): void {
  const { events, places, countedLoops } = outline;
  outline.firstEvent.push(events.length);
  outline.firstLoop.push(countedLoops.length);
  const { count: locals } = readLocals(reader, layout, index);
  reader.locals = locals;
  const unknown = functionCount(layout);
  const loops = new OpenLoops(countedLoops, locals < MOST_LOCALS);
  let run = 0;
  const endRun = (place: number): void => {
    if (run === 0) return;
    events.push(EVENT.RUN | (run << KIND_BITS));
    places.push(place);
    run = 0;
  };
  const event = (kind: number, number: number, place: number): void => {
    endRun(reader.start);
    events.push(kind | (number << KIND_BITS));
    places.push(place);
  };
  while (reader.pos < reader.end) {
    if (loops.depth < 0) reader.refuse("code after the end of a function");
    reader.next();
    run += reader.cost;
    loops.cost += reader.cost;
    switch (reader.form) {
      case FORM.NONE:
      case FORM.LOCAL:
      case FORM.NUMBER_32:
      case FORM.ADDRESS:
        if (run > LONG_RUN) endRun(reader.pos);
        break;
      case FORM.BLOCK:
        loops.open(false);
        if (reader.opcode === TRY) loops.spoil();
        event(EVENT.BLOCK, 0, reader.start);
        break;
      case FORM.TRY_TABLE:
        loops.spoil();
        loops.open(false);
        event(EVENT.BLOCK, 0, reader.start);
        break;
      case FORM.LOOP:
        loops.open(true);
        event(EVENT.LOOP, reader.pos - reader.start, reader.pos);
        break;
      case FORM.CATCH:
      case FORM.CATCH_ALL:
      case FORM.ELSE:
        event(EVENT.ELSE, 0, reader.start);
        break;
      case FORM.DELEGATE:
      case FORM.END: {
        const wasLoop = loops.close();
        event(EVENT.END, 0, reader.pos);
        if (!wasLoop) break;
        run += LOOP;
        loops.cost += LOOP;
        break;
      }
      case FORM.CALL:
        loops.spoil();
        event(EVENT.CALL, reader.target, reader.start);
        break;
      case FORM.CALL_INDIRECT:
      case FORM.CALL_REF:
        loops.spoil();
        event(EVENT.CALL, unknown, reader.start);
        break;
      case FORM.THROW:
      case FORM.RETHROW:
        loops.spoil();
        event(EVENT.THROW, 0, reader.start);
        break;
      case FORM.BRANCH_ON:
        loops.spoil();
        break;
      case FORM.BRANCH:
        if (loops.isLeft(reader.label)) event(EVENT.BRANCH, reader.label, reader.start);
        break;
      case FORM.BRANCH_IF:
        if (!loops.isLeft(reader.label)) break;
        if (!loops.isLeftForBlock(reader.label)) loops.spoil();
        event(EVENT.BRANCH_IF, reader.label, reader.start);
        break;
      case FORM.BRANCH_TABLE: {
        const left = reader.labels.filter((label) => loops.isLeft(label));
        if (left.length === 0) break;
        if (!left.every((label) => loops.isLeftForBlock(label))) loops.spoil();
        event(EVENT.BRANCH_TABLE, 0, reader.start);
        break;
      }
      case FORM.RETURN:
        if (loops.isInLoop()) event(EVENT.RETURN, 0, reader.start);
        break;
      default:
        if (reader.bulk === 0) break;
        loops.spoil();
        event(EVENT.BULK, reader.bulk * 2 + (reader.is64 ? 1 : 0), reader.start);
    }
  }
  if (loops.depth >= 0) reader.refuse("a function that does not end");
}

/** Cost of straight code at which there is an event, so that there can be a check. */
const LONG_RUN = 256;
const TRY = 0x06;

/**
 * Finds the loops whose cost may be counted in a local: the innermost ones that call nothing. Where such a loop is left, what
 * it owes is paid at the end of the block that is left as well, so that a condition may lead to blocks only.
 */
class OpenLoops {
  /** Of the innermost block; 0 is the function's own. */
  depth = 0;
  /** Of the innermost loop. */
  cost = 0;
  private readonly isLoop = [false];
  /** Number and depth of the loops that are open, the innermost last. */
  private readonly numbers: number[] = [];
  private readonly depths: number[] = [];

  constructor(
    private readonly counted: boolean[],
    private readonly hasRoom: boolean,
  ) {}

  open(isLoop: boolean): void {
    this.isLoop[++this.depth] = isLoop;
    if (!isLoop) return;
    this.spoil();
    this.numbers.push(this.counted.length);
    this.depths.push(this.depth);
    this.counted.push(this.hasRoom);
    this.cost = 0;
  }

  /** @returns whether it was a loop */
  close(): boolean {
    if (this.isLoop[this.depth--] !== true) return false;
    if (this.cost > COUNTED_MOST) this.spoil();
    this.numbers.pop();
    this.depths.pop();
    return true;
  }

  /** The innermost loop does what can't be counted. */
  spoil(): void {
    const number = this.numbers.at(-1);
    if (number !== undefined) this.counted[number] = false;
  }

  isInLoop(): boolean {
    return this.depths.length > 0;
  }

  /** Whether a branch leaves the innermost loop. */
  isLeft(label: number): boolean {
    const loop = this.depths.at(-1);
    return loop !== undefined && this.depth - label < loop;
  }

  isLeftForBlock(label: number): boolean {
    const target = this.depth - label;
    return target > 0 && this.isLoop[target] === false;
  }
}
