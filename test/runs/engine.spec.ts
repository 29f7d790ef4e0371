import { rmSync } from 'node:fs';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { Metrics, PubSub } from '@adiuva/platform';
import {
  nextRunStatus,
  RUN_QUESTION,
  RUN_STATUSES,
  RUN_TRANSITIONS,
  RunQuestions,
  RunsErasure,
  RunWorker,
  type StepExecution,
  type StepOutcome,
} from '@adiuva/runs';
import { eventually } from '../support/app';
import { testDatabase, type TestDatabase } from '../support/database';
import { done, newDataDir, oneStep, RunEngine, tenSteps } from '../support/builders/run-engine';

const BLOCKED = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describe('the engine of runs', () => {
  const dataDir = newDataDir();
  let database: TestDatabase;
  let engine: RunEngine;
  let owner: Principal;
  /** What the handler does; each test sets its own. */
  let behave: (step: StepExecution, signal: AbortSignal) => Promise<StepOutcome> | StepOutcome;
  let executed: string[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    engine = await RunEngine.start(
      { url: database.url, dataDir },
      async (step, signal) => {
        executed.push(`${step.runId}:${step.node}`);
        return behave(step, signal);
      },
      // Longer than a test waits: what is aborted was not aborted by its lease.
      { RUN_LEASE_MS: '4000000' },
    );
    await engine.work();
  });
  afterAll(async () => {
    await engine.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    behave = ({ node }) => done(`result ${node}`);
    executed = [];
    owner = await engine.user();
  });

  const nodesOf = (id: string): number[] =>
    executed.filter((key) => key.startsWith(id)).map((key) => Number(key.split(':')[1]));

  it('executes each step once, after the steps that it depends on', async () => {
    const id = await engine.start(owner, tenSteps());
    const run = await engine.until(owner, id, 'completed');
    expect([...nodesOf(id)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const order = nodesOf(id);
    for (const [node, step] of tenSteps().entries()) {
      for (const needed of step.dependsOn) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(node));
    }
    expect(run).toMatchObject({ progress: 100, usage: { inputTokens: 10, outputTokens: 20 }, error: null });
    expect(await engine.runs.output(owner, id)).toEqual({ output: { response: 'result 9', actions: [] } });
  });

  it('numbers the events of a run without a hole', async () => {
    const id = await engine.start(owner, tenSteps());
    const events = await engine.events(owner, id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const statuses = events.filter(({ kind }) => kind === 'run.status').map(({ detail }) => detail);
    expect(statuses).toEqual(['queued', 'running', 'completed']);
    expect(events.filter(({ kind }) => kind === 'step.completed')).toHaveLength(10);
    const later = await engine.events(owner, id, 7);
    expect(later).toEqual(events.slice(7));
  });

  it('tries a step three times when its fault is temporary', async () => {
    behave = () => {
      throw new Problem('upstream_failed');
    };
    const id = await engine.start(owner, oneStep());
    const run = await engine.until(owner, id, 'failed');
    expect(nodesOf(id)).toEqual([0, 0, 0]);
    expect(run.error?.code).toBe('upstream_failed');
    const [step] = await engine.runs.steps(owner, id);
    expect(step).toMatchObject({ status: 'failed', attempts: 3, errorCode: 'upstream_failed' });
    expect(run.error?.step).toBe(step?.id);
  });

  it('resumes at the step that failed and repeats no finished step', async () => {
    behave = ({ node }) => {
      if (node === 4) throw new Problem('unprocessable');
      return done(`result ${node}`);
    };
    const id = await engine.start(owner, tenSteps());
    await engine.until(owner, id, 'failed');
    await eventually(async () => (await engine.runs.steps(owner, id)).every(({ status }) => status !== 'running'));
    const before = nodesOf(id);
    executed = [];
    behave = ({ node, results }) => done(`again ${node} after ${results.size}`);
    await engine.runs.retry(owner, id);
    const run = await engine.until(owner, id, 'completed');
    expect(nodesOf(id).some((node) => before.includes(node) && node !== 4)).toBe(false);
    expect(nodesOf(id)).toContain(4);
    expect(run).toMatchObject({ attempt: 2, error: null });
    await expect(engine.runs.retry(owner, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that has failed takes no answer, and asks the devices again when it is resumed', async () => {
    const asked: unknown[] = [];
    const { userId } = owner;
    engine.app.get(PubSub).subscribe(RUN_QUESTION, ({ user_id, node }) => {
      if (user_id === userId) asked.push(node);
    });
    const pending = () => engine.app.get(RunQuestions).pending(userId);
    let isBroken = true;
    behave = async ({ node, answer }) => {
      if (node === 0 && answer === undefined)
        return { kind: 'wait', for: 'device', question: { calls: [] }, journal: [] };
      if (node === 1 && isBroken) {
        await eventually(() => asked.length === 1);
        throw new Problem('unprocessable');
      }
      return done(`result ${String(answer)}`);
    };
    const [first] = oneStep();
    const steps = [first, first, { ...first, dependsOn: [0, 1] }] as ReturnType<typeof oneStep>;
    const id = await engine.start(owner, steps);
    await engine.until(owner, id, 'failed');
    expect(await pending()).toEqual([]);
    await expect(engine.runs.answer(owner, id, [])).rejects.toMatchObject({ code: 'conflict' });
    isBroken = false;
    await engine.runs.retry(owner, id);
    await eventually(() => asked.length === 2);
    expect([asked, await pending()]).toEqual([[0, 0], [expect.objectContaining({ runId: id, node: 0 })]]);
    await engine.runs.answer(owner, id, []);
    await engine.until(owner, id, 'completed');
  });

  it('counts no step as late that waits for the other steps of its user', async () => {
    const ends: (() => void)[] = [];
    behave = () => new Promise((resolve) => ends.push(() => resolve(done('late'))));
    const steps = Array.from({ length: 12 }, () => oneStep()).flat();
    const id = await engine.start(owner, steps);
    await eventually(() => ends.length === 8);
    const held = 'SELECT FROM run_steps WHERE run_id = $1 AND throttled';
    await eventually(async () => (await engine.database.query(held, [id])).length === 4);
    await engine.database.query(`UPDATE run_steps SET ready_at = now() - interval '1 hour' WHERE run_id = $1`, [id]);
    const metrics = await engine.app.get(Metrics).text();
    behave = () => done('soon');
    for (const end of ends) end();
    await engine.until(owner, id, 'completed');
    expect(Number(/^adiuva_runs_oldest_ready_step_seconds (\S+)$/m.exec(metrics)?.[1])).toBeLessThan(1_800);
  });

  it('continues after a step that may fail', async () => {
    behave = ({ node }) => {
      if (node === 0) throw new Problem('unprocessable');
      return done(`result ${node}`);
    };
    const [first] = oneStep();
    const steps = [
      { ...first, continues: true },
      { ...first, dependsOn: [0] },
    ] as ReturnType<typeof oneStep>;
    const id = await engine.start(owner, steps);
    await engine.until(owner, id, 'completed');
    expect((await engine.runs.steps(owner, id)).map(({ status }) => status)).toEqual(['failed', 'done']);
  });

  it('waits as a row and continues with the answer and the journal', async () => {
    behave = ({ answer, journal }) =>
      answer === undefined
        ? { kind: 'wait', for: 'approval', question: { may: 'I' }, journal: ['thought'] }
        : done(`${String(journal[0])}, then ${String(answer)}`);
    const id = await engine.start(owner, oneStep());
    expect(await engine.until(owner, id, 'waiting')).toMatchObject({ waitingFor: 'approval' });
    await expect(engine.runs.retry(owner, id)).rejects.toMatchObject({ code: 'conflict' });
    await engine.runs.answer(owner, id, 'yes');
    await engine.until(owner, id, 'completed');
    expect(await engine.runs.output(owner, id)).toMatchObject({ output: { response: 'thought, then yes' } });
  });

  it('waits for a time', async () => {
    behave = ({ journal }) =>
      journal.length === 0
        ? { kind: 'wait', for: 'time', until: new Date(Date.now() + 3_600_000), journal: [1] }
        : done('woken');
    const id = await engine.start(owner, oneStep());
    expect(await engine.until(owner, id, 'waiting')).toMatchObject({ waitingFor: 'time' });
    await engine.database.query(`UPDATE run_steps SET wait_until = now() WHERE run_id = $1`, [id]);
    await engine.database.query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE key = $1), run_at := now())`,
      [`${id}:0`],
    );
    await engine.until(owner, id, 'completed');
  });

  it('counts waiting runs against no limit', async () => {
    behave = ({ body }) => (body === 'wait' ? { kind: 'wait', for: 'device', journal: [] } : done());
    const waiting = await Promise.all(Array.from({ length: 6 }, () => engine.start(owner, oneStep('wait'))));
    for (const id of waiting) await engine.until(owner, id, 'waiting');
    await engine.until(owner, await engine.start(owner, oneStep()), 'completed');
  });

  it('aborts what a cancelled run executes, and refuses its late result', async () => {
    let [aborted, finish] = [false, (): void => undefined];
    behave = (_, signal) =>
      new Promise((resolve) => {
        finish = () => resolve(done('late'));
        signal.addEventListener('abort', () => (aborted = true));
      });
    const id = await engine.start(owner, oneStep());
    await eventually(() => nodesOf(id).length === 1);
    await engine.runs.cancel(owner, id);
    await eventually(() => aborted);
    finish();
    expect(await engine.runs.get(owner, id)).toMatchObject({ status: 'cancelled' });
    await expect(engine.runs.output(owner, id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(engine.runs.cancel(owner, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await engine.database.query('SELECT 1 FROM run_steps WHERE run_id = $1 AND body IS NOT NULL', [id])).toEqual(
      [],
    );
  });

  it('runs at most four runs of a user at once, and keeps no other user waiting for them', async () => {
    let [now, most] = [0, 0];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const busy = owner.userId;
    behave = async ({ userId }) => {
      if (userId !== busy) return done();
      most = Math.max(most, ++now);
      await gate;
      now -= 1;
      return done();
    };
    const ids: string[] = [];
    for (let index = 0; index < 9; index += 1) ids.push(await engine.start(owner, oneStep()));
    await eventually(() => now === 4);
    const other = await engine.user();
    await engine.until(other, await engine.start(other, oneStep()), 'completed');
    release();
    for (const id of ids) await engine.until(owner, id, 'completed');
    expect(most).toBe(4);
  });

  describe('has the transitions of its table, and no other', () => {
    const STEP = '$1::uuid, 0, 1, 1';
    /** What carries out each event in the database; the run has one step, which worker 1 executes. */
    const EVENTS: Readonly<Record<string, string>> = {
      admit: 'SELECT runs_admit($2, 4) WHERE $1::uuid IS NOT NULL',
      wait: `SELECT runs_wait_step(${STEP}, 'device', NULL, NULL, NULL, 4, 8) WHERE $2::uuid IS NOT NULL`,
      wake: 'SELECT runs_wake($1, 0, NULL, 0) WHERE $2::uuid IS NOT NULL',
      complete: `SELECT runs_complete($1, NULL, false, '{}', 4) WHERE $2::uuid IS NOT NULL`,
      fail: `SELECT runs_fail_step(${STEP}, 'internal_error', NULL, NULL, 0, 0, 4, 8) WHERE $2::uuid IS NOT NULL`,
      cancel: 'SELECT runs_cancel($1, $2, 4, 8)',
      resume: 'SELECT runs_resume($1, $2, 0)',
    };
    const events = [...new Set(Object.values(RUN_TRANSITIONS).flatMap((row) => Object.keys(row)))];

    it.each(RUN_STATUSES)('from %s', async (status) => {
      const input = Buffer.from('x');
      const found: Record<string, string> = {};
      for (const event of events) {
        // With custody of a device no process executes the step before it is as wanted, and then it depends on another.
        const id = await engine.start(owner, oneStep(), { custody: 'device' });
        const stepStatus = event === 'wake' ? 'waiting' : event === 'admit' ? 'blocked' : 'running';
        await engine.database.query(
          'UPDATE run_steps SET status = $2, owner = 1, attempt = 1, missing = 1, waiting_for = $3 WHERE run_id = $1',
          [id, stepStatus, event === 'wake' ? 'device' : null],
        );
        await engine.database.query(
          `UPDATE runs SET status = $2, open_steps = $3, input = $4, custody = 'server' WHERE id = $1`,
          [id, status, event === 'complete' ? 0 : 1, input],
        );
        const sql = EVENTS[event];
        if (sql === undefined) await engine.runs.delete(owner, id).catch(() => undefined);
        else await engine.database.query(sql, [id, owner.userId]);
        const [row] = await engine.database.query<{ status: string }>('SELECT status FROM runs WHERE id = $1', [id]);
        const after = row?.status ?? 'deleted';
        if (after !== status) found[event] = after;
        await engine.database.query('DELETE FROM runs WHERE id = $1', [id]);
      }
      expect(found).toEqual(RUN_TRANSITIONS[status]);
      expect(nextRunStatus(status, 'delete')).toBe(RUN_TRANSITIONS[status].delete);
    });
  });

  it('starts what is queued when runs are deleted that were executed', async () => {
    const deleted: string[] = [];
    behave = ({ runId }) => (deleted.includes(runId) ? new Promise<StepOutcome>(() => undefined) : done());
    await engine.database.transaction(async (tx) => {
      // In one transaction, so that none starts before all are known.
      for (let index = 0; index < 4; index += 1) deleted.push(await engine.startIn(tx, owner, oneStep()));
    });
    await eventually(() => executed.length === 4);
    const queued = await engine.start(owner, oneStep());
    await engine.database.transaction((tx) => engine.app.get(RunsErasure).eraseRuns(tx, owner.userId, deleted));
    expect((await engine.runs.get(owner, queued)).status).not.toBe('queued');
    await engine.until(owner, queued, 'completed');
  });

  it('takes the answers of all its waiting steps while it is queued behind others', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    behave = async ({ node, body, answer }) => {
      if (body === 'busy') await gate;
      else if (answer === undefined) return { kind: 'wait', for: 'device', question: { calls: [] }, journal: [] };
      return done(`result ${node} ${JSON.stringify(answer)}`);
    };
    const [asks] = oneStep('ask');
    const questions = engine.app.get(RunQuestions);
    const [byOwner, byDevice] = [
      await engine.start(owner, [asks, asks] as ReturnType<typeof oneStep>),
      await engine.start(owner, [asks, asks] as ReturnType<typeof oneStep>),
    ];
    for (const id of [byOwner, byDevice]) await engine.until(owner, id, 'waiting');
    const busy: string[] = [];
    for (let index = 0; index < 4; index += 1) busy.push(await engine.start(owner, oneStep('busy')));
    for (const id of busy) await engine.until(owner, id, 'running');

    await engine.runs.answer(owner, byOwner, 'yes');
    for (const node of [0, 1])
      expect(await questions.answer(owner.userId, { runId: byDevice, node, calls: [] }, [{ result: node }])).toBe(true);
    for (const id of [byOwner, byDevice]) {
      expect(await engine.runs.get(owner, id)).toMatchObject({ status: 'queued' });
      expect((await engine.runs.steps(owner, id)).map(({ status }) => status)).toEqual(['blocked', 'blocked']);
    }
    release();
    for (const id of [byOwner, byDevice]) await engine.until(owner, id, 'completed');
  });

  it('counts what other processes start at the same moment against the steps of a user, and lets no other user wait', async () => {
    const other = await engine.user();
    const ready = async (user: Principal): Promise<string> => {
      // With custody of a device no process executes it before it is as wanted.
      const id = await engine.start(user, oneStep(), { custody: 'device' });
      await engine.database.query(`UPDATE runs SET status = 'running', custody = 'server' WHERE id = $1`, [id]);
      await engine.database.query(`UPDATE run_steps SET status = 'ready' WHERE run_id = $1`, [id]);
      return id;
    };
    const ids = [await ready(owner), await ready(owner), await ready(other)];
    const begin = `SELECT 1 FROM runs_begin_step($1, 0, 1, '1 minute', 1)`;
    const { first, second, third } = await engine.database.transaction(async (tx) => {
      const first = await tx.query<unknown[]>(begin, [ids[0]]);
      let hasAnswered = false;
      const second = engine.database.query(begin, [ids[1]]).finally(() => (hasAnswered = true));
      await eventually(async () => hasAnswered || (await engine.database.query(BLOCKED)).length > 0);
      return { first, second, third: await engine.database.query(begin, [ids[2]]) };
    });
    expect([first.length, (await second).length, third.length]).toEqual([1, 0, 1]);
    await engine.database.query('DELETE FROM runs WHERE id = ANY ($1)', [ids]);
  });

  it('starts a queued run that was passed over', async () => {
    // As when another transaction had locked it while there was room.
    const id = await engine.start(owner, oneStep(), { custody: 'device' });
    await engine.database.query(
      `UPDATE runs SET status = 'queued', waiting_for = NULL, custody = 'server', created_at = now() - interval '1 minute' WHERE id = $1`,
      [id],
    );
    await engine.until(owner, id, 'completed');
  });

  it('fails a run whose parallel step fails after it was resumed', async () => {
    let [begin, release] = [(): void => undefined, (): void => undefined];
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const held = new Promise<void>((resolve) => (release = resolve));
    behave = async ({ node }) => {
      if (node === 1) begin();
      await (node === 1 ? held : begun);
      throw new Problem('unprocessable');
    };
    const steps = [...oneStep(), ...oneStep()];
    const id = await engine.start(owner, steps);
    await engine.until(owner, id, 'failed');
    // No run may start, so that the resumed one stays queued.
    await engine.database.query('SELECT runs_resume($1, $2, 0)', [id, owner.userId]);
    release();
    await engine.until(owner, id, 'failed');
  });

  it('counts the takeovers of a step, not its answers, against the limit', async () => {
    behave = ({ answer, journal }) => {
      const answers = answer === undefined ? journal : [...journal, answer];
      return answers.length === 25 ? done('enough') : { kind: 'wait', for: 'device', journal: answers };
    };
    const id = await engine.start(owner, oneStep());
    for (let answers = 1; answers <= 25; answers += 1) {
      const attempts = async () => (await engine.runs.steps(owner, id))[0];
      await eventually(
        async () => (await attempts())?.attempts === answers && (await attempts())?.status === 'waiting',
      );
      await engine.runs.answer(owner, id, answers);
    }
    await engine.until(owner, id, 'completed');
  });

  it('makes one run for a slot, however many ask for it', async () => {
    const slot = { scheduleId: newId(), at: new Date('2026-11-25T10:00:00Z') };
    const made = await Promise.all(Array.from({ length: 8 }, () => engine.tryStart(owner, oneStep(), { slot })));
    expect(made.filter((id) => id !== undefined)).toHaveLength(1);
  });

  it('does not show a run to another user', async () => {
    const id = await engine.start(owner, oneStep());
    await engine.until(owner, id, 'completed');
    const other = await engine.user();
    const { runs } = engine;
    for (const method of ['get', 'steps', 'output', 'cancel', 'retry', 'delete'] as const) {
      await expect(runs[method](other, id)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await runs.list(other, {}, { page: 1, limit: 10 })).total).toBe(0);
    await runs.delete(owner, id);
    await expect(runs.get(owner, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cuts an attempt at the time limit, and tries again', async () => {
    const signals: AbortSignal[] = [];
    await engine.app.get(RunWorker).stop();
    const impatient = await RunEngine.start(
      { url: database.url, dataDir },
      (_, signal) => (signals.push(signal) === 1 ? new Promise(() => undefined) : Promise.resolve(done('second'))),
      { AGENT_TIMEOUT_S: '5' },
    );
    await impatient.work();
    const id = await impatient.start(owner, oneStep());
    await impatient.until(owner, id, 'completed');
    // Where the machine stands still the second attempt may be cut as well.
    expect([signals[0]?.aborted, signals.at(-1)?.aborted]).toEqual([true, false]);
    await impatient.stop();
  });
});
