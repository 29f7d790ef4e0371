import type { CompletionRequest, Script, ScriptedCall } from '../support/fakes/models/fake-openai';
import { Cluster, demand, print } from './cluster';

const ROUNDS = Number(process.argv[3] ?? 6);
const MODEL_MS = 120;
const MAX_PAUSE_S = 30;
const FILES = ['src/a.ts', 'src/b.ts', 'src/c.ts'];
const OLD = 'src/main.ts';
const NO_TOOLS: readonly ScriptedCall[] = [];

/** The calls of the step that writes, one list for each reply. */
const WRITES: readonly (readonly ScriptedCall[])[] = [
  [{ name: 'read_file', arguments: { path: OLD } }],
  FILES.slice(0, 2).map((path) => ({
    name: 'write_file',
    arguments: { path, content: `export const name = '${path}';\n` },
  })),
  [{ name: 'edit_file', arguments: { path: OLD, old_text: 'one', new_text: 'two' } }],
  [{ name: 'write_file', arguments: { path: FILES[2], content: 'export const last = true;\n' } }],
];

/**
 * `npm run test:chaos -- jobs [ROUNDS]`: a code job on two servers that share a database; a random one is killed with -9 whenever a step has
 * ended or the model is asked, and started again. Every job ends, each file is written once, and a reader sees all files of a step or
 * none.
 */
export async function chaos(): Promise<void> {
  const cluster = await Cluster.start(answer);
  try {
    const token = await cluster.user();
    for (let round = 0; round < ROUNDS; round += 1) await oneRound(cluster, token, round);
  } finally {
    await cluster.stop();
  }
}

async function oneRound(cluster: Cluster, token: string, round: number): Promise<void> {
  cluster.model.seen.length = 0;
  const { id } = await cluster.post(token, '/projects', { title: `chaos ${round}`, mode: 'build' });
  await cluster.post(token, `/projects/${String(id)}/files`, { path: OLD, content: `export const value = 'one';\n` });
  const body = { project_id: id, agent_type: 'code', input_context: { request: 'three files' } };
  const jobId = String((await cluster.post(token, '/run-agent', body))['job_id']);
  const followed = cluster.follow(token, `/jobs/${jobId}/events`);
  const states = new Set<string>();
  const kills = await cluster.killUntilCompleted(jobId, {
    mark: () => cluster.model.seen.length,
    watch: async () => void states.add(await stored(cluster, String(id))),
  });
  const events = await followed;
  states.add(await stored(cluster, String(id)));
  const paused = await cluster.maxPause(jobId, kills);
  const completed = events.filter(({ type }) => type === 'step.completed').map(({ node }) => node);
  const { result } = Object(await cluster.get(token, `/jobs/${jobId}`));
  const main = await cluster.get(token, `/projects/${String(id)}/files/content?path=${OLD}`);
  print(
    `round ${round + 1}: ${kills.count} kills, ${cluster.model.seen.length} calls of models (6 without kills), ${events.length} events, files seen as ` +
      `${[...states].join(' then ')}, longest pause ${paused.served.toFixed(1)} s while a server was up (${paused.whole.toFixed(1)} s with the starts of servers)`,
  );
  demand(
    [...states].join() === '1 files 1 versions,4 files 5 versions',
    'a step was seen in part, or a file written twice',
  );
  demand(
    main['version'] === 2 && main['content'] === `export const value = 'two';\n`,
    'the edit was made twice or not',
  );
  demand(
    result.changes.length === FILES.length + 1 && result.findings.length === 0,
    'the result is not what was written',
  );
  demand(completed.length === 3 && new Set(completed).size === 3, 'a step ended more than once');
  demand(
    events.every(({ seq }, index) => seq === index + 1),
    'the events have a hole',
  );
  demand(paused.served < MAX_PAUSE_S, `nothing happened for ${paused.served} s`);
}

async function stored(cluster: Cluster, projectId: string): Promise<string> {
  const { rows } = await cluster.database.query<{ files: number; versions: number }>(
    `SELECT count(DISTINCT f.id)::integer AS files, count(*)::integer AS versions
     FROM code_files f JOIN code_file_versions v ON v.file_id = f.id WHERE f.project_id = $1`,
    [projectId],
  );
  return `${rows[0]?.files} files ${rows[0]?.versions} versions`;
}

function answer({ messages, tools = [] }: CompletionRequest): Script {
  const writes = tools.some((tool) => tool.function.name === 'write_file');
  const round = messages.filter(({ role }) => role === 'assistant').length;
  const calls = writes ? (WRITES[round] ?? NO_TOOLS) : NO_TOOLS;
  return calls.length > 0 ? { calls, firstDelay: MODEL_MS } : { text: 'Done.', firstDelay: MODEL_MS };
}
