import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';

type Handler = (event: { readonly senderFrame: { readonly url: string } }, ...values: unknown[]) => unknown;

/** For a machine that is much slower than this one. */
const TIMEOUT_MS = 120_000;

/** What a preload script finds under `electron`; frames go through functions that `FakeElectron` exposes. */
const PRELOAD_HEAD = `
  const listeners = {};
  window.__dispatch = (channel, value) => (listeners[channel] ?? []).forEach((listener) => listener({}, value));
  const require = () => ({
    contextBridge: { exposeInMainWorld: (name, value) => (window[name] = value) },
    ipcRenderer: {
      invoke: (channel, ...values) => window.__invoke(channel, values),
      on: (channel, listener) => (listeners[channel] ??= []).push(listener),
    },
  });`;

/** The part of Electron that the example uses, with a page of Chromium as its window. */
export class FakeElectron {
  readonly window: Promise<Page>;
  /** Resolves when the app has quit. */
  readonly ended: Promise<void>;
  private readonly handlers = new Map<string, Handler>();
  private opened: (page: Page) => void = () => undefined;
  private quit: () => void = () => undefined;
  private onAllClosed: () => void = () => undefined;

  constructor(
    private readonly context: BrowserContext,
    private readonly folder: string,
  ) {
    this.window = new Promise((resolve) => (this.opened = resolve));
    this.ended = new Promise((resolve) => (this.quit = resolve));
  }

  /** What `require('electron')` gives to the main process. */
  get module() {
    const { handlers, folder } = this;
    const paths = new Map([['appData', folder]]);
    const loadFile = (preload: string, file: string): Promise<Page> => this.load(preload, file);
    return {
      app: {
        commandLine: { getSwitchValue: () => '' },
        getPath: (name: string) => paths.get(name) ?? join(folder, name),
        setPath: (name: string, path: string) => paths.set(name, path),
        whenReady: () => Promise.resolve(),
        on: (event: string, listener: () => void) => {
          if (event === 'window-all-closed') this.onAllClosed = listener;
        },
        quit: () => this.quit(),
        exit: () => undefined,
      },
      ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) },
      session: { defaultSession: { setPermissionRequestHandler: () => undefined } },
      BrowserWindow: class {
        private page: Page | undefined;

        constructor(private readonly options: { readonly webPreferences: { readonly preload: string } }) {}

        readonly webContents = {
          setWindowOpenHandler: () => undefined,
          on: () => undefined,
          // A window that is closed meanwhile gets nothing.
          send: (channel: string, value: unknown) =>
            void this.page
              ?.evaluate(`__dispatch(${JSON.stringify(channel)}, ${JSON.stringify(value)})`)
              .catch(() => undefined),
        };

        isDestroyed(): boolean {
          return this.page === undefined || this.page.isClosed();
        }

        async loadFile(file: string): Promise<void> {
          this.page = await loadFile(this.options.webPreferences.preload, file);
        }
      },
    };
  }

  closeWindow(): void {
    this.onAllClosed();
  }

  private async load(preload: string, file: string): Promise<Page> {
    this.context.setDefaultTimeout(TIMEOUT_MS);
    const page = await this.context.newPage();
    await page.exposeFunction('__invoke', (channel: string, values: unknown[]) =>
      this.handlers.get(channel)?.({ senderFrame: { url: page.url() } }, ...values),
    );
    await page.addInitScript(`{${PRELOAD_HEAD}\n${readFileSync(preload, 'utf8')}}`);
    await page.goto(pathToFileURL(file).href);
    this.opened(page);
    return page;
  }
}
