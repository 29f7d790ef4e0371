/** A part of a tool call as it streams in: the first part of an `index` has id and name, and the parts of `args` joined are its JSON. */
export interface CallPiece {
  readonly index: number;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly args: string;
}

export interface PieceUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model has said since it was last listened to, in the words of no provider. */
export interface Piece {
  readonly text: string;
  readonly calls: readonly CallPiece[];
  readonly usage?: PieceUsage | undefined;
}

/** Tokens that are reported in parts add up. */
export function joined(one: Piece, other: Piece): Piece {
  return {
    text: one.text + other.text,
    calls: other.calls.length === 0 ? one.calls : [...one.calls, ...other.calls],
    usage: one.usage && other.usage ? sum(one.usage, other.usage) : (one.usage ?? other.usage),
  };
}

export function says({ text, calls }: Piece): boolean {
  return text !== '' || calls.length > 0;
}

export function sum(one: PieceUsage, other: PieceUsage): PieceUsage {
  return { inputTokens: one.inputTokens + other.inputTokens, outputTokens: one.outputTokens + other.outputTokens };
}
