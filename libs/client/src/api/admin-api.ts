import type {
  AdminActionsDto,
  DecidedDto,
  DecisionDto,
  OutboxDto,
  PayoutsDto,
  ReviewDetailsDto,
  ReviewsDto,
} from '../generated/types.gen';
import type { Http } from './http';

export interface PageQuery {
  readonly page?: number;
  readonly limit?: number;
}

/** What only an admin may do; everybody else gets `ApiProblem` 403. */
export class AdminApi {
  constructor(private readonly http: Http) {}

  /** Versions that wait for a review, oldest first. */
  reviews(query: PageQuery = {}): Promise<ReviewsDto> {
    return this.http.json('GET', '/admin/plugins/reviews', { query: { ...query } });
  }

  /** Findings, and what the version may do that the one before it could not. */
  review(id: string): Promise<ReviewDetailsDto> {
    return this.http.json('GET', reviewPath(id));
  }

  /** Claims a review for this administrator. Throws `ApiProblem` 409 when another one has it. */
  async claim(id: string): Promise<void> {
    await this.http.json('POST', `${reviewPath(id)}/claim`);
  }

  async release(id: string): Promise<void> {
    await this.http.json('POST', `${reviewPath(id)}/release`);
  }

  /** A rejection needs a reason, which the author reads. */
  decide(id: string, decision: DecisionDto): Promise<DecidedDto> {
    return this.http.json('POST', reviewPath(id), { body: decision });
  }

  /** Takes a plugin out of the catalogue, or yanks one version of it. */
  async unlist(pluginId: string, version?: string): Promise<void> {
    await this.http.json('POST', `${pluginPath(pluginId)}/unlist`, { body: version === undefined ? {} : { version } });
  }

  async relist(pluginId: string): Promise<void> {
    await this.http.json('POST', `${pluginPath(pluginId)}/relist`);
  }

  /** Pays the developers for a month (YYYY-MM), each once however often it is asked for. */
  payOut(period: string): Promise<PayoutsDto> {
    return this.http.json('POST', '/admin/payouts', { body: { period }, idempotencyKey: crypto.randomUUID() });
  }

  /** Mails of an installation without SMTP, newest first; 404 where mails are sent. */
  outbox(): Promise<OutboxDto> {
    return this.http.json('GET', '/admin/outbox');
  }

  /** What admins have done, newest first. */
  audit(query: PageQuery = {}): Promise<AdminActionsDto> {
    return this.http.json('GET', '/admin/audit', { query: { ...query } });
  }
}

function reviewPath(id: string): string {
  return `/admin/plugins/reviews/${encodeURIComponent(id)}`;
}

function pluginPath(id: string): string {
  return `/admin/plugins/${encodeURIComponent(id)}`;
}
