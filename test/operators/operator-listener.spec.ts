import { freePort, NodeProcess } from '../support/processes/node-process';
import { eventually, TestApp } from '../support/app';

describe('the worker', () => {
  let app: TestApp;
  let worker: NodeProcess;

  beforeAll(async () => {
    app = await TestApp.start({ JOBS_IN_PROCESS: 'false' });
    const port = await freePort();
    worker = new NodeProcess(
      'apps/worker/src/main.ts',
      {
        ENV: 'test',
        DATABASE_URL: app.database.url,
        DATA_DIR: app.dataDir,
        LOG_LEVEL: 'error',
        METRICS_PORT: String(port),
      },
      port,
    );
    await worker.start('/health');
  });

  afterAll(async () => {
    await worker.kill('SIGTERM');
    await app.stop();
  });

  it('is ready when it takes jobs, and says what it depends on', async () => {
    const ready = await answerOf('/health/ready', ({ status }) => status === 200);
    expect(JSON.parse(ready)).toEqual({ status: 'ready', checks: { database: 'up', blobs: 'up', jobs: 'up' } });
  });

  it('serves the metrics of the queue and of its process', async () => {
    const text = await answerOf('/metrics', ({ status }) => status === 200);
    for (const name of ['adiuva_jobs{state="due"}', 'process_cpu_seconds_total', 'adiuva_build_info'])
      expect(text).toContain(name);
    expect(text).toContain('adiuva_readiness_check{check="database"} 1');
  });

  it('serves nothing else there', async () => {
    expect((await fetch(`${worker.url}/api/v1/health`)).status).toBe(404);
  });

  async function answerOf(path: string, isExpected: (response: Response) => boolean): Promise<string> {
    let text = '';
    await eventually(async () => {
      const response = await fetch(`${worker.url}${path}`);
      text = await response.text();
      return isExpected(response);
    });
    return text;
  }
});
