export { connectEmbeddedPostgres, makeTemplate, startEmbeddedPostgres } from './embedded-postgres.adapter';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.adapter';
