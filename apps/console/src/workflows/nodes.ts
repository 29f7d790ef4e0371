import type { DagNodeDto } from '@adiuva/client';

export function withoutNode(nodes: readonly DagNodeDto[], id: string): readonly DagNodeDto[] {
  return nodes
    .filter((node) => node.id !== id)
    .map((node) => ({ ...node, depends_on: (node.depends_on ?? []).filter((other) => other !== id) }));
}

/** The node `id` of `before` with what waited for it, in nodes that may have changed since; those stay as they are otherwise. */
export function withNodeAgain(
  nodes: readonly DagNodeDto[],
  before: readonly DagNodeDto[],
  id: string,
): readonly DagNodeDto[] {
  const at = before.findIndex((node) => node.id === id);
  const lost = before[at];
  if (!lost || nodes.some((node) => node.id === id)) return nodes;
  const here = new Set(nodes.map((node) => node.id));
  const waited = new Set(before.flatMap((node) => (node.depends_on?.includes(id) ? [node.id] : [])));
  const waiting = nodes.map((node) =>
    waited.has(node.id) ? { ...node, depends_on: [...(node.depends_on ?? []), id] } : node,
  );
  return waiting.toSpliced(at, 0, { ...lost, depends_on: (lost.depends_on ?? []).filter((other) => here.has(other)) });
}
