import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
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
  user_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'code_projects_owner' })
  user?: UserRow;

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
  project_id!: string;

  @ManyToOne(() => ProjectRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'code_files_project' })
  project?: ProjectRow;

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
  file_id!: string;

  @ManyToOne(() => FileRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'file_id', foreignKeyConstraintName: 'code_file_versions_file' })
  file?: FileRow;

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
  run_id!: string;

  @ManyToOne(() => RunRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'code_jobs_run' })
  run?: RunRow;

  @Column('uuid')
  project_id!: string;

  @ManyToOne(() => ProjectRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'code_jobs_of_project' })
  project?: ProjectRow;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  agent_type!: string;
}

export const PROJECTS_ENTITIES = [ProjectRow, FileRow, FileVersionRow, JobRow] as const;
