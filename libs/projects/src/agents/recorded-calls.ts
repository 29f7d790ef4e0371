import type { JournalEntry } from '@adiuva/agents';

export interface RecordedCall {
  readonly name: string;
  readonly args: unknown;
  readonly result: unknown;
}

/** The calls of server tools that have a result in a journal. `names` are all the tools that the model had: only their calls were executed. */
export function recordedCalls(entries: readonly JournalEntry[], names: ReadonlySet<string>): RecordedCall[] {
  const recorded: RecordedCall[] = [];
  let calls: { name: string; args: unknown }[] = [];
  for (const entry of entries) {
    if (entry.kind === 'reply') calls = entry.calls.filter(({ name }) => names.has(name));
    if (entry.kind !== 'server') continue;
    const call = calls.shift();
    if (call) recorded.push({ name: call.name, args: call.args, result: entry.result });
  }
  return recorded;
}
