import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Operand, Side } from './operand';
import { componentsFor, type KernelProgram, MOST_GROUPS, runProgram } from './program';
import { sumOverRows } from './sum-over-rows';

/** A product of two matrices, neither of which need be laid out as one. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Its lines are the result's rows. */
  readonly left: Operand;
  /** Its lines are the result's columns. */
  readonly right: Operand;
}

/** Depth that is multiplied out of workgroup memory at a time. */
const TILE_DEPTH = 16;
/** A workgroup is a square of 8 × 8 invocations. */
const SIDE = 8;
const GROUP_SIZE = SIDE * SIDE;
/** Workgroups that keep a large GPU busy. */
const ENOUGH_GROUPS = 1024;
/** Tiles of depth that a workgroup is worth starting for. */
const LEAST_TILES = 4;

/**
 * left · right, [rows × columns]. Each workgroup multiplies tiles of up to 64 × 64 out of its own memory, each invocation
 * up to 8 × 8 in registers. Where there are too few tiles to keep a GPU busy, the depth is split, and the parts are summed.
 *
 * Source: Volkov and Demmel 2008, "Benchmarking GPUs to tune dense linear algebra" (register blocking).
 */
export function multiply(backend: WebGPUBackend, product: Product): TensorInfo {
  const { rows, columns, depth } = product;
  const [left, right] = [tileVectors(rows), tileVectors(columns)];
  const tiles = Math.ceil(rows / tileLines(left)) * Math.ceil(columns / tileLines(right));
  const depthTiles = Math.ceil(depth / TILE_DEPTH);
  const wanted = Math.min(ENOUGH_GROUPS / tiles, depthTiles / LEAST_TILES);
  const tilesPerSplit = Math.ceil(depthTiles / Math.max(1, Math.floor(wanted)));
  const splits = Math.ceil(depthTiles / tilesPerSplit);
  const x = Math.min(tiles, MOST_GROUPS);
  const parts = runProgram(backend, {
    ...productProgram(product, left, right),
    output: { size: splits * rows * columns, components: componentsFor(columns) },
    integers: { rows, columns, depth, tilesPerSplit },
    groupSize: GROUP_SIZE,
    groups: [x, Math.ceil(tiles / x), splits],
  });
  if (splits === 1) return parts;
  const sum = sumOverRows(backend, parts, splits, rows * columns);
  backend.disposeData(parts.dataId);
  return sum;
}

/** Vectors of four lines that each invocation takes. */
type Vectors = 1 | 2;

function tileLines(vectors: Vectors): number {
  return vectors * SIDE * 4;
}

/** Tiles of 32 lines waste less where there are few. */
function tileVectors(lines: number): Vectors {
  return lines % 64 === 0 || lines > 96 ? 2 : 1;
}

function productProgram(
  { columns, left, right }: Product,
  leftVectors: Vectors,
  rightVectors: Vectors,
): Pick<KernelProgram, 'key' | 'code' | 'inputs'> {
  const components = componentsFor(columns);
  const sizes = { Left: leftVectors, Right: rightVectors };
  return {
    key: ['product', left.key, right.key, leftVectors, rightVectors, components].join(' '),
    inputs: { ...left.inputs, ...right.inputs },
    code: `
      ${left.code}
      ${right.code}
      ${sides(sizes, (side, lines) => `var<workgroup> tile${side} : array<vec4<f32>, ${(lines / 4) * TILE_DEPTH}>;`)}
      fn main(index : i32) {
        let columnTiles = (uniforms.columns + ${tileLines(rightVectors) - 1}) / ${tileLines(rightVectors)};
        let tile = i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
        let startLeft = (tile / columnTiles) * ${tileLines(leftVectors)};
        let startRight = (tile % columnTiles) * ${tileLines(rightVectors)};
        let split = i32(workgroupId.z);
        let thread = i32(localIndex);
        let threadRow = thread / ${SIDE};
        let threadColumn = thread % ${SIDE};
        var depth = split * uniforms.tilesPerSplit * ${TILE_DEPTH};
        ${sides(sizes, (side, lines) => place(side, lines, side === 'Left' ? left : right))}
        ${accumulators(leftVectors, rightVectors, (name) => `var ${name} = vec4<f32>(0.0);`)}
        // Each tile is read from memory while the one before it is multiplied.
        for (var t = 0; t <= uniforms.tilesPerSplit; t = t + 1) {
          if (t < uniforms.tilesPerSplit) {
            ${sides(sizes, (side, lines) => fetch(side, lines, side === 'Left' ? left : right))}
            depth = depth + ${TILE_DEPTH};
          }
          if (t > 0) {
            for (var k = 0; k < ${TILE_DEPTH}; k = k + 1) {
              ${vectors('Left', leftVectors, 'threadRow')}
              ${vectors('Right', rightVectors, 'threadColumn')}
              ${accumulators(leftVectors, rightVectors, (name, l, i, r) => `${name} = fma(vec4<f32>(left${l}.${AXES[i]}), right${r}, ${name});`)}
            }
          }
          workgroupBarrier();
          ${sides(sizes, keep)}
          workgroupBarrier();
        }
        ${accumulators(leftVectors, rightVectors, (name, l, i, r) => store(name, l, i, r, components))}
      }`,
  };
}

