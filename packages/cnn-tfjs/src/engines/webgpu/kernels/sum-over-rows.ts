import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { componentsFor, elementwise, floatType, MOST_GROUPS, runProgram } from './program';

/** Rows that one invocation sums. */
const FEW_ROWS = 64;

/** The sum of a matrix's rows: [columns]. */
export function sumOverRows(
  backend: WebGPUBackend,
  x: TensorInfo,
  rows: number,
  columns: number,
): TensorInfo {
  return rows <= FEW_ROWS
    ? sumFewRows(backend, x, rows, columns)
    : sumManyRows(backend, x, rows, columns);
}

function sumFewRows(
  backend: WebGPUBackend,
  x: TensorInfo,
  rows: number,
  columns: number,
): TensorInfo {
  const components = componentsFor(columns);
  return runProgram(
    backend,
    elementwise({
      key: `sumFewRows ${components}`,
      code: `
        var sum = ${floatType(components)}(0.0);
        for (var row = 0; row < uniforms.rows; row = row + 1) {
          sum = sum + x[row * uniforms.count + index];
        }
        result[index] = sum;`,
      inputs: { x: { tensor: x, components } },
      output: { size: columns, components },
      integers: { rows },
    }),
  );
}

/** A workgroup sums 16 columns, each by 16 invocations. */
const COLUMNS = 16;
const SHARES = 16;
/** Rows that one workgroup sums. */
const MOST_ROWS = 1024;

const CODE = `
  var<workgroup> sums : array<f32, ${COLUMNS * SHARES}>;
  fn main(index : i32) {
    let group = i32(workgroupId.y);
    let share = i32(localIndex) / ${COLUMNS};
    let columnGroup = i32(workgroupId.z * numWorkgroups.x + workgroupId.x);
    let column = columnGroup * ${COLUMNS} + i32(localIndex) % ${COLUMNS};
    let end = min((group + 1) * uniforms.rowsPerGroup, uniforms.rows);
    var sum = 0.0;
    if (column < uniforms.columns) {
      for (var row = group * uniforms.rowsPerGroup + share; row < end; row = row + ${SHARES}) {
        sum = sum + x[row * uniforms.columns + column];
      }
    }
    sums[localIndex] = sum;
    workgroupBarrier();
    if (share == 0 && column < uniforms.columns) {
      for (var other = 1; other < ${SHARES}; other = other + 1) {
        sum = sum + sums[i32(localIndex) + other * ${COLUMNS}];
      }
      result[group * uniforms.columns + column] = sum;
    }
  }`;

/** Sums groups of rows first, then their sums. */
function sumManyRows(
  backend: WebGPUBackend,
  x: TensorInfo,
  rows: number,
  columns: number,
): TensorInfo {
  const groups = Math.ceil(rows / MOST_ROWS);
  const rowsPerGroup = Math.ceil(rows / groups);
  const columnGroups = Math.ceil(columns / COLUMNS);
  const width = Math.min(columnGroups, MOST_GROUPS);
  const sums = runProgram(backend, {
    key: 'sumManyRows',
    code: CODE,
    inputs: { x: { tensor: x, components: 1 } },
    output: { size: groups * columns, components: 1 },
    integers: { rows, columns, rowsPerGroup },
    groupSize: COLUMNS * SHARES,
    groups: [width, groups, Math.ceil(columnGroups / width)],
  });
  if (groups === 1) return sums;
  const total = sumOverRows(backend, sums, groups, columns);
  backend.disposeData(sums.dataId);
  return total;
}
