/** State of the generator; one tree is grown at a time, from a state of its own. */
let state: u64 = 0;

/** Starts the sequence anew from 64 bits. */
export function seedGenerator(low: u32, high: u32): void {
  state = ((<u64>high) << 32) | low;
  nextBits();
}

const MULTIPLIER: u64 = ((<u64>0x5851f42d) << 32) | 0x4c957f2d;
const INCREMENT: u64 = ((<u64>0x14057b7e) << 32) | 0xf767814f;

/** 32 random bits: PCG-XSH-RR (O'Neill 2014, https://www.pcg-random.org). */
function nextBits(): u32 {
  const old = state;
  state = old * MULTIPLIER + INCREMENT;
  const mixed = <u32>(((old >> 18) ^ old) >> 27);
  return rotr<u32>(mixed, <u32>(old >> 59));
}

/**
 * A whole number in [0, bound), free of bias (Lemire 2019, "Fast random integer generation in an
 * interval").
 */
export function nextBelow(bound: u32): u32 {
  let product = <u64>nextBits() * bound;
  if (<u32>product < bound) {
    const rejected: u32 = (0 - bound) % bound;
    while (<u32>product < rejected) product = <u64>nextBits() * bound;
  }
  return <u32>(product >> 32);
}
