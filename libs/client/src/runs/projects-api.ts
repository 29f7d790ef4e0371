import type {
  ChangeProjectDto,
  FileDto,
  FileListDto,
  JobDto,
  JobListDto,
  ListProjectsData,
  NewProjectDto,
  ProjectDto,
  RunAgentDto,
  StartedJobDto,
  WriteFileDto,
  WrittenFileDto,
} from '../generated/types.gen';
import { ifMatch, type Http } from '../api/http';
import { runEvents, type RunEvent } from './run-events';

export type ProjectQuery = NonNullable<ListProjectsData['query']>;

/** Code projects: virtual files with versions, which agents work on. */
export class ProjectsApi {
  constructor(private readonly http: Http) {}

  create(project: NewProjectDto): Promise<ProjectDto> {
    return this.http.json('POST', '/projects', { body: project, idempotencyKey: crypto.randomUUID() });
  }

  list(query: ProjectQuery = {}): Promise<ProjectDto[]> {
    return this.http.json('GET', '/projects', { query });
  }

  get(id: string): Promise<ProjectDto> {
    return this.http.json('GET', `/projects/${encodeURIComponent(id)}`);
  }

  /** With `version` only while the project has it: 412 otherwise. */
  change(id: string, changes: ChangeProjectDto, version?: number): Promise<ProjectDto> {
    return this.http.json('PUT', `/projects/${encodeURIComponent(id)}`, { body: changes, headers: ifMatch(version) });
  }

  /** With its files; jobs that run are cancelled. */
  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/projects/${encodeURIComponent(id)}`);
  }

  /** Files without contents, sorted by path. */
  files(id: string, prefix?: string): Promise<FileListDto> {
    return this.http.json('GET', `/projects/${encodeURIComponent(id)}/files`, { query: { prefix } });
  }

  /** The current version of a file, or one of its last 20. */
  readFile(id: string, path: string, version?: number): Promise<FileDto> {
    return this.http.json('GET', `/projects/${encodeURIComponent(id)}/files/content`, { query: { path, version } });
  }

  /** Text of up to 1 MiB. `expected` is the version that is replaced, 0 for a new file: 412 where the file has another. */
  writeFile(id: string, file: WriteFileDto, expected?: number): Promise<WrittenFileDto> {
    const headers = expected === 0 ? { 'if-none-match': '*' } : ifMatch(expected);
    return this.http.json('POST', `/projects/${encodeURIComponent(id)}/files`, {
      body: file,
      headers,
      idempotencyKey: crypto.randomUUID(),
    });
  }

  /** With all versions, or only the `version` that is given. */
  async deleteFile(id: string, path: string, version?: number): Promise<void> {
    await this.http.json('DELETE', `/projects/${encodeURIComponent(id)}/files/content`, { query: { path, version } });
  }

  /** A zip archive of the current files, as a stream. */
  archive(id: string): Promise<Response> {
    return this.http.send('GET', `/projects/${encodeURIComponent(id)}/archive`);
  }

  /** Lets an agent work on a project; `estimated_time` is in seconds. 501 `not_configured` where it needs a language model. */
  runAgent(job: RunAgentDto): Promise<StartedJobDto> {
    return this.http.json('POST', '/run-agent', { body: job, idempotencyKey: crypto.randomUUID() });
  }

  /** With its result when it is completed. */
  job(id: string): Promise<JobDto> {
    return this.http.json('GET', `/jobs/${encodeURIComponent(id)}`);
  }

  /** Newest first. */
  jobs(projectId: string, limit?: number): Promise<JobListDto> {
    return this.http.json('GET', `/jobs/${encodeURIComponent(projectId)}/list`, { query: { limit } });
  }

  cancelJob(id: string): Promise<JobDto> {
    return this.http.json('POST', `/jobs/${encodeURIComponent(id)}/cancel`);
  }

  /** Every event once, through lost connections, until the job has ended. */
  jobEvents(id: string, after = 0, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const open = (headers: Readonly<Record<string, string>>, stop: AbortSignal | undefined) =>
      this.http.send('GET', `/jobs/${encodeURIComponent(id)}/events`, { headers, signal: stop });
    return runEvents({ open, read: () => this.job(id) }, after, signal);
  }
}
