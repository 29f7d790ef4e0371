// Lets Node run our TypeScript as it is, compiled in memory by the same compiler and settings as the build; for benches and chaos runs.
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformFileSync(file, { sourceMaps: 'inline' });
  module._compile(code, file);
};
