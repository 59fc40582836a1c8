import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** An exported function of `assembly/`, as its source has it. */
interface Kernel {
  readonly name: string;
  /** Its comment, delimiters included; empty where it has none. */
  readonly comment: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
}

/** How an argument of each type is checked. */
const CHECKS: Readonly<Record<string, string>> = { usize: 'whole', f32: 'real' };

/** Writes the TypeScript module through which the kernels that `assembly` (an index) exports are called, by name. */
export function generateKernelCalls(assembly: string, target: string): void {
  const kernels = exportsOf(assembly);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, moduleOf(kernels));
}

/** The functions that an index exports from its neighbours. */
function exportsOf(index: string): Kernel[] {
  return parse(index).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier, exportClause } = statement;
    if (!moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) {
      throw new Error(`${index} should only say "export { … } from …".`);
    }
    const path = join(dirname(index), `${(moduleSpecifier as ts.StringLiteral).text}.ts`);
    const source = parse(path);
    return exportClause.elements.map(({ name }) => kernelOf(source, name.text));
  });
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
}

function kernelOf(source: ts.SourceFile, name: string): Kernel {
  const found = source.statements.find(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  ) as ts.FunctionDeclaration | undefined;
  if (!found) throw new Error(`${source.fileName} has no function ${name}.`);
  const parameters = found.parameters.map((parameter) => ({
    name: parameter.name.getText(),
    type: parameter.type?.getText() ?? '',
  }));
  for (const { type } of parameters) {
    if (!(type in CHECKS))
      throw new Error(`The kernel ${name} takes a ${type}, not a usize or f32.`);
  }
  const comments = ts.getLeadingCommentRanges(source.text, found.pos) ?? [];
  const last = comments.at(-1);
  const comment = last ? source.text.slice(last.pos, last.end) : '';
  return { name, comment: comment.startsWith('/**') ? comment : '', parameters };
}

function moduleOf(kernels: readonly Kernel[]): string {
  return `/* Made by build/generate-kernel-calls.ts from the signatures in assembly/. */
import { type KernelCall, real, whole } from '../src/kernel-call';

export type KernelExports = Readonly<Record<KernelName, (...numbers: number[]) => void>>;

export type KernelName = ${kernels.map(({ name }) => `'${name}'`).join(' | ')};

${kernels.map(argumentsType).join('\n')}
/** The kernels, each called at once on this thread. Addresses and sizes are whole numbers. */
export interface Kernels {
${kernels.map((kernel) => `  ${kernel.comment}\n  ${kernel.name}(given: ${typeName(kernel)}): void;`).join('\n')}
}

/** The kernels with named arguments. */
export function nameArguments(kernels: KernelExports): Kernels {
  return {
${kernels.map((kernel) => `    ${kernel.name}: (given) => kernels.${kernel.name}(${argumentList(kernel)}),`).join('\n')}
  };
}

/** Calls of the kernels, to be computed by the threads of a pool as often as is wanted. */
export const kernelCalls = {
${kernels.map((kernel) => `  ${kernel.comment}\n  ${kernel.name}: (given: ${typeName(kernel)}): KernelCall => ({ name: '${kernel.name}', numbers: [${argumentList(kernel)}] }),`).join('\n')}
} as const;
`;
}

function typeName({ name }: Kernel): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}Arguments`;
}

function argumentsType(kernel: Kernel): string {
  const fields = kernel.parameters.map(({ name }) => `  readonly ${name}: number;`).join('\n');
  return `export interface ${typeName(kernel)} {\n${fields}\n}\n`;
}

function argumentList({ name: kernel, parameters }: Kernel): string {
  return parameters
    .map(({ name, type }) => `${CHECKS[type]}(given.${name}, '${kernel}', '${name}')`)
    .join(', ');
}
