/** A node with the nodes that have to end before it. */
export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly { readonly from: PlacedNode; readonly to: PlacedNode }[];
  readonly width: number;
  readonly height: number;
}

export const NODE_WIDTH = 168;
export const NODE_HEIGHT = 52;
const GAP_X = 56;
const GAP_Y = 20;

/**
 * A layered layout: each node one column after the last node that it depends on, the nodes of a column near those they depend on. A node
 * that depends on itself through others is drawn, too.
 */
export function layoutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const columns = columnsOf(nodes);
  const rows = new Map<string, number>();
  for (const column of columns) {
    const wanted = ({ dependsOn }: GraphNode): number => {
      const known = dependsOn.flatMap((id) => rows.get(id) ?? []);
      return known.length === 0 ? Infinity : known.reduce((sum, row) => sum + row, 0) / known.length;
    };
    [...column].sort((a, b) => compare(wanted(a), wanted(b))).forEach(({ id }, row) => rows.set(id, row));
  }
  const tallest = Math.max(1, ...columns.map(({ length }) => length));
  const placed = columns.flatMap((column, index) =>
    column.map(({ id }) => ({
      id,
      x: index * (NODE_WIDTH + GAP_X),
      y: ((rows.get(id) ?? 0) + (tallest - column.length) / 2) * (NODE_HEIGHT + GAP_Y),
    })),
  );
  const byId = new Map(placed.map((node) => [node.id, node]));
  const edges = nodes.flatMap(({ id, dependsOn }) =>
    dependsOn.flatMap((other) => {
      const [from, to] = [byId.get(other), byId.get(id)];
      return from && to ? [{ from, to }] : [];
    }),
  );
  return {
    nodes: placed,
    edges,
    width: Math.max(1, columns.length) * (NODE_WIDTH + GAP_X) - GAP_X,
    height: tallest * (NODE_HEIGHT + GAP_Y) - GAP_Y,
  };
}

function columnsOf(nodes: readonly GraphNode[]): readonly (readonly GraphNode[])[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<string, number>();
  const depthOf = (id: string, above: ReadonlySet<string>): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const inside = new Set(above).add(id);
    const before = (byId.get(id)?.dependsOn ?? []).filter((other) => byId.has(other) && !inside.has(other));
    const depth = Math.max(0, ...before.map((other) => depthOf(other, inside) + 1));
    depths.set(id, depth);
    return depth;
  };
  const columns: GraphNode[][] = [];
  for (const node of nodes) (columns[depthOf(node.id, new Set())] ??= []).push(node);
  return columns;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
