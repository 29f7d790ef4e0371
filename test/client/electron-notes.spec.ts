import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '@adiuva/auth';
import type { Browser } from 'playwright-core';
import { EMBEDDER } from '../../examples/electron-notes/embedder';
import { NotesCore } from '../../examples/electron-notes/notes-core';
import { TestApp } from '../support/app';
import { describeInChromium, launchChromium } from './support/browser';
import { FakeElectron } from './support/fake-electron';

const ACCOUNT = { email: 'anna@example.org', password: 'a long walk by the sea' };

let app: TestApp;
let browser: Browser;
let folder: string;

describeInChromium('the example of an Electron app', () => {
  beforeAll(async () => {
    [app, browser] = await Promise.all([TestApp.start(), launchChromium()]);
    folder = mkdtempSync(join(tmpdir(), 'adiuva-electron-'));
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('syncs two devices, searches, chats with tools of the device and makes backups from its window', async () => {
    const electron = new FakeElectron(await browser.newContext(), folder);
    process.env['ADIUVA_URL'] = app.url;
    jest.doMock('electron', () => electron.module, { virtual: true });
    jest.requireActual('../../examples/electron-notes/electron/start.cjs');
    const window = await electron.window;

    await window.fill('[name=email]', ACCOUNT.email);
    await window.fill('[name=password]', ACCOUNT.password);
    await window.click('button[value=signUp]');
    await window.getByText(/Write these words down: (\w+ ){23}\w+$/).waitFor();
    await app.setTier(await app.nest.get(Accounts).idOf(ACCOUNT.email), 'pro');

    await window.fill('#save input', 'Buy milk and bread on Friday');
    await window.click('#save button');
    await window.locator('#list').getByText('Buy milk').waitFor();
    // An event may show the note before it is sent.
    await window.locator('#status:empty').waitFor({ state: 'attached' });

    const phone = await (await NotesCore.signIn({ baseUrl: app.url, embedder: EMBEDDER }, ACCOUNT)).open();
    await phone.sync();
    expect((await phone.notes()).map(({ text }) => text)).toEqual(['Buy milk and bread on Friday']);
    await phone.save(['The hospital called about the X-ray']);
    await phone.sync();
    phone.close();
    await window.locator('#list').getByText('The hospital called').waitFor();

    await window.fill('#search input', 'What did the doctor say?');
    await window.click('#search button');
    await window.locator('#found li').first().getByText('The hospital called').waitFor();

    await window.click('#ask button');
    await window
      .locator('#answer')
      .getByText(/Buy milk[^]*hospital|hospital[^]*Buy milk/)
      .waitFor();

    await window.click('#backUp');
    await window
      .locator('#status')
      .getByText(/^Backup [\w-]+$/)
      .waitFor();
    await window.click('#readBackup');
    await window.locator('#status').getByText('The backup has 2 notes').waitFor();
    electron.closeWindow();
    await electron.ended;
  });
});
