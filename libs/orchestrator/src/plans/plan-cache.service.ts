import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { newId } from '@adiuva/kernel';
import { timezoneOf, type TurnContext } from '@adiuva/agents';
import { ServerKeys } from '@adiuva/platform';
import type { ExecutionPlan } from './execution-plan';
import { canonical, normalizeRequest } from './request-normalizer';

/** A plan, and whether it says anything of the user's own. */
export interface CachedPlan {
  readonly plan: ExecutionPlan;
  /** Nothing but fixed words: any user with the same request may have it. */
  readonly shareable: boolean;
  /** Ids of records that the server made for it; each use of the plan gets its own. */
  readonly ids: readonly string[];
}

const MAX_PLANS = 1_000;
const KEPT_MS = 3_600_000;

/**
 * Plans by the normalized request, so that a repeated one needs no model. Shareable plans serve every user who sends no context; all
 * others belong to one user, one context and one day, because a plan may hold user data and "tomorrow" moves. In memory only, for an
 * hour; keys are keyed hashes.
 */
@Injectable()
export class PlanCache {
  private readonly plans = new LRUCache<string, CachedPlan>({ max: MAX_PLANS, ttl: KEPT_MS });

  constructor(private readonly keys: ServerKeys) {}

  find(turn: TurnContext, message: string, agents: readonly string[]): ExecutionPlan | undefined {
    const made =
      this.plans.get(this.key(turn, message, agents, true)) ?? this.plans.get(this.key(turn, message, agents, false));
    return made && fresh(made);
  }

  keep(turn: TurnContext, message: string, agents: readonly string[], made: CachedPlan): void {
    const shared = made.shareable && Object.keys(turn.context).length === 0;
    this.plans.set(this.key(turn, message, agents, shared), made);
  }

  private key(
    { caller, context, now }: TurnContext,
    message: string,
    agents: readonly string[],
    shared: boolean,
  ): string {
    const own = shared
      ? [Object.keys(context).length === 0]
      : [caller.userId, canonical(context), momentOf(message, now, timezoneOf(context))];
    const request = JSON.stringify([caller.tier, agents, normalizeRequest(message), shared, own]);
    return this.keys.hmac('fingerprint', `plan\n${request}`).toString('base64');
  }
}

/** How long a plan stays true: for the user's day, or for a minute where the message counts in hours and minutes. */
function momentOf(message: string, now: Date, timezone: string): string {
  if (/\b(?:now|minutes?|mins?|hours?|minuten?|stunden?|minuti|or[ae])\b/i.test(message))
    return now.toISOString().slice(0, 16);
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(now);
}

/** The same steps under a new id, and with new ids for the records that they create. */
function fresh({ plan, ids }: CachedPlan): ExecutionPlan {
  const names = new Map(ids.map((id) => [id, newId()]));
  const steps = plan.steps.map((step) => ({ ...step, variables: renamedIn(step.variables, names) }));
  return { ...plan, id: newId(), steps };
}

type Members = Readonly<Record<string, unknown>>;

/** A copy in which every string that is one of `names` has its new name. */
function renamedIn(members: Members, names: ReadonlyMap<string, string>): Members {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, renamed(value, names)]));
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, names));
  return typeof value === 'object' && value !== null ? renamedIn({ ...value }, names) : value;
}
