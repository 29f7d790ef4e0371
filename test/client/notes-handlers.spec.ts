import { Accounts } from '@adiuva/auth';
import { EMBEDDER } from '../../examples/electron-notes/embedder';
import { NotesCore } from '../../examples/electron-notes/notes-core';
import { notesHandlers } from '../../examples/electron-notes/notes-handlers';
import { TestApp } from '../support/app';

const ACCOUNT = { email: 'ben@example.org', password: 'a long walk by the sea' };

let app: TestApp;
beforeAll(async () => (app = await TestApp.start()));
afterAll(() => app.stop());

describe('the main process of the example of an Electron app', () => {
  test('opens one device for calls that come while it opens, and keeps what they save', async () => {
    const handlers = notesHandlers({ baseUrl: app.url, embedder: EMBEDDER }, () => undefined);
    await expect(handlers.list()).rejects.toThrow('Sign in first');
    await handlers.signUp(ACCOUNT);
    await expect(handlers.list()).rejects.toMatchObject({ code: 'upgrade_required' });
    await app.setTier(await app.nest.get(Accounts).idOf(ACCOUNT.email), 'pro');

    const sync = jest.spyOn(NotesCore.prototype, 'sync');
    await Promise.all([handlers.list(), handlers.save('Buy milk'), handlers.list(), handlers.list()]);
    const devices = new Set(sync.mock.contexts);
    const notes = (await handlers.list()).map(({ text }) => text);
    await handlers.close();
    expect([devices.size, notes]).toEqual([1, ['Buy milk']]);
  });
});
