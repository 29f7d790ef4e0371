export interface TreeFolder<T> {
  readonly name: string;
  readonly path: string;
  readonly folders: readonly TreeFolder<T>[];
  readonly files: readonly { readonly name: string; readonly file: T }[];
}

/** Files as folders, each sorted by name. */
export function treeOf<T extends { readonly path: string }>(files: readonly T[], path = '', name = ''): TreeFolder<T> {
  const inner = new Map<string, T[]>();
  const own: { name: string; file: T }[] = [];
  for (const file of files) {
    const rest = file.path.slice(path.length);
    const slash = rest.indexOf('/');
    if (slash < 0) own.push({ name: rest, file });
    else inner.set(rest.slice(0, slash), [...(inner.get(rest.slice(0, slash)) ?? []), file]);
  }
  return {
    name,
    path,
    folders: [...inner]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([folder, inside]) => treeOf(inside, `${path}${folder}/`, folder)),
    files: own.sort((a, b) => a.name.localeCompare(b.name)),
  };
}
