import type { ReactNode } from 'react';
import { hasText, t } from '../texts/texts';
import { toneOf } from '../runs/status';
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH, type GraphNode } from './graph-layout';

export interface ShownNode extends GraphNode {
  readonly title: string;
  readonly subtitle: string;
  /** While it is executed. */
  readonly status?: string;
}

/** Nodes and what they wait for, from left to right. */
export function Graph({
  nodes,
  label,
  onOpen,
}: {
  readonly nodes: readonly ShownNode[];
  readonly label: string;
  readonly onOpen?: (id: string) => void;
}): ReactNode {
  const { nodes: placed, edges, width, height } = layoutGraph(nodes);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (
    <div className="graph" tabIndex={0} role="group" aria-label={label}>
      <svg width={width + 4} height={height + 4} viewBox={`-2 -2 ${width + 4} ${height + 4}`} role="presentation">
        {edges.map(({ from, to }) => {
          const [x1, y1, x2, y2] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2, to.x, to.y + NODE_HEIGHT / 2];
          const middle = (x1 + x2) / 2;
          return (
            <path
              key={`${from.id} ${to.id}`}
              d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
              className="graph-edge"
            />
          );
        })}
        {placed.map(({ id, x, y }) => {
          const node = byId.get(id);
          if (!node) return null;
          const statusKey = `run.status.${node.status ?? ''}`;
          return (
            <g
              key={id}
              transform={`translate(${x} ${y})`}
              className={`graph-node ${toneOf(node.status ?? '')}`}
              onClick={() => onOpen?.(id)}
            >
              <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={9} />
              <text x={14} y={22} className="graph-title">
                {shortened(node.title, 18)}
              </text>
              <text x={14} y={40} className="graph-subtitle">
                {shortened(hasText(statusKey) ? `${node.subtitle} · ${t(statusKey)}` : node.subtitle, 26)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
