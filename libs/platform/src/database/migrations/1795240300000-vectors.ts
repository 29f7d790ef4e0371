import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Vectors1795240300000 implements MigrationInterface {
  readonly name = 'Vectors1795240300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vector_collections (
        user_id uuid NOT NULL,
        name text NOT NULL,
        mode text NOT NULL,
        epoch integer NOT NULL,
        form jsonb,
        previous_epoch integer,
        previous_form jsonb,
        wrapped_keys text,
        purged_position bigint NOT NULL DEFAULT 0,
        indexed_position bigint NOT NULL DEFAULT 0,
        index_lease_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT vector_collections_pk PRIMARY KEY (user_id, name)
      );

      CREATE TABLE vector_items (
        user_id uuid NOT NULL,
        collection text NOT NULL,
        id text COLLATE "C" NOT NULL,
        version integer NOT NULL DEFAULT 1,
        position bigint NOT NULL,
        deleted boolean NOT NULL DEFAULT false,
        epoch integer NOT NULL,
        blob bytea,
        checksum bytea,
        sketch bytea,
        alg text,
        dim integer,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT vector_items_pk PRIMARY KEY (user_id, collection, id)
      );
      ALTER TABLE vector_items ALTER COLUMN blob SET STORAGE EXTERNAL, ALTER COLUMN sketch SET STORAGE EXTERNAL;
      CREATE INDEX vector_items_changes ON vector_items (user_id, collection, position, id);
      CREATE INDEX vector_items_checksum ON vector_items (user_id, collection, checksum) WHERE NOT deleted;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE vector_items, vector_collections');
  }
}
