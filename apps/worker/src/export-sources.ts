import { Readable } from 'node:stream';
import { Problem, type Page, type PageRequest, type Principal } from '@adiuva/kernel';
import { jsonFile, jsonList, type ExportFile, type ExportSource } from '@adiuva/exports';
import type { ExportServices } from './export-services';

const LIMIT = 100;
const ALL = () => 'all' as const;

/** The sources of an export, in the order of the archive. A test proves that no table with data of users is missing. */
export function exportSources(services: ExportServices): readonly ExportSource[] {
  return [account, automations, projects, notifications, records, vectors, backups, marketplace].map(
    (source) => (owner: Principal, signal: AbortSignal) => source(services, owner, signal),
  );
}

type Source = (services: ExportServices, owner: Principal, signal: AbortSignal) => AsyncGenerator<ExportFile>;

const account: Source = async function* (services, owner) {
  const { accounts, sessions, devices, passkeys, keyrings, secondFactor, billing, audit, providers } = services;
  yield jsonFile('account.json', async () => ({
    ...(await accounts.get(owner.userId)),
    tier: owner.tier,
    second_factor: await secondFactor.isEnabled(owner.userId),
  }));
  yield jsonFile('sessions.json', () => sessions.list(owner));
  yield jsonFile('devices.json', () => devices.list(owner));
  yield jsonFile('passkeys.json', () => passkeys.list(owner));
  yield jsonFile('keyring.json', () => orNull(keyrings.get(owner)));
  yield jsonFile('subscription.json', () => billing.subscription(owner));
  yield jsonFile('team.json', async () => {
    const team = await orNull(services.teams.mine(owner));
    return team && { ...team, membership: await orNull(services.members.get(owner, team.id, owner.userId)) };
  });
  yield jsonFile('providers.json', () => providers.list(owner));
  yield jsonList('audit.json', async function* () {
    for (let after: string | undefined; ;) {
      const { events, next } = await audit.list(owner, { after, limit: LIMIT });
      yield* events;
      if (next === null) return;
      after = next;
    }
  });
};

const automations: Source = async function* ({ goals, dags, agents, memories, runs }, owner) {
  yield jsonList('goals.json', () => pages((page) => goals.list(owner, undefined, page)));
  yield jsonList('dags.json', () => pages((page) => dags.list(owner, undefined, page)));
  yield jsonFile('agents.json', () => agents.list(owner));
  yield jsonList('memories.json', () => pages((page) => memories.list(owner, undefined, page)));
  yield jsonList('runs.json', async function* () {
    for await (const run of pages((page) => runs.list(owner, {}, page))) {
      const found = (await runs.withResults(owner, [run.id])).get(run.id);
      const input = await runs.input(owner, run.id).catch(nullIfMissing);
      if (found) yield { ...run, input, steps: await runs.steps(owner, run.id), result: found.result };
    }
  });
};

const projects: Source = async function* ({ projects: store, files }, owner) {
  yield jsonList('projects.json', () => pages((page) => store.list(owner, undefined, page)));
  for await (const { id } of pages((page) => store.list(owner, undefined, page))) {
    const reader = await files.reader(owner, id).catch(nullIfMissing);
    const content = async (path: string, version: number): Promise<Readable | null> => {
      const file = await reader?.read(path, version).catch(nullIfMissing);
      return file ? Readable.from([Buffer.from(file.content)]) : null;
    };
    for (const { path, version } of (await reader?.list()) ?? [])
      yield { path: `projects/${id}/${path}`, open: () => content(path, version) };
    for (const { path, version } of (await reader?.earlierVersions()) ?? [])
      yield { path: `project-versions/${id}/${version}/${path}`, open: () => content(path, version) };
  }
};

const notifications: Source = async function* ({ notifications: inbox, channels, preferences }, owner) {
  yield jsonFile('notification-channels.json', () => channels.list(owner.userId));
  yield jsonFile('notification-preferences.json', () => preferences.of(owner.userId));
  yield jsonList('notifications.json', async function* () {
    for (let cursor: string | undefined; ;) {
      const { items, next } = await inbox.list(owner.userId, { cursor, limit: LIMIT });
      yield* items;
      if (next === null) return;
      cursor = next;
    }
  });
};

/** Opaque: the bytes are as the client has encrypted them. */
const records: Source = async function* ({ records: store }, owner, signal) {
  const all = () => pages((page) => store.list(owner, undefined, page));
  yield jsonList('records.json', all);
  for await (const { id } of all()) yield blobFile(`records/${id}`, () => store.read(owner, id, ALL, signal));
};

const vectors: Source = async function* ({ collections, feed }, owner) {
  const all = await collections.list(owner).catch(nullIfMissing);
  yield jsonFile('vector-collections.json', async () => all ?? []);
  for (const { name } of all ?? [])
    yield jsonList(`vectors/${name}.json`, async function* () {
      for (let cursor: string | undefined; ;) {
        const page = await feed.after(owner, name, cursor, LIMIT);
        yield* page.changes;
        if (!page.hasMore) return;
        cursor = page.cursor;
      }
    });
};

const backups: Source = async function* ({ backups: store }, owner, signal) {
  const kept = (await store.history(owner).catch(nullIfMissing)) ?? [];
  const trash = (await store.trash(owner).catch(nullIfMissing)) ?? [];
  yield jsonFile('backups.json', async () => [...kept, ...trash]);
  for (const { id } of kept) yield blobFile(`backups/${id}`, () => store.read(owner, id, ALL, signal));
};

const marketplace: Source = async function* ({ authors, customers }, owner) {
  yield jsonList('plugins.json', () => pages((page) => authors.list(owner, page)));
  yield jsonFile('plugin-installs.json', () => customers.installs(owner.userId));
  yield jsonFile('plugin-ratings.json', () => customers.ratings(owner.userId));
  yield jsonFile('plugin-purchases.json', () => customers.purchases(owner.userId));
};

/** Items of all pages, each once. What is deleted meanwhile moves later items to pages that were read before: then all are read again. */
async function* pages<T extends { readonly id: string }>(
  read: (page: PageRequest) => Promise<Page<T>>,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let hasMoved = true; hasMoved;) {
    hasMoved = false;
    let [page, before, count] = [1, 0, LIMIT];
    for (; count === LIMIT; page += 1) {
      const { items, total } = await read({ page, limit: LIMIT }).catch(noItems);
      hasMoved ||= total < before;
      [before, count] = [total, items.length];
      for (const item of items) {
        if (!seen.has(item.id)) yield item;
        seen.add(item.id);
      }
    }
  }
}

function noItems(error: unknown): Page<never> {
  nullIfMissing(error);
  return { items: [], total: 0 };
}

function orNull<T>(found: Promise<T>): Promise<T | null> {
  return found.catch(nullIfMissing);
}

function blobFile(path: string, read: () => Promise<{ readonly bytes: Readable | null }>): ExportFile {
  return { path, isBlob: true, open: async () => (await orNull(read()))?.bytes ?? null };
}

/** What the user does not have, or no longer has when its turn comes. */
function nullIfMissing(error: unknown): null {
  const codes: readonly string[] = ['not_found', 'upgrade_required', 'conflict'];
  if (error instanceof Problem && codes.includes(error.code)) return null;
  throw error;
}
