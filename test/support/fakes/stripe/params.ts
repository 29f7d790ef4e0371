import type { FormHash, FormValue } from './form';
import { refused } from './stripe-error';

type Check = (value: FormValue, path: string) => void;

/** The parameters of one route: what each may be, and which must be there. */
export interface Spec {
  readonly checks: Readonly<Record<string, Check>>;
  readonly required: readonly string[];
}

const MAX_METADATA = 50;

export function spec(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Spec {
  return { checks: { expand: list(text()), ...checks }, required };
}

export function text(most = 5_000): Check {
  return (value, path) => {
    if (typeof value !== 'string') throw refused(`Invalid string: ${path}`, { param: path });
    if (value.length > most) throw refused(`Invalid string: must be at most ${most} characters`, { param: path });
  };
}

export function integer(least = 0, most = 99_999_999): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
      throw refused(`Invalid integer: ${String(value)}`, { code: 'parameter_invalid_integer', param: path });
    }
    if (Number(value) < least || Number(value) > most) {
      throw refused(`Invalid integer: must lie between ${least} and ${most}`, {
        code: 'parameter_invalid_integer',
        param: path,
      });
    }
  };
}

export function flag(): Check {
  return (value, path) => {
    if (value !== 'true' && value !== 'false')
      throw refused(`Invalid boolean: ${JSON.stringify(value)}`, { param: path });
  };
}

export function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) {
      throw refused(`Invalid ${path}: must be one of ${words.join(', ')}`, { param: path });
    }
  };
}

export function hash(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (typeof value === 'string' || Array.isArray(value)) throw refused('Invalid object', { param: path });
    checkAll({ checks, required }, asHash(value), path);
  };
}

export function list(each: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw refused('Invalid array', { param: path });
    value.forEach((item: FormValue, index) => each(item, `${path}[${index}]`));
  };
}

export function url(): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\/.+/i.test(value)) {
      throw refused('Not a valid URL', { code: 'url_invalid', param: path });
    }
  };
}

/** https://docs.stripe.com/api/metadata: 50 keys, names of 40 characters, values of 500. */
export function metadata(): Check {
  return (value, path) => {
    if (value === '') return;
    if (typeof value === 'string' || Array.isArray(value)) throw refused('Invalid object', { param: path });
    const entries = Object.entries(asHash(value));
    if (entries.length > MAX_METADATA) throw refused('Metadata can have up to 50 keys', { param: path });
    for (const [name, content] of entries) {
      if (name.length > 40 || typeof content !== 'string' || content.length > 500) {
        throw refused('Metadata keys have up to 40 and values up to 500 characters', { param: `${path}[${name}]` });
      }
    }
  };
}

export function checkAll({ checks, required }: Spec, form: FormHash, within = ''): void {
  for (const [name, value] of Object.entries(form)) {
    const path = within === '' ? name : `${within}[${name}]`;
    const check = checks[name];
    if (!check) throw refused(`Received unknown parameter: ${path}`, { code: 'parameter_unknown', param: path });
    check(value, path);
  }
  for (const name of required) {
    if (form[name] !== undefined && form[name] !== '') continue;
    const path = within === '' ? name : `${within}[${name}]`;
    throw refused(`Missing required param: ${path}.`, { code: 'parameter_missing', param: path });
  }
}

/** Parameters that have passed their spec. Names of inner ones are joined by dots. */
export class Params {
  constructor(private readonly form: FormHash) {}

  text(path: string): string | null {
    const value = this.at(path);
    return typeof value === 'string' && value !== '' ? value : null;
  }

  int(path: string): number | null {
    const value = this.text(path);
    return value === null ? null : Number(value);
  }

  flag(path: string): boolean | null {
    const value = this.text(path);
    return value === null ? null : value === 'true';
  }

  has(path: string): boolean {
    return this.at(path) !== undefined;
  }

  list(path: string): Params[] {
    const value = this.at(path);
    return Array.isArray(value) ? value.map((item: FormValue) => new Params(asHash(item))) : [];
  }

  words(path: string): string[] {
    const value = this.at(path);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  /** `known` with what was sent: an empty value takes a key away, as Stripe does. */
  metadata(path = 'metadata', known: Readonly<Record<string, string>> = {}): Record<string, string> {
    const value = this.at(path);
    if (value === '') return {};
    const merged = { ...known };
    for (const [name, content] of Object.entries(asHash(value ?? {}))) {
      if (content === '') delete merged[name];
      else if (typeof content === 'string') merged[name] = content;
    }
    return merged;
  }

  private at(path: string): FormValue | undefined {
    let value: FormValue | undefined = this.form;
    for (const name of path.split('.')) value = value === undefined ? undefined : asHash(value)[name];
    return value;
  }
}

function asHash(value: FormValue): FormHash {
  return typeof value === 'string' || isList(value) ? {} : value;
}

function isList(value: FormValue): value is readonly FormValue[] {
  return Array.isArray(value);
}
