const { mkdirSync } = require('node:fs');
const { dirname } = require('node:path');
const { SqliteSyncStore } = require('../../../libs/client/src/index.ts');

/** Notes in a SQLite file where this Electron has `node:sqlite` (version 35 and later); undefined, for memory, where it has not. */
exports.openStore = (file) => {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) return undefined;
  mkdirSync(dirname(file), { recursive: true });
  return new SqliteSyncStore(new sqlite.DatabaseSync(file));
};
