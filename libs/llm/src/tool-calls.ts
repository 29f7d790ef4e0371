import type { CallPiece } from './piece';

/** A tool that a model asks for. Arguments that are no JSON stay the text that they are. */
export interface AskedCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

/** Puts the calls of one reply together from their parts. */
export class ToolCalls {
  private readonly calls = new Map<number, { id: string; name: string; args: string[] }>();

  add(parts: readonly CallPiece[]): void {
    for (const { index, id, name, args } of parts) {
      const call = this.calls.get(index) ?? { id: '', name: '', args: [] };
      this.calls.set(index, call);
      call.id = id ?? call.id;
      call.name += name ?? '';
      call.args.push(args);
    }
  }

  get all(): readonly AskedCall[] {
    return [...this.calls.values()].map(({ id, name, args }, at) => ({
      id: id === '' ? `call_${at}` : id,
      name,
      args: parsed(args.join('')),
    }));
  }
}

function parsed(json: string): unknown {
  try {
    return json === '' ? {} : JSON.parse(json);
  } catch {
    return json;
  }
}
