import { Database, JobRunner } from '@adiuva/platform';
import { eventually, TestApp } from '../support/app';

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
});
