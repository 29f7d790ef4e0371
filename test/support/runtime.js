const { createRequire } = require('node:module');
const { join, sep } = require('node:path');
const { compileFunction } = require('node:vm');
const Runtime = require('jest-runtime').default;
require('./typescript.js');

const ROOT = join(__dirname, '..', '..') + sep;
const OWN = [join(ROOT, 'test') + sep, join(ROOT, 'examples') + sep];

/**
 * Node loads packages and our libraries, once for all spec files of a worker, as it does in production. jest loads what is in `test` and
 * `examples`, for each spec file again. Loading everything again takes 3 s and 60 MB a spec file.
 */
module.exports = class extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    const { executor } = this;
    executor.compile = (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModule(from, name, options, isRequireActual) {
    const byJest = () => super.requireModule(from, name, options, isRequireActual);
    if (options?.isInternalModule || !name || this._resolution.isCoreModule(name)) return byJest();
    const file = this._resolution.resolveCjs(from, name);
    return OWN.some((folder) => file.startsWith(folder)) ? byJest() : createRequire(from)(file);
  }
};
