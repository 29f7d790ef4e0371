import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CodeProjects1795272000000 implements MigrationInterface {
  readonly name = 'CodeProjects1795272000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE code_projects (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL,
        mode text NOT NULL,
        content bytea NOT NULL,
        version integer NOT NULL DEFAULT 1,
        file_count integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT code_projects_pk PRIMARY KEY (id),
        CONSTRAINT code_projects_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      );
      CREATE INDEX code_projects_user ON code_projects (user_id, id);

      CREATE TABLE code_files (
        id uuid NOT NULL,
        project_id uuid NOT NULL,
        user_id uuid NOT NULL,
        path_hash bytea NOT NULL,
        folder_hashes bytea[] NOT NULL,
        meta bytea NOT NULL,
        size_bytes integer NOT NULL,
        version integer NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT code_files_pk PRIMARY KEY (id),
        CONSTRAINT code_files_project FOREIGN KEY (project_id) REFERENCES code_projects (id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX code_files_path ON code_files (project_id, path_hash);

      CREATE TABLE code_file_versions (
        file_id uuid NOT NULL,
        version integer NOT NULL,
        user_id uuid NOT NULL,
        meta bytea NOT NULL,
        content bytea NOT NULL,
        stored_bytes integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT code_file_versions_pk PRIMARY KEY (file_id, version),
        CONSTRAINT code_file_versions_file FOREIGN KEY (file_id) REFERENCES code_files (id) ON DELETE CASCADE
      );
      -- Ciphertext does not compress.
      ALTER TABLE code_file_versions ALTER COLUMN content SET STORAGE EXTERNAL;

      CREATE TABLE code_jobs (
        run_id uuid NOT NULL,
        project_id uuid NOT NULL,
        user_id uuid NOT NULL,
        agent_type text NOT NULL,
        CONSTRAINT code_jobs_pk PRIMARY KEY (run_id),
        CONSTRAINT code_jobs_run FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE,
        CONSTRAINT code_jobs_of_project FOREIGN KEY (project_id) REFERENCES code_projects (id) ON DELETE CASCADE
      );
      CREATE INDEX code_jobs_project ON code_jobs (project_id, run_id);

      ALTER TABLE storage_usage
        ADD COLUMN files_made bigint NOT NULL DEFAULT 0,
        ADD COLUMN files_bytes bigint NOT NULL DEFAULT 0,
        ADD COLUMN files_count bigint NOT NULL DEFAULT 0,
        DROP CONSTRAINT storage_usage_positive,
        ADD CONSTRAINT storage_usage_positive CHECK (
          LEAST(records_bytes, records_count, vectors_bytes, vectors_count, files_bytes, files_count, backups_bytes, backups_count, backups_reserved) >= 0
        )`);
    await runner.query(ADD_USAGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_USAGE_BEFORE);
    await runner.query(`
      DROP TABLE code_jobs;
      DROP TABLE code_file_versions;
      DROP TABLE code_files;
      DROP TABLE code_projects;
      ALTER TABLE storage_usage
        DROP CONSTRAINT storage_usage_positive,
        DROP COLUMN files_made,
        DROP COLUMN files_bytes,
        DROP COLUMN files_count,
        ADD CONSTRAINT storage_usage_positive CHECK (
          LEAST(records_bytes, records_count, vectors_bytes, vectors_count, backups_bytes, backups_count, backups_reserved) >= 0
        )`);
  }
}

/** As before, with `files` as a further kind that shares the limit of records and vectors. */
const ADD_USAGE = addUsage(['records', 'vectors', 'files']);
const ADD_USAGE_BEFORE = addUsage(['records', 'vectors']);

function addUsage(cloud: readonly string[]): string {
  const kinds = [...cloud, 'backups'];
  const columns = kinds.flatMap((kind) =>
    ['bytes', 'count', 'made'].map(
      (what) => `${kind}_${what} = u.${kind}_${what} + CASE a_kind WHEN '${kind}' THEN a_${what} ELSE 0 END`,
    ),
  );
  return `
  CREATE OR REPLACE FUNCTION add_usage(
    usage storage_usage, a_kind text, a_limit bigint, a_bytes bigint, a_count bigint, a_made bigint, a_changes bigint,
    OUT outcome text, OUT last_position bigint, OUT total_made bigint, OUT used_bytes bigint
  ) LANGUAGE plpgsql AS $$
  BEGIN
    used_bytes := CASE WHEN a_kind IN (${cloud.map((kind) => `'${kind}'`).join(', ')}) THEN ${cloud.map((kind) => `usage.${kind}_bytes`).join(' + ')}
      ELSE usage.backups_bytes + usage.backups_reserved END;
    outcome := CASE WHEN a_bytes > 0 AND used_bytes + a_bytes > a_limit THEN 'exceeded' ELSE 'ok' END;
    IF outcome = 'ok' THEN
      UPDATE storage_usage u SET
        position = u.position + a_changes,
        ${columns.join(',\n        ')},
        backups_reserved = u.backups_reserved + CASE a_kind WHEN 'reserved' THEN a_bytes ELSE 0 END
      WHERE u.user_id = usage.user_id
      RETURNING u.position, CASE a_kind ${cloud.map((kind) => `WHEN '${kind}' THEN u.${kind}_made`).join(' ')} ELSE u.backups_made END
      INTO last_position, total_made;
    END IF;
  END $$`;
}
