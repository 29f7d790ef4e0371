import { AdiuvaClient } from '@adiuva/client';
import { Accounts } from '@adiuva/auth';
import { buildProject } from '../../examples/code-project/build-project';
import { startScriptedModel } from '../../examples/code-project/scripted-model';
import { TestApp } from '../support/app';
import { entriesOf } from '../support/builders/zip-reader';

const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };

test('the example builds a project with four agents, follows their events and downloads it', async () => {
  const model = await startScriptedModel();
  const app = await TestApp.start(model.settings);
  await app.startRuns();
  try {
    const client = new AdiuvaClient({ baseUrl: app.url });
    await client.account.signUp(ACCOUNT);
    await app.setTier(await app.nest.get(Accounts).idOf(ACCOUNT.email), 'pro');
    const seen: string[] = [];
    const { id, jobs, zip } = await buildProject(client, {
      title: 'Recipe box',
      request: 'Find recipes by an ingredient',
      onEvent: (agent, { type }) => {
        if (type === 'output') seen.push(agent);
      },
    });
    expect(seen).toEqual(['research', 'wireframe', 'code', 'qa']);
    expect(jobs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed', 'completed']);
    expect((await client.projects.get(id)).requirements_spec).toContain('# Recipe box');
    const entries = await entriesOf(Buffer.from(zip));
    expect(Object.keys(entries).sort()).toEqual(['src/recipe.ts', 'src/search.ts']);
    expect(entries['src/search.ts']).toContain('recipes.filter');
    client.close();
  } finally {
    await app.stop();
    await model.stop();
  }
});
