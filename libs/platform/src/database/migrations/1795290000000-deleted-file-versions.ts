import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A file that is deleted and created again continues with higher versions, so that no `If-Match` of the deleted file holds. */
export class DeletedFileVersions1795290000000 implements MigrationInterface {
  readonly name = 'DeletedFileVersions1795290000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE code_projects ADD COLUMN deleted_version integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE code_projects DROP COLUMN deleted_version');
  }
}
