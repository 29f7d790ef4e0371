import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log with its hash chains, which replaces that of administrators; disabled accounts. */
export class Audit1795291100000 implements MigrationInterface {
  readonly name = 'Audit1795291100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid CONSTRAINT audit_events_pk PRIMARY KEY,
        action text NOT NULL,
        user_id uuid,
        actor_id uuid,
        details jsonb,
        at timestamptz NOT NULL,
        account bytea NOT NULL,
        content bytea NOT NULL,
        redaction bytea,
        position bigint,
        link bytea,
        account_position integer,
        account_link bytea
      )`);
    await runner.query('CREATE UNIQUE INDEX audit_events_position ON audit_events (position)');
    await runner.query('CREATE INDEX audit_events_of_user ON audit_events (user_id, id)');
    await runner.query('CREATE INDEX audit_events_of_actor ON audit_events (actor_id, id)');
    await runner.query('CREATE INDEX audit_events_of_account ON audit_events (account, account_position)');
    await runner.query('CREATE INDEX audit_events_unlinked ON audit_events (id) WHERE position IS NULL');
    await runner.query(
      `CREATE TABLE audit_head (id smallint CONSTRAINT audit_head_pk PRIMARY KEY, position bigint NOT NULL, link bytea NOT NULL, mac bytea NOT NULL)`,
    );
    await runner.query('DROP TABLE admin_actions');
    await runner.query('ALTER TABLE users ADD disabled_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN disabled_at');
    await runner.query(`
      CREATE TABLE admin_actions (
        id uuid CONSTRAINT admin_actions_pk PRIMARY KEY,
        admin_id uuid NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        details jsonb NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX admin_actions_of_subject ON admin_actions (subject)');
    await runner.query('DROP TABLE audit_head');
    await runner.query('DROP TABLE audit_events');
  }
}
