import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CustomAgents1795273000000 implements MigrationInterface {
  readonly name = 'CustomAgents1795273000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE custom_agents (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        description bytea NOT NULL,
        instructions bytea NOT NULL,
        tools text[] NOT NULL,
        model_role text NOT NULL,
        memory boolean NOT NULL,
        enabled boolean NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT custom_agents_pk PRIMARY KEY (id),
        CONSTRAINT custom_agents_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX custom_agents_name ON custom_agents (user_id, name);
      CREATE TABLE memories (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        agent text,
        content bytea NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT memories_pk PRIMARY KEY (id),
        CONSTRAINT memories_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX memories_user ON memories (user_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE memories; DROP TABLE custom_agents');
  }
}
