import type { SubscriptionDto, TierDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { useConsoleSession, useUser } from '../session/context';
import { bytes, dateTime, money, number } from '../texts/format';
import { t, type TextKey } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { TextField } from '../ui/fields';
import { Badge, Card, Loaded, Page } from '../ui/parts';
import { isProblem } from '../ui/problem';
import { SubNav } from '../ui/sub-nav';
import { toastError } from '../ui/toasts';
import { Team } from './team';

const PARTS: readonly (readonly [path: string, title: TextKey])[] = [
  ['/plan', 'account.plan'],
  ['/plan/team', 'plan.team'],
];

/** The tier that this tab has left for Stripe to buy. */
const BOUGHT = 'adiuva-bought';
const REFETCH_MS = 2_000;
const MAX_REFETCHES = 30;

function isBought(tier: string | undefined): boolean {
  const bought = sessionStorage.getItem(BOUGHT);
  return bought === null || bought === tier;
}

export function Plan(): ReactNode {
  return (
    <Page look="wide" title={t('nav.plan')} lead={t('plan.lead')}>
      <SubNav links={PARTS} />
      <Switch>
        <Route path="/plan/team" component={Team} />
        <Route component={Plans} />
      </Switch>
    </Page>
  );
}

function Plans(): ReactNode {
  const { client, profile } = useUser();
  const session = useConsoleSession();
  const [isWithoutPayments, setWithoutPayments] = useState(false);
  const subscription = useQuery({
    queryKey: ['subscription'],
    queryFn: () => client.billing.subscription(),
    // Stripe may tell the server of a payment after it has sent the buyer back.
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      isBought(data?.tier) || dataUpdateCount > MAX_REFETCHES ? false : REFETCH_MS,
  });
  const tier = subscription.data?.tier;
  useEffect(() => {
    if (tier === undefined || !isBought(tier)) return;
    sessionStorage.removeItem(BOUGHT);
    if (tier !== profile.tier) void session.reload();
  }, [tier, profile.tier, session]);
  const tiers = useQuery({ queryKey: ['tiers'], queryFn: () => client.billing.tiers(), staleTime: Infinity });
  return (
    <Loaded query={subscription}>
      {(current) => (
        <>
          <Current subscription={current} />
          {isWithoutPayments && (
            <div className="note warn" role="alert">
              <div>
                <p>{t('plan.noPayments')}</p>
                <code>npm run admin -- tier {profile.email} power</code>
              </div>
            </div>
          )}
          <Loaded query={tiers}>
            {({ tiers: found }) => (
              <ul className="grid plans">
                {found.map((tier) => (
                  <Tier
                    key={tier.tier}
                    tier={tier}
                    isCurrent={tier.tier === current.tier}
                    onWithoutPayments={() => setWithoutPayments(true)}
                  />
                ))}
              </ul>
            )}
          </Loaded>
        </>
      )}
    </Loaded>
  );
}

function Current({ subscription }: { readonly subscription: SubscriptionDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const { tier, status, seats, current_period_end: end, cancel_at_period_end: isEnding, locked } = subscription;
  const portal = useMutation({
    mutationFn: () => client.billing.portal(),
    onSuccess: ({ portal_url: address }) => location.assign(address),
    onError: toastError,
  });
  // The plan itself is marked among the others.
  if (status === 'none' && locked.length === 0) return null;
  return (
    <Card
      title={t('account.planIs', { plan: t(`plan.tier.${tier}`) })}
      actions={
        status !== 'none' && (
          <>
            <Button busy={portal.isPending} onClick={() => portal.mutate()}>
              {t('plan.portal')}
            </Button>
            {!isEnding && (
              <ConfirmButton
                label={t('plan.cancel')}
                question={t('plan.cancelQuestion')}
                onConfirm={async () => {
                  await client.billing.cancel();
                  await cache.invalidateQueries({ queryKey: ['subscription'] });
                }}
              />
            )}
          </>
        )
      }
    >
      {status !== 'none' && (
        <dl className="facts">
          <dt>{t('status')}</dt>
          <dd>
            <code>{status}</code>
          </dd>
          <dt>{t(isEnding ? 'plan.ends' : 'plan.renews')}</dt>
          <dd>{dateTime(end)}</dd>
          <dt>{t('plan.seats')}</dt>
          <dd>{seats}</dd>
        </dl>
      )}
      {locked.map(({ feature, required_tier: required }) => (
        <div key={feature} className="note warn">
          <p>{t('plan.locked', { feature: t(`plan.feature.${feature}`), plan: t(`plan.tier.${required}`) })}</p>
        </div>
      ))}
    </Card>
  );
}

function Tier({
  tier,
  isCurrent,
  onWithoutPayments,
}: {
  readonly tier: TierDto;
  readonly isCurrent: boolean;
  readonly onWithoutPayments: () => void;
}): ReactNode {
  const { client } = useUser();
  const [seats, setSeats] = useState('3');
  const { tier: name, price_cents: price, currency, per_seat: isPerSeat, features } = tier;
  const checkout = useMutation({
    mutationFn: async () => {
      if (name === 'free') return;
      const order = { tier: name, ...(isPerSeat ? { seats: Number(seats) } : {}) };
      const { checkout_url: address } = await client.billing.checkout(order);
      sessionStorage.setItem(BOUGHT, name);
      location.assign(address);
    },
    onError: (error) => (isProblem(error, 'not_configured') ? onWithoutPayments() : toastError(error)),
  });
  const amounts = [
    ['agents', features.agents],
    ['batch_active', features.batch_active],
    ['cloud_storage_gb', features.cloud_storage_gb],
    ['backup_gb', features.backup_gb],
  ] as const;
  const switches = [
    ['batch_builder', features.batch_builder],
    ['plugin_marketplace', features.plugin_marketplace],
    ['sso', features.sso],
  ] as const;
  return (
    <li className="card tier">
      <div className="row">
        <h2>{t(`plan.tier.${name}`)}</h2>
        {isCurrent && <Badge tone="good">{t('plan.current')}</Badge>}
      </div>
      <p>
        <span className="figure">{money(price, currency)}</span>{' '}
        <span className="muted">{t(isPerSeat ? 'plan.perSeat' : 'plan.perMonth')}</span>
      </p>
      <dl className="features">
        {amounts.map(([feature, amount]) => (
          <div key={feature}>
            <dt>{t(`plan.feature.${feature}`)}</dt>
            <dd>{amountText(feature, amount)}</dd>
          </div>
        ))}
        {switches.map(([feature, isIncluded]) => (
          <div key={feature}>
            <dt>{t(`plan.feature.${feature}`)}</dt>
            <dd>{isIncluded ? <Check size={16} className="good" aria-label={t('plan.included')} /> : '–'}</dd>
          </div>
        ))}
      </dl>
      {name !== 'free' && !isCurrent && (
        <>
          {isPerSeat && <TextField label={t('plan.seats')} type="number" min={1} value={seats} onValue={setSeats} />}
          <Button look="primary" busy={checkout.isPending} onClick={() => checkout.mutate()}>
            {t('plan.choose', { plan: t(`plan.tier.${name}`) })}
          </Button>
        </>
      )}
    </li>
  );
}

function amountText(feature: string, amount: number): string {
  if (amount < 0) return t('plan.unlimited');
  if (amount === 0) return '–';
  return feature.endsWith('_gb') ? bytes(amount * 1e9) : number(amount);
}
