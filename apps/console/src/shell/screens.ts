import { lazy, type ComponentType } from 'react';
import { SCREEN_PATHS, type ScreenPath } from './paths';

/** Loaded when its address is first opened. */
const LOADERS: Readonly<Record<ScreenPath, () => Promise<ComponentType>>> = {
  '/': async () => (await import('../chat/chat')).Chat,
  '/notes/:id?': async () => (await import('../notes/notes')).Notes,
  '/goals': async () => (await import('../goals/goals')).Goals,
  '/goals/:id': async () => (await import('../goals/goal')).Goal,
  '/runs': async () => (await import('../runs/runs')).Runs,
  '/runs/:id': async () => (await import('../runs/run')).Run,
  '/agents/:part?': async () => (await import('../agents/agents')).Agents,
  '/workflows': async () => (await import('../workflows/workflows')).Workflows,
  '/workflows/:id': async () => (await import('../workflows/workflow')).Workflow,
  '/projects': async () => (await import('../projects/projects')).Projects,
  '/projects/:id': async () => (await import('../projects/project')).Project,
  '/notifications': async () => (await import('../notifications/notifications')).Notifications,
  '/account/:part?': async () => (await import('../account/account')).Account,
  '/plugins/mine': async () => (await import('../plugins/plugins')).Plugins,
  '/plugins/earnings': async () => (await import('../plugins/plugins')).Plugins,
  '/plugins': async () => (await import('../plugins/plugins')).Plugins,
  '/plugins/:id': async () => (await import('../plugins/plugin')).Plugin,
  '/plan/:part?': async () => (await import('../plan/plan')).Plan,
  '/admin/:part?/:id?': async () => (await import('../admin/admin')).Admin,
  '/accept-invite': async () => (await import('../session/mail-links')).AcceptInvite,
};

export const SCREENS = SCREEN_PATHS.map((path) => ({
  path,
  screen: lazy(async () => ({ default: await LOADERS[path]() })),
}));
