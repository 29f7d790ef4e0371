// `npx electron examples/electron-notes [--profile=NAME]`: the main process. It holds the keys; the window reaches it over IPC only.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { app, BrowserWindow, ipcMain, session } = require('electron');

// Compiles the TypeScript of this repository in memory; an app of its own has a build step here, and installs @adiuva/client.
process.chdir(join(__dirname, '../../..'));
require('../../../test/support/typescript.js');
const { EMBEDDER } = require('../embedder');
const { answerOf, notesHandlers } = require('../notes-handlers');
const { openStore } = require('./open-store.cjs');

const PAGE = join(__dirname, 'index.html');
const profile = app.commandLine.getSwitchValue('profile') || 'laptop';
const baseUrl = process.env.ADIUVA_URL ?? 'http://127.0.0.1:3000';

// Two profiles are two devices.
app.setPath('userData', join(app.getPath('appData'), 'adiuva-electron-notes', profile));

async function main() {
  await app.whenReady();
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, allow) => allow(false));
  const window = new BrowserWindow({
    title: `Notes (${profile})`,
    width: 900,
    height: 700,
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  const store = openStore(join(app.getPath('userData'), 'notes.sqlite'));
  const notify = (event, value) => window.isDestroyed() || window.webContents.send(`notes:${event}`, value);
  const handlers = notesHandlers({ baseUrl, embedder: EMBEDDER, ...(store && { store }) }, notify);
  for (const [name, handler] of Object.entries(handlers)) {
    ipcMain.handle(`notes:${name}`, (event, ...values) => {
      if (event.senderFrame?.url !== pathToFileURL(PAGE).href) throw new Error('this page may not call');
      return answerOf(() => handler(...values));
    });
  }
  app.on('window-all-closed', () => void handlers.close().finally(() => app.quit()));
  await window.loadFile(PAGE);
}

main().catch((error) => {
  console.error(error);
  app.exit(1);
});
