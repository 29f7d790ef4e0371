import { readFileSync, writeFileSync } from 'node:fs';
import { FakeOpenAi } from '../test/support/fakes/models/fake-openai';
import { quantile } from './load';
import { paidUser } from './paid-user';
import type { Report } from './report';
import { startServer } from './server';

const QUEUED = 50;
const PROJECTS = 5;
const FILES = Number(process.env['FILES'] ?? 2_000);
const ROUNDS = 100;
const MIB = 1_048_576;
const SEEDERS = 4;
const GATES = { job: 100, crud: 50, memoryMb: 300 };

/**
 * `POST /run-agent` behind 50 queued jobs, requests about projects and files of a user with 10,000 files, and the memory of a server whose
 * user writes, checks and downloads a project of 2,000 files of 1 MiB (2 GiB). Needs `npm run build` first.
 */
export async function bench(report: Report): Promise<void> {
  const model = await FakeOpenAi.start();
  try {
    for (const part of [jobs, requests, memory]) {
      // Queued jobs wait behind a model that says nothing more; the review of the checks ends.
      model.answer(() => (part === jobs ? { text: 'Thinking', after: 1, then: 'stall' } : { text: 'Done.' }));
      await withServer(model, (call, pid) => part(call, report, pid));
    }
  } finally {
    await model.stop();
  }
}

type Call = (method: string, path: string, body?: object) => Promise<Response>;

async function withServer(model: FakeOpenAi, work: (call: Call, pid: number) => Promise<void>): Promise<void> {
  const server = await startServer({ ...model.settings, RATE_LIMIT_TEAM: '1000000' });
  try {
    const token = await paidUser(server);
    const call: Call = async (method, path, body) => {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response;
    };
    await work(call, server.process.pid ?? 0);
  } finally {
    await server.stop();
  }
}

const json = async (response: Promise<Response>): Promise<Record<string, string>> =>
  (await (await response).json()) as Record<string, string>;
const project = async (call: Call): Promise<string> =>
  (await json(call('POST', '/projects', { title: 'bench', mode: 'build' })))['id'] ?? '';

async function p95(count: number, request: (index: number) => Promise<Response>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    await (await request(index)).arrayBuffer();
    times.push(performance.now() - begun);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.95,
  );
}

async function jobs(call: Call, report: Report): Promise<void> {
  const id = await project(call);
  const start = () => call('POST', '/run-agent', { project_id: id, agent_type: 'code', input_context: { wish: 'x' } });
  for (let index = 0; index < QUEUED; index += 1) await (await start()).arrayBuffer();
  const time = await p95(report.size(ROUNDS, 10), start);
  report.max(`POST /run-agent with ${QUEUED} queued, p95`, time, GATES.job, { unit: 'ms' });
}

async function requests(call: Call, report: Report): Promise<void> {
  const ids: string[] = [];
  for (let index = 0; index < PROJECTS; index += 1) ids.push(await project(call));
  const files = report.size(FILES, 50);
  for (const id of ids) await seed(call, id, files, () => 'export const answer = 42;\n');
  const [id = '', second = ''] = ids;
  const path = (index: number) => encodeURIComponent(nameOf(index));
  const measured: Record<string, (index: number) => Promise<Response>> = {
    'POST /projects': () => call('POST', '/projects', { title: 'new', mode: 'learn' }),
    'GET /projects': () => call('GET', '/projects'),
    'GET /projects/:id': () => call('GET', `/projects/${id}`),
    'PUT /projects/:id': (index) => call('PUT', `/projects/${id}`, { title: `changed ${index}` }),
    'POST files (new version)': (index) =>
      call('POST', `/projects/${id}/files`, { path: nameOf(index), content: `export const answer = ${index};\n` }),
    'GET files/content': (index) => call('GET', `/projects/${id}/files/content?path=${path(index)}`),
    'DELETE files/content': (index) => call('DELETE', `/projects/${second}/files/content?path=${path(index)}`),
    'POST files (new file)': (index) =>
      call('POST', `/projects/${second}/files`, { path: `new/${index}.ts`, content: `export const answer = 1;\n` }),
  };
  for (const [name, request] of Object.entries(measured)) {
    const time = await p95(report.size(ROUNDS, 10), request);
    report.max(`${name} with ${PROJECTS * files} files, p95`, time, GATES.crud, { unit: 'ms' });
  }
  const list = await p95(20, () => call('GET', `/projects/${id}/files`));
  report.note(`GET files, all ${files} of a project: p95 ${list.toFixed(1)} ms`);
}

async function memory(call: Call, report: Report, pid: number): Promise<void> {
  const id = await project(call);
  const line = 'export const answer = 42; // a line of a file that is as long as a file may be\n';
  const text = line.repeat(Math.floor(MIB / line.length));
  const files = report.size(FILES, 20);
  const peakOf = async (what: string, work: () => Promise<void>): Promise<void> => {
    const begun = performance.now();
    resetPeak(pid);
    await work();
    report.max(`${what} ${files} files of 1 MiB, peak`, peakMb(pid), GATES.memoryMb, { unit: 'MB' });
    report.note(`${((performance.now() - begun) / 1000).toFixed(0)} s`);
  };
  await peakOf('writing', () => seed(call, id, files, () => text));
  await peakOf('archive of', async () => {
    for await (const chunk of (await call('GET', `/projects/${id}/archive`)).body ?? []) void chunk;
  });
  await peakOf('checks of', async () => {
    const body = { project_id: id, agent_type: 'qa', input_context: {} };
    const { job_id: job } = await json(call('POST', '/run-agent', body));
    await (await call('GET', `/jobs/${job}/events`)).text();
    const { status } = await json(call('GET', `/jobs/${job}`));
    if (status !== 'completed') throw new Error(`the checks are ${status}`);
  });
}

const nameOf = (index: number): string => `src/part${index % 40}/file${index}.ts`;

async function seed(call: Call, id: string, count: number, content: () => string): Promise<void> {
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await (await call('POST', `/projects/${id}/files`, { path: nameOf(index), content: content() })).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: SEEDERS }, writer));
}

function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The maximum that the process has had in memory since the last reset. */
function peakMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
