import type { AdiuvaClient, RunEvent } from '@adiuva/client';

type Agent = Parameters<AdiuvaClient['projects']['runAgent']>[0]['agent_type'];
type Job = Awaited<ReturnType<AdiuvaClient['projects']['job']>>;

/** The order in which the agents build on each other's work: requirements, a tree of files, code, a review. */
const AGENTS: readonly Agent[] = ['research', 'wireframe', 'code', 'qa'];

export interface BuildOptions {
  readonly title: string;
  /** What the agents are asked for, in words. */
  readonly request: string;
  onJob?(agent: Agent, estimatedSeconds: number): void;
  onEvent?(agent: Agent, event: RunEvent): void;
}

export interface BuiltProject {
  readonly id: string;
  /** One for each agent, in their order. */
  readonly jobs: readonly Job[];
  readonly zip: Uint8Array;
}

/** Lets four agents build a project, each after the other, and downloads it. Throws where a job does not complete. */
export async function buildProject(client: AdiuvaClient, options: BuildOptions): Promise<BuiltProject> {
  const { projects } = client;
  const { id } = await projects.create({ title: options.title, mode: 'build', tech_stack: ['typescript'] });
  const jobs: Job[] = [];
  for (const agent of AGENTS) {
    const input = { request: options.request };
    const started = await projects.runAgent({ project_id: id, agent_type: agent, input_context: input });
    options.onJob?.(agent, started.estimated_time);
    // Ends with the job; a lost connection continues after the last event.
    for await (const event of projects.jobEvents(started.job_id)) options.onEvent?.(agent, event);
    const job = await projects.job(started.job_id);
    if (job.status !== 'completed') throw new Error(`${agent} is ${job.status}: ${job.error?.code ?? ''}`);
    jobs.push(job);
  }
  const archive = await projects.archive(id);
  return { id, jobs, zip: new Uint8Array(await archive.arrayBuffer()) };
}
