import type { Added, Charge } from "./added.js";
import { PADDED, PADDED_MAX, type ByteWriter } from "./byte-writer.js";
import { CodeReader } from "./code-reader.js";
import { STRETCH, UNPAID_MOST } from "./cost.js";
import { I32, OP, type Code } from "./emit.js";
import { type Layout } from "./layout.js";
import { EVENT, eventKind, eventNumber, readLocals, type Outline } from "./outline.js";
import type { Placement } from "./placement.js";

/** What a block is. */
const BLOCK = 0;
const LOOP = 1;
const COUNTED_LOOP = 2;

/** No check pays for this code: callers do. */
const UNPAID = -1;
const I32_LOCAL = [1, I32];

/** Writes functions with checks. */
export class BodyRewriter {
  private readonly reader: CodeReader;
  /** Up to where the body is written. */
  private copied = 0;
  /** The check that pays for what is being written. */
  private region = UNPAID;
  /** Where in the output the cost of each check of the function is, and what it is. */
  private readonly costAt: number[] = [];
  private readonly costs: number[] = [];
  /** Of the blocks that are open: what they are, the check that pays at their beginning, what is owed at their end. */
  private readonly kinds: number[] = [BLOCK];
  private readonly regions: number[] = [UNPAID];
  private readonly settles: boolean[] = [false];
  private depth = 0;
  /** Depth of the counted loop that is open, else 0. */
  private counted = 0;
  /** Local for what counted loops owe. */
  private debt = 0;
  private countedCheck: Charge;
  private settle: Code = [];

  /** @param points where code was copied to: offsets in the module and in the output, in turn */
  constructor(
    private readonly layout: Layout,
    private readonly outline: Outline,
    private readonly placement: Placement,
    private readonly added: Added,
    private readonly out: ByteWriter,
    private readonly points: number[] | undefined,
  ) {
    this.reader = new CodeReader(layout, 0, 0);
    this.countedCheck = added.check;
  }

  /** Writes the size and the body of a function. */
  write(index: number): void {
    const { out, outline, points, layout } = this;
    const start = outline.bodies[index]!;
    const end = outline.ends[index]!;
    if (!this.needsChecks(index)) {
      out.u32(end - start);
      points?.push(start, out.size);
      out.copy(layout.bytes, start, end);
      return;
    }
    const at = out.size;
    const firstPoint = points?.length ?? 0;
    this.reader.pos = this.copied = start;
    this.reader.end = end;
    this.rewrite(index);
    this.copyTo(end);
    for (let i = 0; i < this.costs.length; i++) {
      out.setPadded(this.costAt[i]!, Math.min(Math.max(this.costs[i]!, 1), PADDED_MAX));
    }
    const moved = out.insertSize(at);
    if (points === undefined) return;
    for (let i = firstPoint + 1; i < points.length; i += 2) points[i]! += moved;
  }

  private needsChecks(index: number): boolean {
    const { outline, placement } = this;
    const { firstLoop, firstEvent, events } = outline;
    if (placement.atEntry[index] || firstLoop[index]! < firstLoop[index + 1]!) return true;
    for (let at = firstEvent[index]!; at < firstEvent[index + 1]!; at++) {
      if (placement.beforeCall[at] === 1) return true;
      const kind = eventKind(events[at]!);
      if (kind === EVENT.BULK || kind === EVENT.THROW) return true;
    }
    return false;
  }

