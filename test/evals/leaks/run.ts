import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeOpenAi, type CompletionRequest, type Script } from '../../support/fakes/models/fake-openai';
import { freePort, Program } from '../../support/processes/server-process';
import { caseOf } from './cases';
import { clientsOf } from './clients';
import { judgeEchoes, judgeLeaks, judgeOrdinary, judgeSteps, judgeToolArguments, type Bench } from './graders';
import { measure } from './measures';
import { judgeSpread } from './spread';

/**
 * `npm run eval:leaks`: a model that leaks what it has just been sent, in every writing, over every transport, against the whole server;
 * then ordinary answers, which must pass. Prints the figures and ends with 1 where a gate of docs/prompt-leaks.md is missed.
 */
async function main(): Promise<boolean> {
  const scripts = new Map<string, (request: CompletionRequest) => Script>();
  const seen: CompletionRequest[] = [];
  const model = await FakeOpenAi.start((request) => {
    if (seen.length < 3) seen.push(request);
    return scripts.get(caseOf(request))?.(request) ?? { text: 'What do you mean?' };
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'adiuva-eval-'));
  const port = await freePort();
  const server = Program.start('apps/api/src/main.ts', [], settings(model, dataDir, port));
  try {
    await server.ready(port);
    const url = `http://127.0.0.1:${port}`;
    const bench: Bench = { scripts, clients: await clientsOf(url) };
    const held = [
      await judgeLeaks(bench),
      await judgeToolArguments(bench),
      await judgeSteps(bench),
      await judgeSpread(bench, url),
      await judgeOrdinary(bench),
      await judgeEchoes(bench),
      await measure(seen),
    ];
    return held.every((good) => good);
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
    await model.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function settings(model: FakeOpenAi, dataDir: string, port: number): Record<string, string> {
  return {
    ...model.settings,
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    SHUTDOWN_GRACE_MS: '200',
    RATE_LIMIT_FREE: '1000000',
    CHAT_STREAMS_FREE: '100',
    LLM_MONTHLY_TOKENS_FREE: '1000000000',
  };
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
