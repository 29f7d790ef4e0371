import { Database, jobHandler, jobKind, JobRunner, Jobs } from '@adiuva/platform';
import { z } from 'zod';
import { eventually, TestApp } from '../support/app';

const KIND = jobKind('restarted_job_of_test', z.object({}));
const SESSIONS = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'adiuva-jobs'`;

describe('the runner of jobs', () => {
  it('that is started twice runs once, and leaves no session of the database behind', async () => {
    const app = await TestApp.start();
    const sessions = async () => (await app.nest.get(Database).query(SESSIONS)).length;
    await app.startJobs();
    await app.startJobs();
    await eventually(async () => (await sessions()) > 0);
    await app.nest.get(JobRunner).stop();
    await eventually(async () => (await sessions()) === 0);
    await app.stop();
  });

  it('that is started again after it was stopped takes jobs', async () => {
    const app = await TestApp.start();
    const runner = app.nest.get(JobRunner);
    let done = 0;
    const handlers = [jobHandler(KIND, () => Promise.resolve(void (done += 1)))];
    for (const runs of [1, 2]) {
      await runner.start(handlers);
      await app.nest.get(Database).transaction((tx) => app.nest.get(Jobs).add(tx, KIND, {}));
      await eventually(() => done === runs);
      await runner.stop();
    }
    await app.stop();
  });
});
