import { lazy, type ComponentType } from 'react';

interface Screen {
  readonly path: string;
  readonly screen: ComponentType;
}

/** Loaded when its address is first opened. */
function screen(path: string, load: () => Promise<ComponentType>): Screen {
  return { path, screen: lazy(async () => ({ default: await load() })) };
}

export const SCREENS: readonly Screen[] = [
  screen('/', async () => (await import('../chat/chat')).Chat),
  screen('/notes/:id?', async () => (await import('../notes/notes')).Notes),
];
