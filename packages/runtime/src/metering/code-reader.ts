import { ByteReader } from "./byte-reader.js";
import {
  BULK_BYTE,
  BULK_ENTRY,
  BULK_ITEM,
  BULK_PAGE,
  INSTRUCTION,
  OBJECT,
  STRUCTURE,
} from "./cost.js";
import {
  functionIndex,
  globalIndex,
  skipHeapType,
  skipValueType,
  tableIndex,
  typeIndex,
} from "./indices.js";
import {
  ARRAY_NEW_FIXED,
  ATOMIC_FENCE,
  ATOMIC_NOTIFY,
  ATOMIC_WAITS,
  FIRST_ATOMIC_ACCESS,
  FORM,
  FORMS,
  GC_FORMS,
  LAST_ATOMIC_ACCESS,
  simdForm,
  STRUCT_NEW_DEFAULT,
} from "./instructions.js";
import type { Layout } from "./layout.js";

const IF = 0x04;
const NO_BLOCK_TYPE = 0x40;
/** Of the alignment of an address: the number of a memory follows. */
const WITH_MEMORY = 0x40;
const MOST_ALIGNMENT = 0x1f;

/** Engines take fewer. */
const MOST_OPERANDS = 1 << 16;

/** Reads code, one instruction at a time. The fields tell of the last one. */
export class CodeReader extends ByteReader {
  /** Where the instruction begins. */
  start = 0;
  opcode = 0;
  form = 0;
  /** Of a direct call: the function. */
  target = 0;
  /** Of a branch: its label; of branch_table the last one. */
  label = 0;
  /** Of branch_table: all of its labels. */
  readonly labels: number[] = [];
  /** Of an instruction that does as much as the number on top of the stack says: the parts of a unit that each costs, else 0. */
  bulk = 0;
  /** Of such a one: whether the number has 64 bits. */
  is64 = false;
  /** Without what it calls. */
  cost = 0;
  /** Indices of locals must be below. */
  locals = Infinity;

  constructor(
    private readonly layout: Layout,
    start: number,
    end: number,
  ) {
    super(layout.bytes, start, end);
  }

  next(): void {
    this.start = this.pos;
    const opcode = this.byte();
    const form = FORMS[opcode]!;
    this.opcode = opcode;
    this.form = form;
    this.cost = INSTRUCTION;
    this.bulk = 0;
    switch (form) {
      case FORM.NONE:
      case FORM.RETURN:
        return;
      case FORM.LOCAL:
        return this.local();
      case FORM.NUMBER_32:
        return this.skip32();
      case FORM.ADDRESS:
        return this.address();
      case FORM.BRANCH:
      case FORM.BRANCH_IF:
      case FORM.BRANCH_ON:
      case FORM.RETHROW:
        this.label = this.u32();
        return;
      case FORM.BLOCK:
      case FORM.LOOP:
        return this.blockType();
      case FORM.END:
      case FORM.ELSE:
      case FORM.CATCH_ALL:
        this.cost = STRUCTURE;
        return;
      case FORM.CALL:
        this.target = functionIndex(this, this.layout);
        return;
      case FORM.GLOBAL:
        globalIndex(this, this.layout);
        return;
      default:
        return this.others(form);
    }
  }

  private others(form: number): void {
    switch (form) {
      case FORM.CALL_INDIRECT:
        typeIndex(this, this.layout);
        tableIndex(this, this.layout);
        return;
      case FORM.BRANCH_TABLE:
        return this.branchTable();
      case FORM.NUMBER_64:
        return this.skip64();
      case FORM.BYTES_4:
        return this.skip(4);
      case FORM.BYTES_8:
        return this.skip(8);
      case FORM.MEMORY_GROW:
        return this.pays(BULK_PAGE, this.memory64());
      case FORM.MEMORY:
        return this.skip32();
      case FORM.CATCH:
        this.cost = STRUCTURE;
        return this.skip32();
      case FORM.THROW:
        if (this.opcode === 0x08) this.skip32();
        return;
      case FORM.DELEGATE:
        this.cost = STRUCTURE;
        return this.skip32();
      case FORM.TRY_TABLE:
        return this.tryTable();
      case FORM.CALL_REF:
        typeIndex(this, this.layout);
        return;
      case FORM.SELECT:
        for (let count = this.u32(); count > 0; count--) skipValueType(this, this.layout.types);
        return;
      case FORM.TABLE:
        tableIndex(this, this.layout);
        return;
      case FORM.FUNCTION:
        functionIndex(this, this.layout);
        return;
      case FORM.HEAP_TYPE:
        return skipHeapType(this, this.layout.types);
      case FORM.GC:
        return this.gc();
      case FORM.MISC:
        return this.misc();
      case FORM.SIMD:
        return this.simd();
      case FORM.ATOMIC:
        return this.atomic();
      default:
        this.unknown(`0x${this.opcode.toString(16)}`);
    }
  }

  private local(): void {
    if (this.u32() >= this.locals) this.refuse("an index of a local that is not there", this.start);
  }

