/** One string, number or key of a JSON value, in the order of its text. */
export interface Leaf {
  readonly text: string;
  readonly isKey?: boolean;
  replace(text: string): void;
}

/** JSON that is deeper than this is not ours. */
const MAX_DEPTH = 200;

interface Box {
  value: unknown;
}

/** All strings, numbers and keys of a value. Replacing works on the value itself, so hand in a copy. @throws RangeError when it is too deep. */
export function leavesOf(box: Box): Leaf[] {
  const leaves: Leaf[] = [];
  visit(box.value, (value) => (box.value = value), leaves, 0);
  return leaves;
}

function collect(node: unknown, leaves: Leaf[], depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('The value is too deep');
  if (Array.isArray(node)) {
    const items: unknown[] = node;
    items.forEach((item, i) => visit(item, (text) => (items[i] = text), leaves, depth));
  } else if (isObject(node)) {
    for (const [key, item] of Object.entries(node)) member(node, key, item, leaves, depth);
  }
}

function member(node: Record<string, unknown>, key: string, item: unknown, leaves: Leaf[], depth: number): void {
  const place = { key };
  const replaceKey = (text: string): void => {
    const value = node[place.key];
    delete node[place.key];
    place.key = freeKey(node, text);
    node[place.key] = value;
  };
  leaves.push({ text: key, isKey: true, replace: replaceKey });
  visit(item, (text) => (node[place.key] = text), leaves, depth);
}

function visit(item: unknown, replace: (text: string | number) => void, leaves: Leaf[], depth: number): void {
  if (typeof item === 'string') leaves.push({ text: item, replace });
  else if (typeof item === 'number') leaves.push({ text: String(item), replace: () => replace(0) });
  else collect(item, leaves, depth + 1);
}

function freeKey(node: Record<string, unknown>, key: string): string {
  let free = key;
  for (let n = 2; free in node; n += 1) free = `${key} ${n}`;
  return free;
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}
