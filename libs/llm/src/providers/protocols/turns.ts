/** Consecutive parts of a conversation by one side, for protocols in which the sides must alternate. */
export interface Turn {
  readonly role: string;
  readonly content: readonly object[];
}

/** Joins neighbours of one role; turns without content, which providers refuse, are left out. */
export function mergeTurns(turns: readonly Turn[]): readonly Turn[] {
  const merged: Turn[] = [];
  for (const turn of turns) {
    if (turn.content.length === 0) continue;
    const last = merged.at(-1);
    if (last?.role === turn.role)
      merged[merged.length - 1] = { role: turn.role, content: [...last.content, ...turn.content] };
    else merged.push(turn);
  }
  return merged;
}
