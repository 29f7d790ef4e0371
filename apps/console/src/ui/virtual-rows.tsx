import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';

/** Beyond what is seen, so that the Tab key always finds the next row. */
const OVERSCAN = 12;

/** A long list that scrolls in itself: only the rows that are seen, and some around them, are in the page. */
export function VirtualRows<T>({
  label,
  rows,
  rowHeight,
  keyOf,
  children,
}: {
  readonly label: string;
  readonly rows: readonly T[];
  /** In pixels, the same for all. */
  readonly rowHeight: number;
  readonly keyOf: (row: T) => string;
  readonly children: (row: T) => ReactNode;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  return (
    <div ref={scroller} className="scroller">
      <ul className="rows virtual" aria-label={label} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const style = { height: rowHeight, transform: `translateY(${start}px)` };
          return (
            <li key={key} aria-setsize={rows.length} aria-posinset={index + 1} style={style}>
              {children(row)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