const AXES = ['x', 'y', 'z', 'w'] as const;
const QUARTER = [0, 1, 2, 3] as const;

function sides(
  vectorsOf: Readonly<Record<Side, Vectors>>,
  write: (side: Side, lines: number) => string,
): string {
  return (['Left', 'Right'] as const)
    .map((side) => write(side, tileLines(vectorsOf[side])))
    .join('\n');
}

/** Where an invocation's block of 4 lines × 4 depths lies in the tile; neighbours read neighbouring memory. */
function place(side: Side, lines: number, { deep }: Operand): string {
  const quads = lines / 4;
  const [lineQuad, depthQuad] = deep
    ? ['thread / 4', 'thread % 4']
    : [`thread % ${quads}`, `thread / ${quads}`];
  return `
    let lineQuad${side} = ${lineQuad};
    let depthQuad${side} = ${depthQuad};
    ${QUARTER.map((d) => `var next${side}${d} = vec4<f32>(0.0);`).join(' ')}`;
}

/** Reads the invocation's block from memory into registers, four lines to a vector. */
function fetch(side: Side, lines: number, { deep }: Operand): string {
  const line = `start${side} + lineQuad${side} * 4`;
  const depth = `depth + depthQuad${side} * 4`;
  const read = deep
    ? [
        ...QUARTER.map((i) => `let line${i} = load${side}(${line} + ${i}, ${depth});`),
        ...QUARTER.map(
          (d) =>
            `next${side}${d} = vec4<f32>(${QUARTER.map((i) => `line${i}.${AXES[d]}`).join(', ')});`,
        ),
      ]
    : QUARTER.map((d) => `next${side}${d} = load${side}(${line}, ${depth} + ${d});`);
  return `if (thread < ${lines}) { ${read.join('\n')} }`;
}

/** Puts the block into workgroup memory. */
function keep(side: Side, lines: number): string {
  const at = (d: number) => `(depthQuad${side} * 4 + ${d}) * ${lines / 4} + lineQuad${side}`;
  const writes = QUARTER.map((d) => `tile${side}[${at(d)}] = next${side}${d};`);
  return `if (thread < ${lines}) { ${writes.join(' ')} }`;
}

function vectors(side: Side, count: Vectors, thread: string): string {
  return Array.from(
    { length: count },
    (_, v) =>
      `let ${side.toLowerCase()}${v} = tile${side}[k * ${count * SIDE} + ${v * SIDE} + ${thread}];`,
  ).join('\n');
}

function accumulators(
  leftVectors: Vectors,
  rightVectors: Vectors,
  write: (name: string, left: number, row: 0 | 1 | 2 | 3, right: number) => string,
): string {
  const lines: string[] = [];
  for (let left = 0; left < leftVectors; left++)
    for (const row of QUARTER)
      for (let right = 0; right < rightVectors; right++)
        lines.push(write(`sum${left}${row}${right}`, left, row, right));
  return lines.join('\n');
}

function store(name: string, left: number, row: number, right: number, components: 1 | 4): string {
  const target = `
    let row = startLeft + ${left * SIDE * 4 + row} + threadRow * 4;
    let column = startRight + ${right * SIDE * 4} + threadColumn * 4;
    let at = (split * uniforms.rows + row) * uniforms.columns + column;`;
  if (components === 4) {
    return `{ ${target} if (row < uniforms.rows && column < uniforms.columns) { result[at / 4] = ${name}; } }`;
  }
  const writes = QUARTER.map(
    (i) => `if (column + ${i} < uniforms.columns) { result[at + ${i}] = ${name}.${AXES[i]}; }`,
  );
  return `{ ${target} if (row < uniforms.rows) { ${writes.join(' ')} } }`;
}
