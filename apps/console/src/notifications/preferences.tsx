import type { PreferencesDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Check, Choice, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Card, Loaded } from '../ui/parts';
import { toast } from '../ui/toasts';

const QUIET = { from: '22:00', to: '07:00' };

export function Preferences(): ReactNode {
  const { client } = useUser();
  const preferences = useQuery({ queryKey: ['preferences'], queryFn: () => client.notifications.preferences() });
  return (
    <Card title={t('preferences.title')} lead={t('preferences.lead')}>
      <Loaded query={preferences}>{(found) => <PreferencesForm found={found} />}</Loaded>
    </Card>
  );
}

function PreferencesForm({ found }: { readonly found: PreferencesDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [preferences, setPreferences] = useState(found);
  const { quiet_hours: quiet, digest, timezone } = preferences;
  const change = (part: Partial<PreferencesDto>): void => setPreferences({ ...preferences, ...part });
  const save = useMutation({
    mutationFn: () => client.notifications.setPreferences(preferences),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['preferences'] });
      toast(t('saved'));
    },
  });
  return (
    <Form submit={t('save')} work={save}>
      <Check
        label={t('preferences.quiet')}
        hint={t('preferences.quietHint')}
        checked={quiet !== null}
        onChecked={(isQuiet) => change({ quiet_hours: isQuiet ? QUIET : null })}
      />
      <div className="columns">
        {quiet && (
          <>
            <TextField
              label={t('preferences.from')}
              type="time"
              required
              value={quiet.from}
              onValue={(from) => change({ quiet_hours: { ...quiet, from } })}
            />
            <TextField
              label={t('preferences.to')}
              type="time"
              required
              value={quiet.to}
              onValue={(to) => change({ quiet_hours: { ...quiet, to } })}
            />
          </>
        )}
        <Choice
          label={t('preferences.digest')}
          value={digest}
          options={(['off', 'hourly', 'daily'] as const).map(
            (value) => [value, t(`preferences.digest.${value}`)] as const,
          )}
          onValue={(value) => change({ digest: value })}
        />
        <TextField
          label={t('preferences.timezone')}
          required
          value={timezone}
          onValue={(zone) => change({ timezone: zone })}
        />
      </div>
    </Form>
  );
}
