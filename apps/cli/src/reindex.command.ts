import { Reindex, VectorsConfig } from '@adiuva/vectors';
import type { Environment } from '@adiuva/config';
import { inContext } from './command-context';

/** Fills the index that VECTOR_STORE names from the database, to move from one to another. Safe while the server runs. */
export function reindex(environment: Environment): Promise<string> {
  return inContext(environment, async (app) => {
    const store = app.get(VectorsConfig).store;
    const { collections } = await app.get(Reindex).run();
    return store === 'embedded'
      ? 'The embedded index reads the database itself; there is nothing to fill.'
      : `Filled ${store} with the sketches of ${collections} collections.`;
  });
}
