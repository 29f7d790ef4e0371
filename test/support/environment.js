const { ModuleMocker } = require('jest-mock');

/**
 * Spec files run in the realm of Node itself, as our code does in production. jest's own environment gives each file a realm in which `Error`,
 * `Array` and `Promise` are not those of Node's libraries. Without fake timers: our tests give a clock instead.
 */
module.exports = class {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;

  async setup() {
    Error.stackTraceLimit = 100;
    this.before = { variables: { ...process.env }, exit: process.exit, console: globalThis.console };
  }

  async teardown() {
    const { variables, exit, console } = this.before;
    process.exit = exit;
    globalThis.console = console;
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }
};
