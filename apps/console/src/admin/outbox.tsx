import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Card, Empty, Loaded } from '../ui/parts';
import { nullIfMissing } from '../ui/problem';

/** Mails of a server without SMTP. */
export function Outbox(): ReactNode {
  const { client } = useUser();
  const outbox = useQuery({
    queryKey: ['admin', 'outbox'],
    queryFn: () => client.admin.outbox().catch(nullIfMissing),
  });
  return (
    <Loaded query={outbox}>
      {(found) =>
        found === null || found.mails.length === 0 ? (
          <Empty
            icon={Mail}
            title={t('admin.noMails')}
            text={t(found === null ? 'admin.mailsAreSent' : 'admin.noMailsText')}
          />
        ) : (
          <Card title={t('admin.outbox')} lead={t('admin.outboxLead')}>
            <ul className="rows">
              {found.mails.map(({ id, to, subject, text, created_at: at }) => (
                <li key={id}>
                  <details>
                    <summary className="row">
                      <span className="row-main">
                        <strong>{subject}</strong>
                        <small>{to}</small>
                      </span>
                      <span className="muted">{ago(at)}</span>
                    </summary>
                    <pre className="block" tabIndex={0} aria-label={subject}>
                      {text}
                    </pre>
                  </details>
                </li>
              ))}
            </ul>
          </Card>
        )
      }
    </Loaded>
  );
}
