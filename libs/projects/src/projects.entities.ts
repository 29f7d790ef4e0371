import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import { RunRow } from '@adiuva/runs';
import type { ProjectMode, ProjectStatus } from './project';

/** A code project. Title, description, stack and requirements are sealed together. */
@Entity('code_projects')
@Index('code_projects_user', ['user_id', 'id'])
export class ProjectRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'code_projects_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'code_projects_owner', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text')
  status!: ProjectStatus;

  @Column('text')
  mode!: ProjectMode;

  @Column('bytea')
  content!: Buffer;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('integer', { default: 0 })
  file_count!: number;

  /** The highest version that a deleted file had. */
  @Column('integer', { default: 0 })
  deleted_version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** A file of a code project. Path, language and checksum are sealed; keyed hashes of the folded path and of its folders find it. */
@Entity('code_files')
@Index('code_files_path', ['project_id', 'path_hash'], { unique: true })
export class FileRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'code_files_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => ProjectRow, { name: 'code_files_project', onDelete: 'CASCADE' })
  project_id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('bytea')
  path_hash!: Buffer;

  @Column('bytea', { array: true })
  folder_hashes!: Buffer[];

  @Column('bytea')
  meta!: Buffer;

  @Column('integer')
  size_bytes!: number;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** The content of one version of a file, sealed. */
@Entity('code_file_versions')
export class FileVersionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'code_file_versions_pk' })
  @ForeignKey(() => FileRow, { name: 'code_file_versions_file', onDelete: 'CASCADE' })
  file_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'code_file_versions_pk' })
  version!: number;

  @Column('uuid')
  user_id!: string;

  @Column('bytea')
  meta!: Buffer;

  @Column('bytea')
  content!: Buffer;

  /** What the quota is charged. */
  @Column('integer')
  stored_bytes!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** Which agent of which project a run of kind `job` executes. */
@Entity('code_jobs')
@Index('code_jobs_project', ['project_id', 'run_id'])
export class JobRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'code_jobs_pk' })
  @ForeignKey(() => RunRow, { name: 'code_jobs_run', onDelete: 'CASCADE' })
  run_id!: string;

  @Column('uuid')
  @ForeignKey(() => ProjectRow, { name: 'code_jobs_of_project', onDelete: 'CASCADE' })
  project_id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  agent_type!: string;
}

export const PROJECTS_ENTITIES = [ProjectRow, FileRow, FileVersionRow, JobRow] as const;
