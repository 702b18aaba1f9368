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

const NEW = 0;
const OPEN = 1;
const DONE = 2;

/**
 * A function needs no check of its own if it does little: who calls it pays. Or if it does little on the way that it takes most
 * often: it checks before the calls that lie on others. In each cycle of calls there is a check, as a function
 * that calls what is not known yet, itself among that, checks before.
 */
export function placeChecks(outline: Outline, imported: number): Placement {
  const count = outline.bodies.length;
  const { events, firstEvent } = outline;
  const placement: Placement = {
    atEntry: new Array<boolean>(count).fill(true),
    beforeCall: new Uint8Array(events.length),
    unpaid: new Array<number>(count).fill(0),
  };
  const state = new Uint8Array(count);
  /** Functions that are open, and where in their events the search for others is. */
  const open: number[] = [];
  const at: number[] = [];
  for (let first = 0; first < count; first++) {
    if (state[first] !== NEW) continue;
    open.push(first);
    at.push(firstEvent[first]!);
    state[first] = OPEN;
    while (open.length > 0) {
      const index = open[open.length - 1]!;
      const end = firstEvent[index + 1]!;
      let position = at[at.length - 1]!;
      let next = -1;
      for (; position < end && next < 0; position++) {
        const event = events[position]!;
        if (eventKind(event) !== EVENT.CALL) continue;
        const callee = eventNumber(event) - imported;
        if (callee >= 0 && callee < count && state[callee] === NEW) next = callee;
      }
      at[at.length - 1] = position;
      if (next >= 0) {
        open.push(next);
        at.push(firstEvent[next]!);
        state[next] = OPEN;
        continue;
      }
      open.pop();
      at.pop();
      const knownCost = (callee: number): number => {
        const known = callee - imported;
        return known >= 0 && known < count && state[known] === DONE ? placement.unpaid[known]! : -1;
      };
      placeIn(outline, index, knownCost, placement);
      state[index] = DONE;
    }
  }
  return placement;
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
