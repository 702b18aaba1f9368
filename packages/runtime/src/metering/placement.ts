import { CALL_CHECKS_MOST, UNPAID_MOST } from "./cost.js";
import { EVENT, eventKind, eventNumber, type Outline } from "./outline.js";

/** Where the functions of a module check, besides the headers of all loops. */
export interface Placement {
  /** Whether each function checks when it is entered. */
  readonly atEntry: boolean[];
  /** Of all events: whether there is a check before this call. */
  readonly beforeCall: Uint8Array;
  /** What each function costs until its first check or end, at most. Who calls it pays for that. */
  readonly unpaid: number[];
}

/**
 * A function needs no check of its own if it does little: who calls it pays. Or if it does little on the way that it takes most
 * often: it checks before the calls that lie on others. In each cycle of calls there is a check, as a function
 * that calls what is not known yet, itself among that, checks before.
 */
export function placeChecks(outline: Outline, imported: number): Placement {
  const count = outline.bodies.length;
  const placement: Placement = {
    atEntry: new Array<boolean>(count).fill(true),
    beforeCall: new Uint8Array(outline.events.length),
    unpaid: new Array<number>(count).fill(0),
  };
  const isKnown = new Uint8Array(count);
  const knownCost = (callee: number): number =>
    isKnown[callee - imported] === 1 ? placement.unpaid[callee - imported]! : -1;
  calleesFirst(outline, imported, (index) => {
    placeIn(outline, index, knownCost, placement);
    isKnown[index] = 1;
  });
  return placement;
}

/** Visits each function after those that it calls, as far as they don't call it in turn. Chains of calls are as long as modules. */
function calleesFirst(outline: Outline, imported: number, visit: (index: number) => void): void {
  const { events, firstEvent } = outline;
  const isNew = new Uint8Array(outline.bodies.length).fill(1);
  /** Functions that wait for those that they call, and up to where in their events the search has come. */
  const open: number[] = [];
  const positions: number[] = [];
  const enter = (index: number): void => {
    isNew[index] = 0;
    open.push(index);
    positions.push(firstEvent[index]!);
  };
  for (let first = 0; first < isNew.length; first++) {
    if (isNew[first] === 1) enter(first);
    for (let index; (index = open.at(-1)) !== undefined; ) {
      const end = firstEvent[index + 1]!;
      let position = positions.at(-1)!;
      let callee = -1;
      for (; position < end && isNew[callee] !== 1; position++) {
        const event = events[position]!;
        if (eventKind(event) === EVENT.CALL) callee = eventNumber(event) - imported;
      }
      positions[positions.length - 1] = position;
      if (isNew[callee] === 1) {
        enter(callee);
        continue;
      }
      visit(index);
      open.pop();
      positions.pop();
    }
  }
}

/** @param knownCost what a function costs until it checks; below 0 if that is not known */
function placeIn(
  outline: Outline,
  index: number,
  knownCost: (callee: number) => number,
  placement: Placement,
): void {
  const { events, firstEvent } = outline;
  const { beforeCall } = placement;
  /** Whether what follows is paid for, and the same of the blocks around. */
  let isPaid = false;
  const outer: boolean[] = [];
  let unpaid = 0;
  let checks = 0;
  for (let at = firstEvent[index]!; at < firstEvent[index + 1]!; at++) {
    const event = events[at]!;
    const number = eventNumber(event);
    switch (eventKind(event)) {
      case EVENT.RUN:
        if (!isPaid) unpaid += number;
        break;
      case EVENT.BLOCK:
        outer.push(isPaid);
        break;
      case EVENT.LOOP:
        outer.push(isPaid);
        isPaid = true;
        break;
      case EVENT.ELSE:
        isPaid = outer.at(-1) ?? false;
        break;
      case EVENT.END:
        isPaid = outer.pop() ?? false;
        break;
      case EVENT.CALL: {
        if (isPaid) break;
        const cost = knownCost(number);
        if (cost >= 0) {
          unpaid += cost;
        } else {
          beforeCall[at] = 1;
          isPaid = true;
          checks++;
        }
      }
    }
    if (unpaid > UNPAID_MOST || checks > CALL_CHECKS_MOST) return;
  }
  placement.atEntry[index] = false;
  placement.unpaid[index] = unpaid;
}
