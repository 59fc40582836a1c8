/*
 * Which functions a shared library of Linux offers, by its own hash table, of which a name takes a few bytes.
 *
 * Source: "ELF: symbol lookup via DT_GNU_HASH", https://flapenguin.me/elf-dt-gnu-hash, and elf(5).
 */
import type { ReadBytes } from './binary-header';
import { sectionsOf } from './elf';

const DYNAMIC_SYMBOLS = 11;
const GNU_HASH = 0x6ffffff6;
const SYMBOL_BYTES = 24;
const WORD_BYTES = 4;
const FILTER_WORD_BYTES = 8;

/**
 * A test of whether the library defines a function; undefined where it has no such table.
 *
 * @param read reads from a whole library of 64 bits
 */
export function definedFunctions(read: ReadBytes): ((name: string) => boolean) | undefined {
  const sections = sectionsOf(read);
  const hash = sections.find(({ type }) => type === GNU_HASH);
  const symbols = sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
  if (!hash || !symbols) return undefined;
  const strings = sections[symbols.link]!;
  const word = (offset: number) => read(offset, WORD_BYTES).readUInt32LE();
  const [bucketCount, firstSymbol, filterWords] = [0, 1, 2].map((index) =>
    word(hash.offset + index * WORD_BYTES),
  ) as [number, number, number];
  const buckets = hash.offset + 4 * WORD_BYTES + filterWords * FILTER_WORD_BYTES;
  const chains = buckets + bucketCount * WORD_BYTES;

  const isNamed = (index: number, name: string) => {
    const symbol = read(symbols.offset + index * SYMBOL_BYTES, SYMBOL_BYTES);
    const isDefined = symbol.readUInt16LE(6) !== 0;
    const text = read(strings.offset + symbol.readUInt32LE(0), name.length + 1);
    return isDefined && text.toString('latin1') === `${name}\0`;
  };
  return (name) => {
    const wanted = hashOf(name);
    let index = word(buckets + (wanted % bucketCount) * WORD_BYTES);
    if (index < firstSymbol) return false;
    for (; ; index++) {
      // The last bit of a chain's entry says that it is the last.
      const entry = word(chains + (index - firstSymbol) * WORD_BYTES);
      if ((entry | 1) === (wanted | 1) && isNamed(index, name)) return true;
      if (entry & 1) return false;
    }
  };
}

/** Bernstein's hash: 33 times what is before, plus a character, from 5381 on. */
function hashOf(name: string): number {
  let hash = 5381;
  for (const character of Buffer.from(name)) hash = (Math.imul(hash, 33) + character) >>> 0;
  return hash;
}
