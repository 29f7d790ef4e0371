import type { DagNode } from './dag';

type Edges = Pick<DagNode, 'id' | 'dependsOn'>;

/**
 * Kahn's algorithm: the nodes in an order in which each comes after all it depends on, and those that are part of a cycle or lie between two.
 * Ids are unique; dependencies that do not exist are left out.
 */
export function sortNodes<N extends Edges>(nodes: readonly N[]): { sorted: N[]; cyclic: N[] } {
  const sorted = removable(nodes, (node) => node.dependsOn);
  const ids = new Set(sorted);
  const left = nodes.filter((node) => !ids.has(node));
  // What only depends on a cycle is no part of it: the same from the other end.
  const dependents = new Map(left.map(({ id }) => [id, left.filter((other) => other.dependsOn.includes(id))]));
  const behind = new Set(removable(left, ({ id }) => (dependents.get(id) ?? []).map((other) => other.id)));
  return { sorted, cyclic: left.filter((node) => !behind.has(node)) };
}

/** All that each node depends on, directly or not. `sorted` as `sortNodes` gives it. */
export function ancestorsOf(sorted: readonly Edges[]): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { id, dependsOn } of sorted) {
    const own = new Set<string>();
    for (const parent of dependsOn) for (const other of [parent, ...(ancestors.get(parent) ?? [])]) own.add(other);
    ancestors.set(id, own);
  }
  return ancestors;
}

function removable<N extends Edges>(nodes: readonly N[], edges: (node: N) => readonly string[]): N[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const missing = new Map(nodes.map((node) => [node, new Set(edges(node).filter((id) => known.has(id)))]));
  const removed: N[] = [];
  let free = nodes.filter((node) => missing.get(node)?.size === 0);
  while (free.length > 0) {
    removed.push(...free);
    const next: N[] = [];
    for (const [node, open] of missing) {
      const before = open.size;
      for (const { id } of free) open.delete(id);
      if (before > 0 && open.size === 0) next.push(node);
    }
    free = next;
  }
  return removed;
}
