import type { ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from '../shell/not-found';
import { useUser } from '../session/context';
import { t, type TextKey } from '../texts/texts';
import { Page } from '../ui/parts';
import { SubNav } from '../ui/sub-nav';
import { Audit } from './audit';
import { Doctor } from './doctor';
import { Overview } from './overview';
import { Jobs } from './jobs';
import { Outbox } from './outbox';
import { Payouts } from './payouts';
import { Reviews } from './reviews';
import { Users } from './users';

const PARTS: readonly (readonly [path: string, title: TextKey])[] = [
  ['/admin', 'admin.overview'],
  ['/admin/users', 'admin.users'],
  ['/admin/reviews', 'admin.reviews'],
  ['/admin/payouts', 'admin.payouts'],
  ['/admin/audit', 'admin.audit'],
  ['/admin/jobs', 'admin.jobs'],
  ['/admin/outbox', 'admin.outbox'],
  ['/admin/doctor', 'admin.doctor'],
];

export function Admin(): ReactNode {
  const { profile } = useUser();
  if (profile.role !== 'admin') return <NotFound />;
  return (
    <Page look="wide" title={t('nav.admin')} lead={t('admin.lead')}>
      <SubNav links={PARTS} />
      <Switch>
        <Route path="/admin/reviews/:id?" component={Reviews} />
        <Route path="/admin/users" component={Users} />
        <Route path="/admin/jobs" component={Jobs} />
        <Route path="/admin/payouts" component={Payouts} />
        <Route path="/admin/audit" component={Audit} />
        <Route path="/admin/outbox" component={Outbox} />
        <Route path="/admin/doctor" component={Doctor} />
        <Route component={Overview} />
      </Switch>
    </Page>
  );
}
