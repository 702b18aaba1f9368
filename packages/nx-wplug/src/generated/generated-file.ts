/** A file that an emitter made, not yet written anywhere. */
export interface GeneratedFile {
  /** Relative to the folder for the emitter's language, with forward slashes: `shop/v1/order.pb.ts`. */
  readonly path: string;
  /** Lines end with `\n`, the last one too. */
  readonly content: string;
}
