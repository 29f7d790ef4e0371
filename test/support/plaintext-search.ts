import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Where a text was found: the name of the place, and how it was written there. */
export interface Finding {
  readonly place: string;
  readonly writing: string;
}

export interface Places {
  readonly databaseUrl?: string | undefined;
  readonly folders: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly redisUrl?: string | undefined;
}

/** Looks for `marker`, plainly and in the usual codings, in every row of every table, every file, every text and every Redis key. */
export async function findPlaintext(marker: string, places: Places): Promise<readonly Finding[]> {
  const writings = writingsOf(marker);
  const contents = [
    ...(places.databaseUrl === undefined ? [] : await rowsOf(places.databaseUrl)),
    ...places.folders.flatMap(filesOf),
    ...Object.entries(places.texts).map(([place, text]) => ({ place, content: text })),
    ...(places.redisUrl === undefined ? [] : await redisOf(places.redisUrl)),
  ];
  return contents.flatMap(({ place, content }) => {
    const lower = content.toLowerCase();
    return writings
      .filter(({ text, exact }) => (exact ? content : lower).includes(text))
      .map(({ writing }) => ({ place, writing }));
  });
}

interface Content {
  readonly place: string;
  readonly content: string;
}

function writingsOf(marker: string): readonly { writing: string; text: string; exact: boolean }[] {
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(marker)]).toString('base64');
    // The first and the last group depend on what stands beside the marker.
    return { writing: `base64 at ${shift}`, text: whole.slice(4, -4), exact: true };
  });
  return [
    { writing: 'plain', text: marker.toLowerCase(), exact: false },
    { writing: 'hex', text: Buffer.from(marker).toString('hex'), exact: false },
    { writing: 'UTF-16', text: [...marker.toLowerCase()].join('\0'), exact: false },
    ...base64,
  ];
}

async function rowsOf(url: string): Promise<readonly Content[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') UNION SELECT 'pg_stat_activity'`,
    );
    const contents: Content[] = [];
    for (const { name } of tables) {
      // Bytes come out as hex, so what lies open in them is found as well.
      const { rows } = await client.query<{ content: string }>(`SELECT t::text AS content FROM ${name} t`);
      contents.push(...rows.map(({ content }) => ({ place: `table ${name}`, content })));
    }
    return contents;
  } finally {
    await client.end();
  }
}

function filesOf(folder: string): readonly Content[] {
  return pathsIn(folder).flatMap((path) =>
    unlessGone(() => [
      { place: `file ${relative(folder, path)}`, content: readFileSync(path, 'latin1') },
      { place: `name of ${relative(folder, path)}`, content: path },
    ]),
  );
}

function pathsIn(folder: string): readonly string[] {
  return unlessGone(() => readdirSync(folder, { withFileTypes: true })).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pathsIn(path) : entry.isFile() ? [path] : [];
  });
}

/** A server that runs renames and deletes files meanwhile. */
function unlessGone<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function redisOf(url: string): Promise<readonly Content[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    return await Promise.all(
      keys.map(async (key) => ({ place: `redis ${key}`, content: `${key}\n${String(await redis.dump(key))}` })),
    );
  } finally {
    redis.disconnect();
  }
}
