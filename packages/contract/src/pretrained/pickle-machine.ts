/** A reason for which a pickle is refused; whoever opened the file adds its path. */
export class PickleFault extends Error {}

/** What a pickle may call by name, such as `torch._utils _rebuild_tensor_v2`. It is handed its arguments. */
export type PickleGlobals = Readonly<Record<string, (args: readonly unknown[]) => unknown>>;

/** A function that the pickle has named, on the stack. */
export class Global {
  constructor(
    /** Such as `torch FloatStorage`. */
    readonly name: string,
    readonly call: (args: readonly unknown[]) => unknown,
  ) {}
}

const MARK = Symbol('mark');

/** Stack, memo and place of a pickle that is being read. */
export class PickleMachine {
  readonly #bytes: Buffer;
  readonly #globals: PickleGlobals;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  position: number;

  constructor(bytes: Buffer, start: number, globals: PickleGlobals) {
    this.#bytes = bytes;
    this.#globals = globals;
    this.position = start;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  mark(): void {
    this.push(MARK);
  }

  pop(): unknown {
    if (this.#stack.length === 0) throw new PickleFault('its pickle is damaged');
    return this.#stack.pop();
  }

  /** In the order in which they were pushed. */
  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  /** All above the last mark, which goes too. */
  popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new PickleFault('its pickle is damaged');
    return this.#stack.splice(mark).slice(1);
  }

  /** The top of the stack, which must be a dictionary. */
  map(): Map<unknown, unknown> {
    const top = this.#stack.at(-1);
    if (top instanceof Map) return top;
    throw new PickleFault('its pickle sets entries of what is no dictionary');
  }

  /** The top of the stack, which must be a list. */
  list(): unknown[] {
    const top = this.#stack.at(-1);
    if (Array.isArray(top)) return top;
    throw new PickleFault('its pickle appends to what is no list');
  }

  take(length: number): Buffer {
    const end = this.position + length;
    if (end > this.#bytes.length) throw new PickleFault('it is cut short');
    const taken = this.#bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  text(length: number): string {
    return this.take(length).toString('utf8');
  }

  line(): string {
    const end = this.#bytes.indexOf('\n', this.position);
    if (end < 0) throw new PickleFault('it is cut short');
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** @param key default: the next number */
  remember(key = this.#memo.size): void {
    this.#memo.set(key, this.#stack.at(-1));
  }

  recall(key: number): void {
    if (!this.#memo.has(key)) throw new PickleFault('its pickle is damaged');
    this.push(this.#memo.get(key));
  }

  /** @throws unless the function is listed */
  name(module: string, name: string): void {
    const key = `${module} ${name}`;
    const call = Object.hasOwn(this.#globals, key) ? this.#globals[key] : undefined;
    if (!call) {
      throw new PickleFault(
        `its pickle names ${module}.${name}, and only tensors are read, so that no code of a file runs`,
      );
    }
    this.push(new Global(key, call));
  }

  reduce(): void {
    const args = this.pop();
    const called = this.pop();
    if (!(called instanceof Global) || !Array.isArray(args))
      throw new PickleFault('its pickle calls what is no function');
    this.push(called.call(args));
  }
}
