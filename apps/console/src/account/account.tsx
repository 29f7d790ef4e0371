import { LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { useUser } from '../session/context';
import { LanguageChoice } from '../session/language-choice';
import { t, type TextKey } from '../texts/texts';
import { chooseTheme, currentTheme, type Theme } from '../shell/theme';
import { Card, Page } from '../ui/parts';
import { SubNav } from '../ui/sub-nav';
import { Activity } from './activity';
import { Backups } from './backups';
import { Connections } from './connections';
import { Devices } from './devices';
import { Security } from './security';
import { SignOut } from './sign-out';
import { Usage } from './usage';

const PARTS: readonly (readonly [path: string, title: TextKey])[] = [
  ['/account', 'account.general'],
  ['/account/security', 'account.security'],
  ['/account/devices', 'account.devices'],
  ['/account/backups', 'account.backups'],
  ['/account/connections', 'account.connections'],
  ['/account/activity', 'account.activity'],
];
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function Account(): ReactNode {
  const { profile } = useUser();
  return (
    <Page title={t('nav.account')} lead={profile.email} actions={<SignOut icon={LogOut} />}>
      <SubNav links={PARTS} />
      <Switch>
        <Route path="/account/security" component={Security} />
        <Route path="/account/devices" component={Devices} />
        <Route path="/account/backups" component={Backups} />
        <Route path="/account/connections" component={Connections} />
        <Route path="/account/activity" component={Activity} />
        <Route component={General} />
      </Switch>
    </Page>
  );
}

function General(): ReactNode {
  const { profile } = useUser();
  return (
    <>
      <Card title={t('account.display')}>
        <div className="columns">
          <div className="field">
            <span className="label">{t('language')}</span>
            <LanguageChoice label={t('language')} />
          </div>
          <div className="field">
            <span className="label">{t('theme.label')}</span>
            <select
              aria-label={t('theme.label')}
              defaultValue={currentTheme()}
              onChange={(event) => {
                const theme = THEMES.find((known) => known === event.target.value);
                if (theme) chooseTheme(theme);
              }}
            >
              {THEMES.map((theme) => (
                <option key={theme} value={theme}>
                  {t(`theme.${theme}`)}
                </option>
              ))}
            </select>
          </div>
        </div>
      </Card>
      <Usage />
      <Card title={t('account.plan')}>
        <p>
          {t('account.planIs', { plan: t(`plan.tier.${profile.tier}`) })} <Link href="/plan">{t('sync.plans')}</Link>
        </p>
      </Card>
    </>
  );
}
