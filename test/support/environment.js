const { types } = require('node:util');
const { TestEnvironment } = require('jest-environment-node');

/** Node's own errors come from outside jest's sandbox; without this they would not be `instanceof Error` inside it, as they are in production. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error: Inner } = this.global;
    const usual = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(Inner, Symbol.hasInstance, {
      value(error) {
        return this === Inner ? types.isNativeError(error) || usual.call(this, error) : usual.call(this, error);
      },
    });
  }
};
