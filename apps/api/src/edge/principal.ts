import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Features, Principal } from '@adiuva/kernel';
import type { RateGroupName } from './limits/rate-groups';

/** A request after the edge has looked at it. */
export interface EdgeRequest extends Request {
  requestId: string;
  user?: Principal;
}

export type EdgeResponse = Response;

/** The signed-in caller. Only on routes that are not `@Public`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<EdgeRequest>();
  if (!user) throw new Error('@Caller is used on a public route');
  return user;
});

export const RequestId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<EdgeRequest>().requestId;
});

export const PUBLIC = 'edge:public';
export const FEATURE = 'edge:feature';
export const ADMIN = 'edge:admin';
export const VERIFIED_EMAIL = 'edge:verified-email';
export const BOT_CHECK = 'edge:bot-check';
export const JSON_LIMIT = 'edge:json-limit';
export const RAW_BODY = 'edge:raw-body';
export const UNCOUNTED = 'edge:uncounted';
export const OPAQUE = 'edge:opaque';
export const READS_PARTS = 'edge:reads-parts';
export const IDEMPOTENCY = 'edge:idempotency';
/** The kind in the OpenAPI document. */
export const IDEMPOTENCY_EXTENSION = 'x-idempotency';
export const RATE_GROUP = 'edge:rate-group';
export const SYNC_TRAFFIC = 'edge:sync-traffic';

/** Anybody may call this. A route without it needs an access token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Only tiers that have the feature may call this; others get 402 with the tier that they need. */
export const Needs = (feature: (features: Features) => boolean) => SetMetadata(FEATURE, feature);

/** Only administrators may call this. */
export const AdminOnly = () => SetMetadata(ADMIN, true);

/** Refused until the e-mail address is confirmed, where `REQUIRE_VERIFIED_EMAIL` is set. */
export const NeedsVerifiedEmail = () => SetMetadata(VERIFIED_EMAIL, true);

/** Needs `turnstile_token` in the body, where `TURNSTILE_ENABLED` is set. */
export const BotChecked = () => SetMetadata(BOT_CHECK, true);

/** The largest JSON body in bytes; 128 KiB where a route says nothing. */
export const JsonLimit = (bytes: number) => SetMetadata(JSON_LIMIT, bytes);

/** The handler reads the body itself, as a stream; the edge leaves it alone, whatever its type says, or parses it where it is JSON. */
export const StreamedBody = (types: 'every type' | 'all but JSON' = 'all but JSON') => SetMetadata(RAW_BODY, types);

/** An interceptor of the route reads a body of parts, and honours `Idempotency-Key` when it knows them. */
export const ReadsParts = () => SetMetadata(READS_PARTS, true);

/**
 * What makes a POST that is repeated with its `Idempotency-Key` act once, also when the process is killed between effect and answer. Every
 * POST names its kind:
 * - `atomic`: the effect and the stored answer are one transaction. For handlers that make no network call after their first transaction.
 * - `repeatable`: the answer is stored after the effect. Carried out again, the effect is the same: an upsert by id, a transition that has
 *   been made, a call to the payment provider whose key derives from what is stored.
 * - `computed`: the answer is stored; nothing else lasts but the usage that is counted.
 * - `read`: changes nothing, so the key is ignored.
 * - `unstored`: the answer is never stored, because it is a secret or large, so the key is ignored.
 */
export type IdempotencyKind = 'atomic' | 'repeatable' | 'computed' | 'read' | 'unstored';

export const IdempotencyKey = (kind: IdempotencyKind) =>
  applyDecorators(SetMetadata(IDEMPOTENCY, kind), ApiExtension(IDEMPOTENCY_EXTENSION, kind));

/** Does not count against the tier's requests a minute. */
export const Uncounted = () => SetMetadata(UNCOUNTED, true);

/** What a request of the route costs of the tier's requests a minute; `default` where a route says nothing. */
export const RateGroup = (group: RateGroupName) => SetMetadata(RATE_GROUP, group);

/** Counts by the bytes of the answer against the budget of sync traffic, not against the requests a minute. */
export const SyncTraffic = () => SetMetadata(SYNC_TRAFFIC, true);

/** Answers only with what the user's client has sealed: the leak scrubber has nothing to find in it. */
export const Opaque = () => SetMetadata(OPAQUE, true);
