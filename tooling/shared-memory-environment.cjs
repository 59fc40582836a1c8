const NativeTypedArraysEnvironment = require('./jest-environment.cjs');

/** WebAssembly of the same realm as the typed arrays: else its shared memory is not recognised. */
class SharedMemoryEnvironment extends NativeTypedArraysEnvironment {
  async setup() {
    await super.setup();
    this.global.WebAssembly = WebAssembly;
  }
}

module.exports = SharedMemoryEnvironment;
