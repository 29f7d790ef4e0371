import type { Precondition } from '@adiuva/kernel';

export const PROJECT_STATUSES = ['draft', 'active', 'archived'] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

/** `build`: agents write files; `learn`: the user writes them and agents ask. */
export const PROJECT_MODES = ['build', 'learn'] as const;
export type ProjectMode = (typeof PROJECT_MODES)[number];

/** What has been required of a project: a text, or JSON of the client's own form. */
export type RequirementsSpec = string | Readonly<Record<string, unknown>> | null;

export interface ProjectContent {
  readonly title: string;
  readonly description: string | null;
  readonly techStack: readonly string[];
  readonly requirementsSpec: RequirementsSpec;
}

export interface NewProject extends Omit<ProjectContent, 'requirementsSpec'> {
  readonly mode: ProjectMode;
}

export interface Project extends ProjectContent {
  readonly id: string;
  readonly userId: string;
  readonly status: ProjectStatus;
  readonly mode: ProjectMode;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type ProjectChange = Partial<ProjectContent & Pick<Project, 'status' | 'mode'>>;

/** A file without its content. `checksum` is the SHA-256 of the content in hex. */
export interface FileEntry {
  readonly path: string;
  readonly language: string;
  readonly sizeBytes: number;
  readonly checksum: string;
  readonly version: number;
  readonly updatedAt: Date;
}

export interface ProjectFile extends FileEntry {
  readonly content: string;
}

/** `expected` holds for the current version, which is 0 where there is no file. */
export interface FileWrite {
  readonly path: string;
  readonly content: string;
  readonly language?: string | undefined;
  /** The content on another version than the expected one, where the change can be made there too. */
  readonly merge?: (current: string) => string | undefined;
  readonly expected?: Precondition;
}

export interface FileRemoval {
  readonly path: string;
  readonly content: null;
  readonly expected?: Precondition;
}

export type FileChange = FileWrite | FileRemoval;

export interface ChangedFile {
  readonly path: string;
  /** 0 for a file that is removed. */
  readonly version: number;
  readonly language: string;
  readonly created: boolean;
}
