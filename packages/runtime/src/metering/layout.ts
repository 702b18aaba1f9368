/** https://webassembly.github.io/spec/core/binary/modules.html#sections */
export const SECTION = {
  CUSTOM: 0,
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  MEMORY: 5,
  GLOBAL: 6,
  EXPORT: 7,
  START: 8,
  ELEMENT: 9,
  CODE: 10,
  DATA: 11,
  DATA_COUNT: 12,
  TAG: 13,
} as const;

/** The place of each section, by its id, in the order that they have in a module. Custom ones may be anywhere. */
export const PLACE: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

export interface SectionRange {
  readonly id: number;
  /** Where its content begins. */
  readonly start: number;
  readonly end: number;
}

/** What a module has, as far as it matters to what is put into it. */
export interface Layout {
  readonly bytes: Uint8Array;
  readonly sections: SectionRange[];
  types: number;
  /** Number of parameters of each type; undefined if it is not one of functions. */
  readonly parameters: (number | undefined)[];
  importedFunctions: number;
  /** Type of each function that has code, which come after the imported ones. */
  readonly functionTypes: number[];
  /** Whether each table has 64-bit indices. */
  readonly tables64: boolean[];
  readonly memories64: boolean[];
  globals: number;
  /** Function that runs when the module is instantiated. */
  start: number | undefined;
  readonly exportNames: Set<string>;
}

export function functionCount(layout: Layout): number {
  return layout.importedFunctions + layout.functionTypes.length;
}
