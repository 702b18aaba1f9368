/** A time in milliseconds as nanoseconds, exact to a microsecond: doubles have no more digits for times of today. */
export function nanosecondsOf(milliseconds: number): bigint;
export function nanosecondsOf(milliseconds: number | undefined): bigint | undefined;
export function nanosecondsOf(milliseconds: number | undefined): bigint | undefined {
  return milliseconds === undefined ? undefined : BigInt(Math.round(milliseconds * 1000)) * 1000n;
}
