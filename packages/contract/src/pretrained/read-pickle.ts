import { PickleFault, type PickleGlobals, PickleMachine } from './pickle-machine';

export interface ReadPickleOptions {
  readonly globals: PickleGlobals;
  /** What a persistent id stands for. */
  readonly persistent: (id: unknown) => unknown;
}

/**
 * Python's pickle as data: dictionaries (as maps), lists, tuples, text, numbers, and what the functions that `globals` lists
 * make of them. Nothing of the file is run: every other name and every other instruction is refused.
 *
 * Source: https://docs.python.org/3/library/pickletools.html
 *
 * @param start where it begins in `bytes`
 * @returns what it holds, and where it ends
 * @throws {@link PickleFault}
 */
export function readPickle(
  bytes: Buffer,
  start: number,
  { globals, persistent }: ReadPickleOptions,
): { readonly value: unknown; readonly end: number } {
  const machine = new PickleMachine(bytes, start, globals);
  for (;;) {
    const code = machine.byte();
    if (code === STOP) return { value: machine.pop(), end: machine.position };
    if (code === PERSISTENT_ID) machine.push(persistent(machine.pop()));
    else instructionOf(code)(machine);
  }
}

function instructionOf(code: number): Instruction {
  const instruction = INSTRUCTIONS.get(code);
  if (instruction) return instruction;
  const hex = code.toString(16).padStart(2, '0');
  throw new PickleFault(`its pickle has the instruction 0x${hex}, which no tensors need`);
}

const STOP = '.'.charCodeAt(0);
const PERSISTENT_ID = 'Q'.charCodeAt(0);

type Instruction = (machine: PickleMachine) => void;

/** Those of one letter stand under it, as Python's documentation does. */
const INSTRUCTIONS: ReadonlyMap<number, Instruction> = new Map(
  Object.entries<Instruction>({
    '0x80': (m) => m.byte(), // protocol
    '0x95': (m) => m.take(8), // frame
    '(': (m) => m.mark(),
    '0': (m) => m.pop(),
    N: (m) => m.push(null),
    '0x88': (m) => m.push(true),
    '0x89': (m) => m.push(false),
    J: (m) => m.push(m.take(4).readInt32LE()),
    K: (m) => m.push(m.byte()),
    M: (m) => m.push(m.take(2).readUInt16LE()),
    G: (m) => m.push(m.take(8).readDoubleBE()),
    '0x8a': (m) => m.push(integer(m.take(m.byte()))),
    X: (m) => m.push(m.text(m.take(4).readUInt32LE())),
    '0x8c': (m) => m.push(m.text(m.byte())),
    ')': (m) => m.push([]),
    '0x85': (m) => m.push(m.popMany(1)),
    '0x86': (m) => m.push(m.popMany(2)),
    '0x87': (m) => m.push(m.popMany(3)),
    t: (m) => m.push(m.popToMark()),
    ']': (m) => m.push([]),
    a: (m) => append(m, m.popMany(1)),
    e: (m) => append(m, m.popToMark()),
    '}': (m) => m.push(new Map()),
    s: (m) => setItems(m, m.popMany(2)),
    u: (m) => setItems(m, m.popToMark()),
    c: (m) => m.name(m.line(), m.line()),
    '0x93': (m) => m.name(...(m.popMany(2).map(String) as [string, string])),
    R: (m) => m.reduce(),
    b: setAttributes,
    q: (m) => m.remember(m.byte()),
    r: (m) => m.remember(m.take(4).readUInt32LE()),
    '0x94': (m) => m.remember(),
    h: (m) => m.recall(m.byte()),
    j: (m) => m.recall(m.take(4).readUInt32LE()),
  }).map(([code, instruction]) => [
    code.length === 1 ? code.charCodeAt(0) : Number(code),
    instruction,
  ]),
);

function append(machine: PickleMachine, values: readonly unknown[]): void {
  const list = machine.list();
  for (const value of values) list.push(value);
}

function setItems(machine: PickleMachine, items: readonly unknown[]): void {
  const map = machine.map();
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
}

/** Those of a dictionary, such as the versions of a state dict's modules, are of no use here. */
function setAttributes(machine: PickleMachine): void {
  machine.pop();
  machine.map();
}

/** Bytes that a double holds exactly as a whole number. */
const LONGEST_INTEGER = 6;

/** Little-endian, in two's complement. A longer one than any size or offset, such as a format's mark, becomes text. */
function integer(bytes: Buffer): number | string {
  if (bytes.length === 0) return 0;
  if (bytes.length <= LONGEST_INTEGER) return bytes.readIntLE(0, bytes.length);
  return Buffer.from(bytes).reverse().toString('hex');
}
