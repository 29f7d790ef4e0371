import * as nodeModule from 'node:module';

// Node 22.1 and later keep compiled code on disk between starts (in NODE_COMPILE_CACHE, else in the folder for temporary files); Node 20 does
// not have the function. Imported before everything else, because only what is loaded after it is kept.
const enableCompileCache: unknown = Reflect.get(nodeModule, 'enableCompileCache');
if (typeof enableCompileCache === 'function') Reflect.apply(enableCompileCache, nodeModule, []);
