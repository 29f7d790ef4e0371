const { AsyncLocalStorage } = require('node:async_hooks');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

const storages = new Set();
const stores = new Set();
for (const method of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[method];
  AsyncLocalStorage.prototype[method] = function (store, ...parameters) {
    storages.add(this);
    if (store?.describeBlock ?? store?.test ?? store?.hook) stores.add(store);
    return original.call(this, store, ...parameters);
  };
}

/** What jest keeps in the global object, of which it expects a new one for each spec file. */
const STATE = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'];

/**
 * Without this a worker keeps each spec file to its end, and slows down: all handlers of former files see each event of jest, and each
 * promise copies the values of all storages that are not disabled.
 */
function releaseSpecFile() {
  for (const storage of storages) storage.disable();
  for (const store of stores) for (const key of Object.keys(store)) delete store[key];
  storages.clear();
  stores.clear();
  for (const symbol of Object.getOwnPropertySymbols(globalThis))
    if (STATE.includes(symbol.description)) delete globalThis[symbol];
}

/**
 * Spec files run in the realm of Node itself, as our code does in production. jest's own environment gives each file a realm in which `Error`,
 * `Array` and `Promise` are not those of Node's libraries.
 */
module.exports = class {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {
    Error.stackTraceLimit = 100;
    this.before = { variables: { ...process.env }, exit: process.exit, console: globalThis.console };
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    const { variables, exit, console } = this.before;
    process.exit = exit;
    globalThis.console = console;
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
    releaseSpecFile();
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }
};
