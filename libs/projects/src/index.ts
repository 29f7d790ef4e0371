export { ProjectArchive } from './files/archive.service';
export { MAX_FILE_BYTES } from './files/file-writer.service';
export { ProjectFiles } from './files/files.service';
export { PROJECT_AGENTS, type Job, type JobInput, type ProjectAgent, type StartedJob } from './job';
export { ProjectJobs } from './jobs/jobs.service';
export { PROJECT_MODES, PROJECT_STATUSES } from './project';
export type {
  ChangedFile,
  FileEntry,
  NewProject,
  Project,
  ProjectChange,
  ProjectFile,
  ProjectMode,
  ProjectStatus,
  RequirementsSpec,
} from './project';
export { PROJECTS_ENTITIES } from './projects.entities';
export { ProjectsErasure } from './projects.erasure';
export { ProjectsModule } from './projects.module';
export { Projects } from './projects.service';
