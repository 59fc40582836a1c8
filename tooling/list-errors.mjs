/**
 * Lists every error that this project can throw, from its sources: where it is, who throws it, its code
 * and its message, with `{…}` for what is filled in and `A | B` where either is said.
 *
 *   node tooling/list-errors.mjs            as text
 *   node tooling/list-errors.mjs --json     as a list of { place, thrower, code, message }
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Which arguments make the message; `code` stands in one of its own. */
const THROWERS = {
  DlcmpError: { message: [1], code: 0 },
  assertArgument: { message: [1] },
  InvalidArgumentError: { message: [0] },
  TransientFailure: { message: [0, 1] },
  DamagedArchive: { message: [0] },
  RefusedArchive: { message: [0, 1] },
  BadImage: { message: [0] },
  Error: { message: [0] },
  RangeError: { message: [0] },
  TypeError: { message: [0] },
};

/** Every error in the sources under `root`. */
export function listErrors(root = ROOT) {
  const parents = [join(root, 'packages'), join(root, 'apps')];
  const sources = parents.flatMap((parent) =>
    readdirSync(parent).flatMap((name) => typescriptFiles(join(parent, name, 'src'))),
  );
  return sources.sort().flatMap((path) => errorsOf(path, root));
}

function typescriptFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function errorsOf(path, root) {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = [];
  const visit = (node) => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const thrower = node.expression.getText(source);
      const { message, code } = THROWERS[thrower] ?? {};
      if (message) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        const parts = message.map((index) => textOf(node.arguments?.[index], source));
        found.push({
          place: `${relative(root, path)}:${line + 1}`,
          thrower,
          code: code === undefined ? undefined : node.arguments?.[code]?.getText(source),
          message: parts.filter((part) => part !== '').join(' '),
        });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A message as far as it is known: literals as they are, constants of the file looked up. */
function textOf(node, source, depth = 0) {
  if (node === undefined) return '';
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression, source, depth);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(
      ({ expression, literal }) => filledIn(expression, source, depth) + literal.text,
    );
    return node.head.text + spans.join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textOf(node.left, source, depth) + textOf(node.right, source, depth);
  }
  if (ts.isConditionalExpression(node)) {
    return `${textOf(node.whenTrue, source, depth)} | ${textOf(node.whenFalse, source, depth)}`;
  }
  return filledIn(node, source, depth);
}

const DEEPEST = 3;

function filledIn(node, source, depth) {
  if (ts.isConditionalExpression(node) || ts.isStringLiteralLike(node)) {
    return `{${textOf(node, source, depth)}}`;
  }
  if (ts.isIdentifier(node) && depth < DEEPEST) {
    const value = constantNamed(node.text, node);
    if (value) return textOf(value, source, depth + 1);
  }
  return `{${node.getText(source).replace(/\s+/g, ' ')}}`;
}

/** What a constant is set to, in the function around or at the top of the file, where that is a text. */
function constantNamed(name, from) {
  for (let scope = from.parent; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isCaseClause(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name: declared, initializer } of statement.declarationList.declarations) {
        if (
          initializer &&
          ts.isIdentifier(declared) &&
          declared.text === name &&
          isText(initializer)
        ) {
          return initializer;
        }
      }
    }
  }
  return undefined;
}

function isText(node) {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    (ts.isConditionalExpression(node) && isText(node.whenTrue) && isText(node.whenFalse))
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = listErrors();
  if (process.argv.includes('--json')) console.log(JSON.stringify(errors, null, 2));
  else {
    for (const { place, code, thrower, message } of errors) {
      console.log(`${place}  ${code ?? thrower}\n    ${message}`);
    }
    console.log(`${errors.length} errors`);
  }
}
