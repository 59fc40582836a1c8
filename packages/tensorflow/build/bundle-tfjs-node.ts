import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { build, type Plugin } from 'esbuild';

const tfjsNode = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'),
);

/** What of tfjs-node is used: not its index, which loads the compiled add-on. */
const ENTRY = `
  require('./dist/register_all_kernels');
  exports.NodeJSKernelBackend = require('./dist/nodejs_kernel_backend').NodeJSKernelBackend;
  exports.node = require('./dist/node').node;
  exports.ProgbarLogger = require('./dist/callbacks').ProgbarLogger;
  exports.nodeFileSystemRouter = require('./dist/io/file_system').nodeFileSystemRouter;
  exports.io = require('./dist/io/index');
`;

/** Functions of Node.js's `util` that Node.js 23 took away. */
const UTIL = `
  module.exports = {
    ...require('node:util'),
    isArray: Array.isArray,
    isNullOrUndefined: (value) => value === null || value === undefined,
  };
`;

/** tfjs-node asks for the whole of TensorFlow.js: it gets what the bundle's caller hands in. */
const REPLACED: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs': 'module.exports = tensorflow;',
  '@tensorflow/tfjs-core': 'module.exports = tensorflow;',
  util: UTIL,
  'node-fetch': 'module.exports = globalThis.fetch;',
};

const replaceModules: Plugin = {
  name: 'replace-modules',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: /^(@tensorflow\/tfjs|@tensorflow\/tfjs-core|util|node-fetch)$/ },
      ({ path }) => ({
        path,
        namespace: 'replaced',
      }),
    );
    onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path }) => ({
      contents: REPLACED[path] ?? '',
      resolveDir: tfjsNode,
    }));
  },
};

/**
 * Bundles the JavaScript of tfjs-node, its kernels above all, into one CommonJS file that exports a function: it
 * takes a TensorFlow.js and returns what is listed above, made for it. So a copy that a caller injects
 * is served like our own, and nobody has to install tfjs-node, whose install script downloads a library.
 */
export async function bundleTfjsNode(outfile: string): Promise<void> {
  await build({
    stdin: { contents: ENTRY, resolveDir: tfjsNode },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.9',
    plugins: [replaceModules],
    minifyWhitespace: true,
    legalComments: 'eof',
    banner: {
      js: 'module.exports = (tensorflow) => { const module = { exports: {} }; let exports = module.exports;',
    },
    footer: { js: 'return module.exports; };' },
    logLevel: 'error',
  });
}
