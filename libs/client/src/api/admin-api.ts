import type {
  AdminAuditDto,
  AuditReportDto,
  DecidedDto,
  DecisionDto,
  DoctorReportDto,
  ManagedUserDto,
  ManagedUsersDto,
  OutboxDto,
  OverviewDto,
  PayoutsDto,
  ReviewDetailsDto,
  ReviewsDto,
  UserChangeDto,
} from '../generated/types.gen';
import type { Http } from './http';

export interface PageQuery {
  readonly page?: number;
  readonly limit?: number;
}

export interface AuditQuery {
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
  readonly actor?: string;
  readonly action?: string;
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
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

  /** Events of all accounts, newest first. */
  audit(query: AuditQuery = {}): Promise<AdminAuditDto> {
    return this.http.json('GET', '/admin/audit', { query: { ...query } });
  }

  /** Computes the hash chains of the audit log again; `fault` names the first broken link. */
  verifyAudit(): Promise<AuditReportDto> {
    return this.http.json('GET', '/admin/audit/verification');
  }

  /** Accounts, newest first; `q` is an id or a whole address. */
  users(query: PageQuery & { readonly q?: string; readonly tier?: string } = {}): Promise<ManagedUsersDto> {
    return this.http.json('GET', '/admin/users', { query: { ...query } });
  }

  user(id: string): Promise<ManagedUserDto> {
    return this.http.json('GET', userPath(id));
  }

  /** Sets the tier, or disables or enables the account. */
  changeUser(id: string, change: UserChangeDto): Promise<ManagedUserDto> {
    return this.http.json('PATCH', userPath(id), { body: change });
  }

  /** Settings, database, blobs, keys, mail, Stripe and space, each with a remedy. Takes a few seconds. */
  doctor(): Promise<DoctorReportDto> {
    return this.http.json('GET', '/admin/doctor');
  }

  /** Counts of accounts and jobs, and the dead jobs. */
  overview(): Promise<OverviewDto> {
    return this.http.json('GET', '/admin/overview');
  }

  async retryJob(id: string): Promise<void> {
    await this.http.json('POST', `/admin/jobs/${encodeURIComponent(id)}/retry`);
  }
}

function reviewPath(id: string): string {
  return `/admin/plugins/reviews/${encodeURIComponent(id)}`;
}

function pluginPath(id: string): string {
  return `/admin/plugins/${encodeURIComponent(id)}`;
}

function userPath(id: string): string {
  return `/admin/users/${encodeURIComponent(id)}`;
}
