import { refused } from './stripe-error';

export type FormValue = string | FormHash | readonly FormValue[];
export interface FormHash {
  readonly [name: string]: FormValue;
}

interface Draft {
  [name: string]: string | Draft;
}

/** `a[b][0][c]=1` as Stripe reads it: hashes, lists by index or by `[]`, and text at the leaves. */
export function parseForm(encoded: string): FormHash {
  const draft = empty();
  let unnumbered = 0;
  for (const [name, value] of new URLSearchParams(encoded)) {
    const [head = '', ...rest] = name.split('[').map((part, index) => (index === 0 ? part : part.replace(/\]$/, '')));
    const path = [head, ...rest.map((part) => (part === '' ? String(unnumbered++) : part))];
    place(draft, path, value, name);
  }
  return hashOf(draft);
}

function place(draft: Draft, path: readonly string[], value: string, name: string): void {
  let at = draft;
  for (const part of path.slice(0, -1)) {
    const inner = (at[part] ??= empty());
    if (typeof inner === 'string') throw refused(`Invalid parameter: ${name}`);
    at = inner;
  }
  at[path.at(-1) ?? ''] = value;
}

function valueOf(draft: string | Draft): FormValue {
  if (typeof draft === 'string') return draft;
  const names = Object.keys(draft);
  const numbered = names.length > 0 && names.every((name) => /^\d+$/.test(name));
  return numbered ? Object.values(draft).map(valueOf) : hashOf(draft);
}

function hashOf(draft: Draft): FormHash {
  return Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, valueOf(value)]));
}

/** Without a prototype, so that no name on the wire is special. */
function empty(): Draft {
  const draft: Draft = Object.create(null);
  return draft;
}