  private address(): void {
    const alignment = this.u32();
    if ((alignment & ~WITH_MEMORY) > MOST_ALIGNMENT) {
      this.refuse("an access of memory of a kind that is not known", this.start);
    }
    if ((alignment & WITH_MEMORY) !== 0) this.skip32();
    this.skip64();
  }

  private blockType(): void {
    if (this.opcode !== IF) this.cost = STRUCTURE;
    const form = this.peek();
    if (form === NO_BLOCK_TYPE) {
      this.pos++;
    } else if (form > 0x40 && form < 0x80) {
      skipValueType(this, this.layout.types);
    } else {
      typeIndex(this, this.layout);
    }
  }

  private branchTable(): void {
    const { labels } = this;
    const count = this.u32();
    if (count > this.end - this.pos) this.refuse("a branch table that is cut off", this.start);
    labels.length = 0;
    for (let i = 0; i <= count; i++) labels.push(this.u32());
  }

  private tryTable(): void {
    this.blockType();
    for (let clauses = this.u32(); clauses > 0; clauses--) {
      const kind = this.byte();
      if (kind > 3) this.refuse(`a catch of the kind ${kind}, which is not known`, this.start);
      if (kind < 2) this.skip32();
      this.skip32();
    }
  }

  private gc(): void {
    const number = this.u32();
    const parts = GC_FORMS[number];
    if (parts === undefined) return this.unknown(`0xfb ${number}`);
    for (const part of parts) {
      if (part === "t") typeIndex(this, this.layout);
      else if (part === "h") skipHeapType(this, this.layout.types);
      else if (part === "n") this.label = this.u32();
      else if (part === "+") this.pays(BULK_ITEM, false);
      else this.castFlags();
    }
    if (number <= STRUCT_NEW_DEFAULT) this.cost = OBJECT;
    if (number === ARRAY_NEW_FIXED) this.cost += Math.min(this.label, MOST_OPERANDS);
  }

  /** Of br_on_cast and br_on_cast_fail, with the label that follows. */
  private castFlags(): void {
    if (this.byte() > 3) this.refuse("a cast of a kind that is not known", this.start);
    this.form = FORM.BRANCH_ON;
    this.label = this.u32();
  }

  private misc(): void {
    const number = this.u32();
    switch (number) {
      case 8: // memory.init
        this.skip32();
        this.skip32();
        return this.pays(BULK_BYTE, false);
      case 9: // data.drop
      case 13: // elem.drop
        return this.skip32();
      case 10: // memory.copy
        return this.pays(BULK_BYTE, both(this.memory64(), this.memory64()));
      case 11: // memory.fill
        return this.pays(BULK_BYTE, this.memory64());
      case 12: // table.init
        this.skip32();
        tableIndex(this, this.layout);
        return this.pays(BULK_ENTRY, false);
      case 14: // table.copy
        return this.pays(BULK_ENTRY, both(this.table64(), this.table64()));
      case 15: // table.grow
      case 17: // table.fill
        return this.pays(BULK_ENTRY, this.table64());
      case 16: // table.size
        tableIndex(this, this.layout);
        return;
      default:
        // Conversions that saturate; wide arithmetic.
        if (number < 8 || (number >= 19 && number <= 22)) return;
        this.unknown(`0xfc ${number}`);
    }
  }

  private pays(parts: number, is64: boolean): void {
    this.bulk = parts;
    this.is64 = is64;
  }

  private memory64(): boolean {
    return this.layout.memories64[this.u32()] ?? false;
  }

  private table64(): boolean {
    return this.layout.tables64[tableIndex(this, this.layout)] ?? false;
  }

  private simd(): void {
    const number = this.u32();
    const form = simdForm(number);
    if (form === undefined) return this.unknown(`0xfd ${number}`);
    if (form >= 0) return this.skip(form);
    this.address();
    this.skip(-form - 1);
  }

  private atomic(): void {
    const number = this.u32();
    if (ATOMIC_WAITS.includes(number)) {
      this.refuse(
        "an instruction memory.atomic.wait, which can keep the thread for ever",
        this.start,
      );
    }
    if (number === ATOMIC_FENCE) {
      if (this.byte() !== 0) this.unknown(`0xfe ${number} of another kind`);
      return;
    }
    const isAccess = number >= FIRST_ATOMIC_ACCESS && number <= LAST_ATOMIC_ACCESS;
    if (!isAccess && number !== ATOMIC_NOTIFY) return this.unknown(`0xfe ${number}`);
    this.address();
  }

  private unknown(name: string): never {
    this.refuse(`an instruction ${name}, which is not known`, this.start);
  }
}

/** Where two memories or tables are involved, the length has 64 bits only if both have. */
function both(first: boolean, second: boolean): boolean {
  return first && second;
}

/** An expression whose value is known before anything runs: it has no blocks. */
export function skipConstant(reader: ByteReader, layout: Layout): void {
  const code = new CodeReader(layout, reader.pos, reader.end);
  do code.next();
  while (code.form !== FORM.END);
  reader.pos = code.pos;
}
