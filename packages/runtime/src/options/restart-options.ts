/**
 * When instances of a pool, or of a worker, that failed are replaced. The first is at once; failures in a row, with no answer between
 * them, are waited after, twice as long each time; after too many of them the plugin is given up, and every call is a
 * PluginRetiredError. Aborted calls and failing host functions are no failures of the plugin.
 */
export interface RestartOptions {
  /** Milliseconds before the first restart in a row; 0 unless given. The second comes after twice that, and 100 at least. */
  readonly first?: number | undefined;
  /** Most milliseconds before a restart; 30,000 unless given. Of what is due, by chance, half at least is waited. */
  readonly most?: number | undefined;
  /** Most restarts in a row within the time `within`; 10 unless given. `Infinity` never gives up. */
  readonly times?: number | undefined;
  /** Milliseconds in which restarts are counted; 60,000 unless given. */
  readonly within?: number | undefined;
}
