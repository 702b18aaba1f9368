import type { AnyMessage, HostUnderTest, LoadRequest, Outcome } from "./host-under-test.js";

/** All that plugins are written in, and Rust for `wasm32-unknown-unknown`. */
export const LANGUAGES = [
  "assemblyscript",
  "typescript",
  "go",
  "tinygo",
  "rust",
  "rust without WASI",
  "c",
] as const;

export type Language = (typeof LANGUAGES)[number];

/** A plugin in a host: a column of the table. */
export class Subject {
  readonly language: Language;
  private readonly hostUnderTest: HostUnderTest;
  private readonly plugin: LoadRequest;
  private isLoaded = false;
  private notes: string[] = [];

  constructor(host: HostUnderTest, language: Language, plugin: LoadRequest) {
    this.hostUnderTest = host;
    this.language = language;
    this.plugin = plugin;
  }

  get host(): "go" | "typescript" {
    return this.hostUnderTest.kind;
  }

  get name(): string {
    return `${this.host} × ${this.language}`;
  }

  /** Loads the plugin again before the next call. */
  isBroken(): void {
    this.isLoaded = false;
  }

  async reload(): Promise<void> {
    const { error } = await this.hostUnderTest.load(this.plugin);
    if (error !== undefined) throw new Error(`it can't be loaded: ${error}`);
    this.isLoaded = true;
  }

  /** Loads the plugin as one of another contract. */
  async load(as: LoadRequest["as"]): Promise<Outcome> {
    this.isBroken();
    return this.hostUnderTest.load({ ...this.plugin, as });
  }

  async call(method: string, request: AnyMessage): Promise<Outcome> {
    if (!this.isLoaded) await this.reload();
    return this.hostUnderTest.call(method, request);
  }

  async repeat(method: string, request: AnyMessage, times: number): Promise<Outcome> {
    if (!this.isLoaded) await this.reload();
    return this.hostUnderTest.repeat(method, request, times);
  }

  /** Says something in the table's cell. */
  note(text: string): void {
    this.notes.push(text);
  }

  takeNotes(): string {
    return this.notes.splice(0).join(" ");
  }
}
