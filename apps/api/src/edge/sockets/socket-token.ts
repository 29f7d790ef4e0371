import type { Socket } from 'socket.io';
import { Problem, problemDocument, type ProblemDocument } from '@adiuva/kernel';

/** The token of a handshake: `auth: {token}`. Throws `unauthenticated`. */
export function tokenOf(socket: Socket): string {
  const auth: unknown = socket.handshake.auth;
  const token = typeof auth === 'object' && auth !== null && 'token' in auth ? auth.token : undefined;
  if (typeof token !== 'string' || token.length > 8_192) throw new Problem('unauthenticated');
  return token;
}

/** The error that the client sees as `connect_error` with the problem document in `data`. */
export function connectError(
  problem: Problem,
  namespace: string,
  requestId: string,
): Error & { data: ProblemDocument } {
  return Object.assign(new Error(problem.title), { data: problemDocument(problem, namespace, requestId) });
}
