export { connectEmbeddedPostgres, makeTemplate, startEmbeddedPostgres } from './embedded-postgres.adapter';
export type { EmbeddedPostgres } from './embedded-postgres.adapter';
