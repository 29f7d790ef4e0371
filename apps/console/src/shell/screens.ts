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
  screen('/goals', async () => (await import('../goals/goals')).Goals),
  screen('/goals/:id', async () => (await import('../goals/goal')).Goal),
  screen('/runs', async () => (await import('../runs/runs')).Runs),
  screen('/runs/:id', async () => (await import('../runs/run')).Run),
  screen('/agents/:part?', async () => (await import('../agents/agents')).Agents),
  screen('/workflows', async () => (await import('../workflows/workflows')).Workflows),
  screen('/workflows/:id', async () => (await import('../workflows/workflow')).Workflow),
  screen('/projects', async () => (await import('../projects/projects')).Projects),
  screen('/projects/:id', async () => (await import('../projects/project')).Project),
  screen('/notifications', async () => (await import('../notifications/notifications')).Notifications),
  screen('/account/:part?', async () => (await import('../account/account')).Account),
  screen('/plugins/mine', async () => (await import('../plugins/plugins')).Plugins),
  screen('/plugins/earnings', async () => (await import('../plugins/plugins')).Plugins),
  screen('/plugins', async () => (await import('../plugins/plugins')).Plugins),
  screen('/plugins/:id', async () => (await import('../plugins/plugin')).Plugin),
  screen('/plan/:part?', async () => (await import('../plan/plan')).Plan),
  screen('/admin/:part?/:id?', async () => (await import('../admin/admin')).Admin),
  screen('/accept-invite', async () => (await import('../session/mail-links')).AcceptInvite),
];
