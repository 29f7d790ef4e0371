import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nonces of signed requests, as hashes. */
export class GatewayNonces1795291000000 implements MigrationInterface {
  readonly name = 'GatewayNonces1795291000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE gateway_nonces (hash bytea CONSTRAINT gateway_nonces_pk PRIMARY KEY, expires_at timestamptz NOT NULL)`,
    );
    await runner.query('CREATE INDEX gateway_nonces_of_expiry ON gateway_nonces (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gateway_nonces');
  }
}
