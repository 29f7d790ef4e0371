import { ApiProblem } from '@adiuva/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useUser } from '../session/context';
import { auditText } from '../texts/audit-text';
import { ago, number } from '../texts/format';
import { t } from '../texts/texts';
import { Badge, Card, Figure, Loaded, type Tone } from '../ui/parts';

const REFRESH_MS = 10_000;
const TONES: Readonly<Record<string, Tone>> = { up: 'good', disabled: 'plain' };

/** What waits for an administrator, and whether the server is well. Kept up to date. */
export function Overview(): ReactNode {
  const { client } = useUser();
  const reviews = useQuery({
    queryKey: ['admin', 'reviews', 'count'],
    refetchInterval: REFRESH_MS,
    queryFn: () => client.admin.reviews({ limit: 1 }),
  });
  const actions = useQuery({
    queryKey: ['admin', 'audit', 'latest'],
    refetchInterval: REFRESH_MS,
    queryFn: () => client.admin.audit({ limit: 5 }),
  });
  const overview = useQuery({
    queryKey: ['admin', 'overview'],
    refetchInterval: REFRESH_MS,
    queryFn: () => client.admin.overview(),
  });
  return (
    <>
      <Loaded query={overview}>
        {({ users, queue }) => (
          <Card title={t('admin.accounts')}>
            <div className="columns short">
              <Figure label={t('admin.accounts')} value={<Link href="/admin/users">{number(users.total)}</Link>} />
              <Figure label={t('admin.active')} value={number(users.active)} />
              <Figure label={t('admin.disabled')} value={number(users.disabled)} />
              <Figure label={t('admin.deadJobs')} value={<Link href="/admin/jobs">{number(queue.dead)}</Link>} />
            </div>
            <p className="hint">
              {Object.entries(users.by_tier)
                .map(([tier, count]) => `${tier}: ${number(count)}`)
                .join(' · ')}
            </p>
          </Card>
        )}
      </Loaded>
      <Card title={t('admin.open')}>
        <Loaded query={reviews}>
          {({ total, reviews: [oldest] }) => (
            <div className="columns short">
              <Figure label={t('admin.waitingReviews')} value={<Link href="/admin/reviews">{number(total)}</Link>} />
              {oldest && <Figure label={t('admin.oldest')} value={ago(oldest.submitted_at)} />}
            </div>
          )}
        </Loaded>
      </Card>
      <Health />
      <Card title={t('admin.latest')}>
        <Loaded query={actions}>
          {({ events: found }) =>
            found.length === 0 ? (
              <p className="muted">{t('admin.noActions')}</p>
            ) : (
              <ul className="rows">
                {found.map(({ id, action, user_id: userId, at }) => (
                  <li key={id} className="row">
                    <span className="row-main">
                      <strong>{auditText(action)}</strong>
                      <small>{userId}</small>
                    </span>
                    <span className="muted">{ago(at)}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

/** Readiness of the server; its checks come with the refusal, too. */
function Health(): ReactNode {
  const { client } = useUser();
  const health = useQuery({
    queryKey: ['admin', 'health'],
    refetchInterval: REFRESH_MS,
    queryFn: async () => {
      const [{ version }, readiness] = await Promise.all([
        client.health(),
        client.readiness().catch((error: unknown) => {
          if (error instanceof ApiProblem) return { status: 'not_ready' as const, checks: {} };
          throw error;
        }),
      ]);
      return { version, ...readiness };
    },
  });
  return (
    <Card title={t('admin.health')}>
      <Loaded query={health}>
        {({ version, status, checks }) => (
          <dl className="facts">
            <dt>{t('projects.version', { version: '' })}</dt>
            <dd>{version}</dd>
            <dt>{t('status')}</dt>
            <dd>
              <Badge tone={status === 'ready' ? 'good' : 'bad'}>{status}</Badge>
            </dd>
            {Object.entries(checks).map(([name, state]) => (
              <CheckRow key={name} name={name} state={String(state)} />
            ))}
          </dl>
        )}
      </Loaded>
    </Card>
  );
}

function CheckRow({ name, state }: { readonly name: string; readonly state: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Badge tone={TONES[state] ?? 'bad'}>{state}</Badge>
      </dd>
    </>
  );
}
