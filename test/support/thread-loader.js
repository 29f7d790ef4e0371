const { resolve } = require('node:path');

// Threads of the code under test run outside of jest's transforms, so they need the loader that benches and child processes have.
process.execArgv.push('--require', resolve(__dirname, 'typescript.js'));
