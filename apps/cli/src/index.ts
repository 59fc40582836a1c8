export { EXIT } from './exit-codes';
export { createProgram } from './program';
export { runCli } from './run-cli';
