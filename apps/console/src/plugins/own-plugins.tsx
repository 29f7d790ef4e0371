import type { OwnPluginDto } from '@adiuva/client';
import { useQuery } from '@tanstack/react-query';
import { PackagePlus, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Empty, Loaded, type Tone } from '../ui/parts';
import { Findings } from './findings';
import { PublishForm } from './publish-form';

const TONES: Readonly<Record<OwnPluginDto['status'], Tone>> = {
  pending_review: 'warn',
  in_review: 'busy',
  approved: 'good',
  rejected: 'bad',
  yanked: 'bad',
};

/** For developers: what they have published, and what became of it. */
export function OwnPlugins(): ReactNode {
  const { client } = useUser();
  const [publishing, setPublishing] = useState<OwnPluginDto | 'new'>();
  const plugins = useQuery({ queryKey: ['plugins', 'mine'], queryFn: () => client.plugins.mine() });
  const publish = (
    <Button look="primary" icon={Plus} onClick={() => setPublishing('new')}>
      {t('plugins.publish')}
    </Button>
  );
  return (
    <>
      <div className="actions">{publish}</div>
      <Loaded query={plugins}>
        {({ plugins: found }) =>
          found.length === 0 ? (
            <Empty icon={PackagePlus} title={t('plugins.noneOwn')} text={t('plugins.noneOwnText')} />
          ) : (
            found.map((plugin) => (
              <Card
                key={plugin.id}
                title={plugin.name}
                lead={t('plugins.ownFacts', {
                  installs: number(plugin.install_count),
                  average: number(plugin.ratings.average),
                  count: plugin.ratings.count,
                })}
                actions={<Button onClick={() => setPublishing(plugin)}>{t('plugins.newVersion')}</Button>}
              >
                <ul className="rows">
                  {plugin.versions.map(({ version, status, reason, findings, submitted_at: at }) => (
                    <li key={`${version} ${at}`}>
                      <div className="row">
                        <span className="row-main">
                          <strong>{version}</strong>
                          <small>{[dateTime(at), reason].filter(Boolean).join(' · ')}</small>
                        </span>
                        <Badge tone={TONES[status]}>{t(`review.status.${status}`)}</Badge>
                      </div>
                      <Findings findings={findings} />
                    </li>
                  ))}
                </ul>
              </Card>
            ))
          )
        }
      </Loaded>
      {publishing !== undefined && (
        <PublishForm
          onClose={() => setPublishing(undefined)}
          {...(publishing === 'new' ? {} : { plugin: publishing })}
        />
      )}
    </>
  );
}
