/** What a record says, in the clear: the members of the assistant's tables. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A member of a row that is text; empty where it is something else. */
export function textIn(row: Row, member: string): string {
  const value = row[member];
  return typeof value === 'string' ? value : '';
}
