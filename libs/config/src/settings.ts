import { z } from 'zod';

/** One environment variable: what it means, in which unit, and what it is when it is not set. */
export interface Setting<T> {
  readonly about: string;
  readonly schema: z.ZodType<T>;
  /** The default as it would be written in the environment; absent when there is none. */
  readonly preset?: string;
  /** A secret may also come from the file that `NAME_FILE` names, and is never printed. */
  readonly secret?: boolean;
}

export type Shape = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<S extends Shape> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

const FLAG_WORDS: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

export function integer(about: string, preset: number, limits: { min?: number; max?: number } = {}): Setting<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
  const number = z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
  return { about, preset: String(preset), schema: number };
}

type NameOf<P extends string, N extends string> = `${P}_${Uppercase<N>}`;

/** A setting for each of `names`, such as `LIMIT_FREE` and `LIMIT_PRO`. */
export function each<P extends string, N extends string, T>(
  prefix: P,
  names: readonly N[],
  make: (name: N) => Setting<T>,
): Readonly<Record<NameOf<P, N>, Setting<T>>> {
  const settings = names.map((name) => [nameOf(prefix, name), make(name)] as const);
  return Object.fromEntries(settings) as Record<NameOf<P, N>, Setting<T>>;
}

export function nameOf<P extends string, N extends string>(prefix: P, name: N): NameOf<P, N> {
  return `${prefix}_${name.toUpperCase()}` as NameOf<P, N>;
}

export function text(about: string, preset: string): Setting<string> {
  return { about, preset, schema: z.string() };
}

export function optionalText(about: string): Setting<string | undefined> {
  return { about, schema: z.string().min(1).optional() };
}

export function optionalUrl(about: string): Setting<string | undefined> {
  return {
    about,
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9+.-]*:\/\/\S+$/i, 'must be a URL')
      .optional(),
  };
}

export function optionalSecret(about: string): Setting<string | undefined> {
  return { about, secret: true, schema: z.string().min(1).optional() };
}

export function choice<const T extends string>(about: string, words: readonly [T, ...T[]], preset: T): Setting<T> {
  return { about: `${about} (${words.join(' | ')})`, preset, schema: z.enum(words) };
}

export function flag(about: string, preset: boolean): Setting<boolean> {
  const schema = z.string().transform((word, context) => {
    const value = FLAG_WORDS[word.toLowerCase()];
    if (value === undefined)
      context.addIssue({ code: 'custom', message: `must be one of ${Object.keys(FLAG_WORDS).join(', ')}` });
    return value ?? false;
  });
  return { about, preset: String(preset), schema };
}

/** Words separated by commas. */
export function list(about: string, preset: string): Setting<readonly string[]> {
  const split = (line: string) =>
    line
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  return { about, preset, schema: z.string().transform(split) };
}
