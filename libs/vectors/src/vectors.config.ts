import { Settings, setting } from '@adiuva/config';

const VECTORS = {
  VECTOR_STORE: setting.choice(
    'Index that searches sketches',
    ['embedded', 'pgvector', 'pinecone', 'qdrant'],
    'embedded',
  ),
  VECTOR_CACHE_MB: setting.integer('Megabytes of sketches that the embedded index keeps in memory', 512, {
    min: 16,
    max: 3000,
  }),
  VECTOR_TOMBSTONE_DAYS: setting.integer('Days that deletions stay in the change feed', 90, { min: 1, max: 3650 }),
  PINECONE_API_KEY: setting.optionalSecret('Key of Pinecone, for VECTOR_STORE=pinecone'),
  PINECONE_INDEX: setting.optionalText(
    'Name of a Pinecone index with the cosine metric and at least as many dimensions as the widest sketch',
  ),
  PINECONE_CONTROLLER_HOST: setting.optionalUrl('Control plane of Pinecone where it is not the public one'),
  QDRANT_URL: setting.optionalUrl('http(s)://… of Qdrant, for VECTOR_STORE=qdrant'),
  QDRANT_API_KEY: setting.optionalSecret('Key of Qdrant, where it asks for one'),
};

export class VectorsConfig extends Settings('Vectors', VECTORS, (values) => {
  if (values.VECTOR_STORE === 'pinecone') {
    return (['PINECONE_API_KEY', 'PINECONE_INDEX'] as const)
      .filter((name) => values[name] === undefined)
      .map((name) => `${name}: needed for VECTOR_STORE=pinecone`);
  }
  if (values.VECTOR_STORE === 'qdrant' && values.QDRANT_URL === undefined)
    return ['QDRANT_URL: needed for VECTOR_STORE=qdrant'];
  return [];
}) {}
