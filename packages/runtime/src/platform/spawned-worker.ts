/** What a thread tells. */
export interface WorkerEvents {
  message(message: unknown): void;
  /** It failed, or it is gone. May be called more than once. */
  error(error: unknown): void;
}

/** A thread that runs plugins. */
export interface SpawnedWorker {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Nothing is asked of it: it may be forgotten when the program ends. */
  idle(): void;
  busy(): void;
  terminate(): Promise<void>;
}
