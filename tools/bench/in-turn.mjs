/**
 * The subjects in an order in which each comes after every other in some rounds. Who comes next also collects what the one before
 * has left, up to half of its time, and on a busy machine waits for others after one that used its processor to the full.
 *
 * @template T
 * @param {readonly T[]} subjects
 * @param {number} round from 0
 * @returns {T[]}
 */
export function inTurn(subjects, round) {
  const steps = subjects.map((_, step) => step).filter((step) => isCoprime(step, subjects.length));
  const step = steps[round % steps.length] ?? 1;
  return subjects.map((_, i) => subjects[(i * step + round) % subjects.length]);
}

function isCoprime(a, b) {
  return b === 0 ? a === 1 : isCoprime(b, a % b);
}
