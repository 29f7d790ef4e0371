import { Settings, setting } from '@adiuva/config';

const VECTORS = {
  VECTOR_STORE: setting.choice(
    'Index that searches sketches; auto: qdrant where QDRANT_URL is set, pinecone where PINECONE_API_KEY and PINECONE_INDEX are, else embedded',
    ['auto', 'embedded', 'pgvector', 'pinecone', 'qdrant'],
    'auto',
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

type Values = Readonly<{
  VECTOR_STORE: 'auto' | 'embedded' | 'pgvector' | 'pinecone' | 'qdrant';
  PINECONE_API_KEY: string | undefined;
  PINECONE_INDEX: string | undefined;
  QDRANT_URL: string | undefined;
}>;

export class VectorsConfig extends Settings('Vectors', VECTORS, faultsOf) {
  /** Which index is used. */
  get store(): Exclude<Values['VECTOR_STORE'], 'auto'> {
    return selectStore(this);
  }
}

function selectStore({ VECTOR_STORE, QDRANT_URL, PINECONE_API_KEY, PINECONE_INDEX }: Values) {
  if (VECTOR_STORE !== 'auto') return VECTOR_STORE;
  if (QDRANT_URL !== undefined) return 'qdrant';
  return PINECONE_API_KEY !== undefined || PINECONE_INDEX !== undefined ? 'pinecone' : 'embedded';
}

function faultsOf(values: Values): string[] {
  const store = selectStore(values);
  const pinecone = (['PINECONE_API_KEY', 'PINECONE_INDEX'] as const).filter((name) => values[name] === undefined);
  if (store === 'pinecone') return pinecone.map((name) => `${name}: needed for the index in Pinecone`);
  if (store === 'qdrant' && values.QDRANT_URL === undefined) return ['QDRANT_URL: needed for VECTOR_STORE=qdrant'];
  if (values.VECTOR_STORE === 'auto' && store === 'qdrant' && pinecone.length < 2)
    return ['VECTOR_STORE: settings of Qdrant and Pinecone are present; set qdrant or pinecone'];
  return [];
}
