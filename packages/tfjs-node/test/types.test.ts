import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const uses = fileURLToPath(new URL('fixtures/uses.ts', import.meta.url));
const ours = fileURLToPath(new URL('../dist/index.d.cts', import.meta.url));

/** Compiles the program of uses with the named module in tfjs-node's place, where one is named. */
function compile(inPlace?: string): { errors: string[]; names: Set<string> } {
  const program = ts.createProgram([uses], {
    ...{ strict: true, noEmit: true, skipLibCheck: true, noUncheckedIndexedAccess: true },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, types: [] },
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    ...(inPlace === undefined ? {} : { paths: { '@tensorflow/tfjs-node': [inPlace] } }),
  });
  const errors = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  const checker = program.getTypeChecker();
  const statement = program.getSourceFile(uses)!.statements[0] as ts.ImportDeclaration;
  const module = checker.getSymbolAtLocation(statement.moduleSpecifier)!;
  const names = checker.getExportsOfModule(module).map(({ name }) => name);
  return { errors, names: new Set(names) };
}

it("programs compile with tfjs-node's types and with ours, and find the same names", () => {
  const [theirs, mine] = [compile(), compile(ours)];
  expect(theirs.errors).toEqual([]);
  expect(mine.errors).toEqual([]);
  expect([...theirs.names].filter((name) => !mine.names.has(name))).toEqual([]);
  expect(theirs.names.size).toBeGreaterThan(500);
});
