import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdempotencyKeys1795240001000 implements MigrationInterface {
  readonly name = 'IdempotencyKeys1795240001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        scope text NOT NULL,
        key bytea NOT NULL,
        request bytea NOT NULL,
        holder uuid NOT NULL,
        lease_until timestamptz NOT NULL,
        answer bytea,
        expires_at timestamptz NOT NULL,
        CONSTRAINT idempotency_keys_pk PRIMARY KEY (scope, key)
      );
      CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys');
  }
}
