import { Environment } from '@adiuva/config';
import { VectorsConfig } from '@adiuva/vectors';

const configured = (values: Record<string, string>) => new VectorsConfig(new Environment(values));

describe('the settings of the vector index', () => {
  test.each([
    [{}, 'embedded'],
    [{ QDRANT_URL: 'http://qdrant' }, 'qdrant'],
    [{ PINECONE_API_KEY: 'key', PINECONE_INDEX: 'index' }, 'pinecone'],
    [{ VECTOR_STORE: 'embedded', QDRANT_URL: 'http://qdrant' }, 'embedded'],
    [{ VECTOR_STORE: 'pgvector' }, 'pgvector'],
  ])('%j selects %s', (values, store) => {
    expect(configured(values).store).toBe(store);
  });

  test.each([
    [{ PINECONE_API_KEY: 'key' }, /PINECONE_INDEX/],
    [{ PINECONE_INDEX: 'index' }, /PINECONE_API_KEY/],
    [{ VECTOR_STORE: 'qdrant' }, /QDRANT_URL/],
    [{ QDRANT_URL: 'http://qdrant', PINECONE_API_KEY: 'key', PINECONE_INDEX: 'index' }, /VECTOR_STORE/],
  ])('%j is refused by name', (values, fault) => {
    expect(() => configured(values)).toThrow(fault);
  });
});
