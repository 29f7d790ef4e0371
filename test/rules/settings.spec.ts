import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Environment, type SettingsClass } from '@adiuva/config';

const ROOT = resolve(__dirname, '../..');

interface Documented {
  readonly name: string;
  readonly preset: string;
}

/** Every class made by `Settings(…)` in a *.config.ts of apps and libs. */
async function settingsClasses(): Promise<readonly SettingsClass<Record<string, never>>[]> {
  const files = ['apps', 'libs'].flatMap((place) =>
    readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, place, file)),
  );
  const classes: SettingsClass<Record<string, never>>[] = [];
  for (const file of files.filter((name) => name.endsWith('.config.ts'))) {
    const exported: Record<string, unknown> = await import(file);
    for (const value of Object.values(exported)) {
      if (typeof value === 'function' && 'shape' in value && 'title' in value)
        classes.push(value as unknown as SettingsClass<Record<string, never>>);
    }
  }
  return classes;
}

function documented(): readonly Documented[] {
  const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /^#? ?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    return match?.[1] === undefined ? [] : [{ name: match[1], preset: match[2] ?? '' }];
  });
}

describe('settings', () => {
  it('are those of .env.example, with the same defaults', async () => {
    const known = (await settingsClasses()).flatMap(({ shape }) =>
      Object.entries(shape as Record<string, { preset?: string }>).map(([name, { preset }]) => ({
        name,
        preset: preset ?? '',
      })),
    );
    const byName = (list: readonly Documented[]) => [...list].sort((one, other) => one.name.localeCompare(other.name));
    expect(byName(documented())).toEqual(byName(known));
  });

  it('all have a value or a default that does', async () => {
    for (const settings of await settingsClasses()) expect(() => new settings(new Environment({}))).not.toThrow();
  });
});