  private rewrite(index: number): void {
    const { reader, out, outline, placement } = this;
    const { countedLoops, firstLoop, events } = outline;
    let loop = firstLoop[index]!;
    let hasDebt = false;
    for (let i = loop; i < firstLoop[index + 1]!; i++) hasDebt ||= countedLoops[i]!;
    const locals = readLocals(reader, this.layout, index);
    if (hasDebt) {
      out.u32(locals.groups + 1);
      this.copied = locals.start;
      this.copyTo(reader.pos);
      out.bytes(I32_LOCAL);
      this.debt = locals.count;
      this.countedCheck = this.added.countedCheck(this.debt);
      this.settle = this.added.settle(this.debt);
    }
    this.costs.length = this.costAt.length = 0;
    this.region = UNPAID;
    this.depth = 0;
    if (placement.atEntry[index]) this.writeCheck(this.added.check, reader.pos);
    this.regions[0] = this.region;
    this.settles[0] = false;

    for (let at = outline.firstEvent[index]!; at < outline.firstEvent[index + 1]!; at++) {
      const event = events[at]!;
      const number = eventNumber(event);
      const place = outline.places[at]!;
      switch (eventKind(event)) {
        case EVENT.RUN:
          this.pay(number, place);
          break;
        case EVENT.BLOCK:
          this.open(BLOCK);
          break;
        case EVENT.LOOP:
          if (countedLoops[loop++]) this.openCounted(place, number);
          else this.openLoop(place);
          break;
        case EVENT.ELSE:
          this.region = this.regions[this.depth]!;
          break;
        case EVENT.END:
          this.close(place);
          break;
        case EVENT.CALL:
          if (this.region === UNPAID && placement.beforeCall[at] === 1) {
            this.writeCheck(this.added.check, place);
          }
          if (this.region !== UNPAID) this.costs[this.region]! += this.costOfCallee(number);
          break;
        case EVENT.BULK:
          this.put(this.added.payBulk(number >> 1, (number & 1) !== 0), place);
          break;
        case EVENT.THROW:
          this.put(this.added.payException, place);
          break;
        case EVENT.RETURN:
          if (this.counted > 0) this.put(this.settle, place);
          break;
        case EVENT.BRANCH:
          if (this.counted === 0) break;
          this.put(this.settle, place);
          this.writeBranch(place, number);
          break;
        case EVENT.BRANCH_IF:
          if (this.counted === 0) break;
          this.settles[this.depth - number] = true;
          this.writeBranch(place, number);
          break;
        case EVENT.BRANCH_TABLE:
          if (this.counted > 0) this.writeBranchTable(place);
      }
    }
  }

  /** The check that is in force pays for more. If it pays for much already, another one does from there on. */
  private pay(cost: number, place: number): void {
    if (this.region === UNPAID) return;
    const paid = (this.costs[this.region]! += cost);
    if (paid > STRETCH && this.counted === 0) this.writeCheck(this.added.check, place);
  }

  private costOfCallee(callee: number): number {
    return this.placement.unpaid[callee - this.layout.importedFunctions] ?? UNPAID_MOST;
  }

  private open(kind: number): void {
    const depth = ++this.depth;
    this.kinds[depth] = kind;
    this.regions[depth] = this.region;
    this.settles[depth] = false;
  }

  private openLoop(place: number): void {
    this.open(LOOP);
    this.writeCheck(this.added.check, place);
  }

  /**
   * A loop around the loop, to which it goes back to pay: without a call inside, engines keep its values in registers, and
   * unroll it.
   */
  private openCounted(place: number, size: number): void {
    this.open(COUNTED_LOOP);
    this.counted = this.depth;
    this.put(this.added.payDebt(this.debt), place);
    this.out.copy(this.layout.bytes, place - size, place);
    this.writeCheck(this.countedCheck, place);
  }

  private close(place: number): void {
    const { depth } = this;
    this.region = this.regions[depth]!;
    if (this.kinds[depth] === COUNTED_LOOP) {
      this.counted = 0;
      this.put([OP.END, ...this.settle], place);
    } else if (this.settles[depth]) {
      this.put(this.settle, place);
    }
    this.depth = depth - 1;
  }

  /** A branch that leaves a counted loop: its label has one more block to pass. */
  private writeBranch(place: number, label: number): void {
    const { out, reader } = this;
    this.copyTo(place + 1);
    out.u32(label + 1);
    reader.pos = place + 1;
    reader.skip32();
    this.skipTo(reader.pos);
  }

  private writeBranchTable(place: number): void {
    const { out, reader } = this;
    const { labels } = reader;
    reader.pos = place;
    reader.next();
    this.copyTo(place + 1);
    out.u32(labels.length - 1);
    for (const label of labels) {
      const target = this.depth - label;
      const leaves = target < this.counted;
      if (leaves) this.settles[target] = true;
      out.u32(leaves ? label + 1 : label);
    }
    this.skipTo(reader.pos);
  }

  /** From here on this check pays. */
  private writeCheck(check: Charge, at: number): void {
    const { out, costs, costAt } = this;
    this.copyTo(at);
    out.bytes(check.before);
    this.region = costs.length;
    costs.push(0);
    costAt.push(out.size);
    for (let i = 0; i < PADDED; i++) out.byte(0);
    out.bytes(check.after);
    this.points?.push(at, out.size);
  }

  private put(bytes: Code, at: number): void {
    this.copyTo(at);
    this.out.bytes(bytes);
    this.points?.push(at, this.out.size);
  }

  private skipTo(place: number): void {
    this.copied = place;
    this.points?.push(place, this.out.size);
  }

  private copyTo(end: number): void {
    const { copied } = this;
    if (copied === end) return;
    this.points?.push(copied, this.out.size);
    this.out.copy(this.layout.bytes, copied, end);
    this.copied = end;
  }
}
