import { Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { Problem, problemDocument, type Principal } from '@adiuva/kernel';
import { AccessTokens, SESSION_REVOKED, type AccessClaims } from '@adiuva/auth';
import { Log, PubSub } from '@adiuva/platform';
import { CallerLookup } from '../edge/auth/caller-lookup.service';
import { problemOf } from '../edge/http/problem.filter';
import { acceptedId } from '../edge/http/request-id.middleware';
import { connectError, tokenOf } from '../edge/sockets/socket-token';
import { AuthRenewDto } from './chat.dto';
import { parsedFrame } from './frame-parser';
import { FrameRateLimit } from './frame-rate-limit.service';
import type { Acknowledge } from './send-ack';

const EXPIRY_GRACE_MS = 30_000;
const MAX_SOCKETS_PER_SEAT = 20;

interface OpenSocket {
  claims: AccessClaims;
  expiry: NodeJS.Timeout;
}

/** Authenticates sockets; one stays open while its session lives and its token is renewed. */
@Injectable()
export class SocketAuth {
  private readonly open = new WeakMap<Socket, OpenSocket>();
  private readonly byUser = new Map<string, Set<Socket>>();

  constructor(
    private readonly tokens: AccessTokens,
    private readonly callers: CallerLookup,
    private readonly pubSub: PubSub,
    private readonly frameRateLimit: FrameRateLimit,
    private readonly log: Log,
  ) {}

  /** The rooms of a socket: `user:ID` and `session:ID`. */
  guard(namespace: Namespace): void {
    namespace.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(this.refusal(error, socket)),
      );
    });
    namespace.on('connection', (socket) => void this.closeIfRevoked(socket));
    this.pubSub.subscribe(SESSION_REVOKED, ({ session_id }) =>
      namespace.in(`session:${String(session_id)}`).disconnectSockets(true),
    );
  }

  /** The current caller. Throws `unauthenticated` when the session has ended. */
  caller(socket: Socket): Promise<Principal> {
    const known = this.open.get(socket);
    if (!known) throw new Problem('unauthenticated');
    return this.callers.of(known.claims);
  }

  /** A fresh token of the same session keeps the socket open beyond the old one's end. */
  async renew(socket: Socket, frame: unknown, ack: Acknowledge): Promise<void> {
    try {
      const { token } = await parsedFrame(AuthRenewDto, frame);
      const claims = this.tokens.verify(token);
      if (claims.sessionId !== this.open.get(socket)?.claims.sessionId) throw new Problem('unauthenticated');
      await this.callers.of(claims);
      this.remember(socket, claims);
      ack?.({ ok: true, request_id: acceptedId(undefined) });
    } catch (error) {
      const problem = problemOf(error, this.log);
      ack?.({ ok: false, problem: problemDocument(problem, socket.nsp.name, acceptedId(undefined)) });
    }
  }

  private async admit(socket: Socket): Promise<void> {
    const claims = this.tokens.verify(tokenOf(socket));
    const { seats } = await this.callers.of(claims);
    this.count(socket, claims.userId, MAX_SOCKETS_PER_SEAT * Math.max(1, seats));
    this.remember(socket, claims);
    this.frameRateLimit.guard(socket, claims.userId);
    await socket.join([`user:${claims.userId}`, `session:${claims.sessionId}`]);
    socket.once('disconnect', () => clearTimeout(this.open.get(socket)?.expiry));
  }

  /** Throws `rate_limited` for a socket beyond the limit. Each process counts on its own. */
  private count(socket: Socket, userId: string, max: number): void {
    const sockets = this.byUser.get(userId) ?? new Set<Socket>();
    if (sockets.size >= max) {
      throw new Problem('rate_limited', { detail: `At most ${max} sockets may be open at a time`, retryAfter: 30 });
    }
    if (socket.conn.readyState !== 'open') return;
    this.byUser.set(userId, sockets.add(socket));
    const release = (): void => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.byUser.get(userId) === sockets) this.byUser.delete(userId);
    };
    socket.conn.once('close', release);
    socket.once('disconnect', release);
  }

  private remember(socket: Socket, claims: AccessClaims): void {
    clearTimeout(this.open.get(socket)?.expiry);
    const left = claims.expiresAt.getTime() - Date.now() + EXPIRY_GRACE_MS;
    const expiry = setTimeout(() => socket.disconnect(true), Math.max(0, left)).unref();
    this.open.set(socket, { claims, expiry });
  }

  /** The session may have been revoked after it was read and before its room had this socket. */
  private async closeIfRevoked(socket: Socket): Promise<void> {
    try {
      await this.caller(socket);
    } catch (error) {
      if (error instanceof Problem && error.code === 'unauthenticated') socket.disconnect(true);
    }
  }

  private refusal(error: unknown, socket: Socket): Error {
    return connectError(
      problemOf(error, this.log),
      socket.nsp.name,
      acceptedId(socket.handshake.headers['x-request-id']),
    );
  }
}
