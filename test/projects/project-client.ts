import { eventually, type TestApp, type TestUser } from '../support/app';
import type { Answerer, CompletionRequest, Script } from '../support/fakes/models/fake-openai';

export type Fields = Record<string, unknown>;

export const systemOf = ({ messages }: CompletionRequest): string => String(messages[0]?.content ?? '');
const phaseOf = (request: CompletionRequest): string => {
  const words: Record<string, string> = {
    'You prepare the requirements': 'analyse',
    'You write the requirements': 'specify',
    'You design the structure': 'outline',
    'You write the outline': 'contracts',
    'You plan a change': 'plan',
    'You carry out the plan': 'write',
    'You review the project': 'review',
    'You are a tutor': 'ask',
  };
  return Object.entries(words).find(([start]) => systemOf(request).includes(start))?.[1] ?? 'unknown';
};
export const toolResults = ({ messages }: CompletionRequest): Fields[] =>
  messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(String(content)));

/** Answers each phase with its scripts in order; the round is the number of assistant messages. */
export const scripted = (
  phases: Record<string, readonly (Script | ((request: CompletionRequest) => Script))[]>,
): Answerer => {
  return (request) => {
    const round = request.messages.filter(({ role }) => role === 'assistant').length;
    const script = phases[phaseOf(request)]?.[round] ?? { text: 'Done.' };
    return typeof script === 'function' ? script(request) : script;
  };
};

/** The projects and jobs of one user over HTTP. */
export class ProjectClient {
  constructor(
    private readonly app: TestApp,
    private readonly user: TestUser,
  ) {}

  create = async (mode = 'build'): Promise<string> =>
    (await this.app.call('post', '/projects', this.user).send({ title: 'Recipes', mode }).expect(201)).body.id;

  write = (id: string, path: string, content: string) =>
    this.app.call('post', `/projects/${id}/files`, this.user).send({ path, content });

  read = async (id: string, path: string): Promise<string> =>
    (await this.app.call('get', `/projects/${id}/files/content`, this.user).query({ path }).expect(200)).body.content;

  paths = async (id: string): Promise<string[]> =>
    (await this.app.call('get', `/projects/${id}/files`, this.user).expect(200)).body.files.map(
      (file: Fields) => file['path'],
    );

  start = async (projectId: string, agent: string, input: Fields = { request: 'Please help' }): Promise<string> => {
    const body = { project_id: projectId, agent_type: agent, input_context: input };
    const { body: started } = await this.app.call('post', '/run-agent', this.user).send(body).expect(202);
    expect(started).toEqual({ job_id: expect.any(String), status: 'queued', estimated_time: expect.any(Number) });
    return started.job_id;
  };

  job = async (id: string): Promise<Fields & { result: Fields; error: Fields }> =>
    (await this.app.call('get', `/jobs/${id}`, this.user).expect(200)).body;

  ended = async (id: string) => {
    await eventually(async () => ['completed', 'failed', 'cancelled'].includes(String((await this.job(id))['status'])));
    return this.job(id);
  };

  resume = async (id: string) => {
    await this.app.call('post', `/runs/${id}/resume`, this.user).send({}).expect(202);
    return this.ended(id);
  };
}
