import type { BigIntStats } from "node:fs";
import type { FileStat, FileTimes } from "./file-system.js";
import { keyOf, typeOf } from "./host-stat.js";
import { nanosecondsOf } from "./nanoseconds.js";

/** Nanoseconds since 1970. */
interface SetTime {
  readonly asked: bigint;
  /** What the file had afterwards. */
  readonly kept: bigint;
}

interface SetTimes {
  readonly accessed: SetTime | undefined;
  readonly modified: SetTime | undefined;
}

/** Most files that are remembered; the oldest go first. */
const MOST_FILES = 4096;

/**
 * Times of files of the host in nanoseconds. Node takes times to set as a number of seconds, which is exact to about a
 * microsecond: programs that set a time and look whether it is set would go on setting it. So what they asked for is
 * remembered for as long as the file keeps the time that came of it.
 */
export class ExactTimes {
  private readonly files = new Map<string, SetTimes>();

  /**
   * @param stat looks at the file
   * @param change sets its times, in seconds
   */
  set(
    { accessed, modified, nanoseconds }: FileTimes,
    stat: () => BigIntStats,
    change: (accessed: number, modified: number) => void,
  ): void {
    const before = this.times(stat());
    const wanted = {
      accessed: nanoseconds?.accessed ?? nanosecondsOf(accessed),
      modified: nanoseconds?.modified ?? nanosecondsOf(modified),
    };
    // Both are set, or none.
    const all = {
      accessed: wanted.accessed ?? before.accessed,
      modified: wanted.modified ?? before.modified,
    };
    change(Number(all.accessed) / 1e9, Number(all.modified) / 1e9);
    const after = stat();
    const key = keyOf(after);
    this.files.delete(key);
    if (all.accessed === after.atimeNs && all.modified === after.mtimeNs) return;
    const [oldest] = this.files.size >= MOST_FILES ? this.files.keys() : [];
    if (oldest !== undefined) this.files.delete(oldest);
    this.files.set(key, {
      accessed: { asked: all.accessed, kept: after.atimeNs },
      modified: { asked: all.modified, kept: after.mtimeNs },
    });
  }

  statOf(stat: BigIntStats): FileStat {
    const { accessed, modified } = this.times(stat);
    const changed = stat.ctimeNs;
    return {
      type: typeOf(stat),
      size: Number(stat.size),
      accessed: Number(accessed) / 1e6,
      modified: Number(modified) / 1e6,
      changed: Number(changed) / 1e6,
      inode: Number(stat.ino),
      links: Number(stat.nlink),
      nanoseconds: { accessed, modified, changed },
    };
  }

  private times(stat: BigIntStats): { readonly accessed: bigint; readonly modified: bigint } {
    const { atimeNs, mtimeNs } = stat;
    const set = this.files.size === 0 ? undefined : this.files.get(keyOf(stat));
    return {
      accessed: set?.accessed?.kept === atimeNs ? set.accessed.asked : atimeNs,
      modified: set?.modified?.kept === mtimeNs ? set.modified.asked : mtimeNs,
    };
  }
}
