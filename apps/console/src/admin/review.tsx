import type { DecisionDto, ReviewDetailsDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Download, Hand, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Findings } from '../plugins/findings';
import { Permissions } from '../plugins/permissions';
import { useUser } from '../session/context';
import { bytes, dateTime, money } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { TextArea } from '../ui/fields';
import { Card, ErrorNote, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';

/** A submitted version: findings beside the manifest, and the decision. */
export function Review({ id }: { readonly id: string }): ReactNode {
  const { client } = useUser();
  const review = useQuery({ queryKey: ['admin', 'reviews', id], queryFn: () => client.admin.review(id) });
  return <Loaded query={review}>{(found) => <ReviewView review={found} />}</Loaded>;
}

function ReviewView({ review }: { readonly review: ReviewDetailsDto }): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['admin', 'reviews'] });
  const isMine = review.claimed_by === profile.id;
  const claim = useMutation({
    mutationFn: () => (isMine ? client.admin.release(review.id) : client.admin.claim(review.id)),
    onSuccess: refresh,
    onError: toastError,
  });
  return (
    <>
      <Card
        title={`${review.name} ${review.version}`}
        lead={`${review.author} · ${dateTime(review.submitted_at)} · ${bytes(review.size_bytes)}`}
        actions={
          <>
            <a className="button plain" href={review.download_url} download>
              <Download size={16} aria-hidden />
              {t('plugins.package')}
            </a>
            <Button icon={Hand} busy={claim.isPending} onClick={() => claim.mutate()}>
              {t(isMine ? 'review.release' : 'review.claim')}
            </Button>
          </>
        }
      >
        <div className="review">
          <div className="stack">
            <h3>{t('review.manifest')}</h3>
            <p>{review.manifest.description}</p>
            <dl className="facts">
              <dt>{t('plugins.category')}</dt>
              <dd>{review.manifest.category}</dd>
              <dt>{t('plugins.price')}</dt>
              <dd>{money(review.manifest.price_cents)}</dd>
              <dt>{t('review.last')}</dt>
              <dd>{review.last_version ?? '–'}</dd>
              <dt>SHA-256</dt>
              <dd className="mono">{review.checksum}</dd>
            </dl>
            <h3>{t('plugins.permissions')}</h3>
            <Permissions permissions={review.manifest.permissions} />
            {review.permissions.added.length > 0 && (
              <>
                <p className="hint">{t('review.added')}</p>
                <Permissions permissions={review.permissions.added} />
              </>
            )}
          </div>
          <div className="stack">
            <h3>{t('review.findings')}</h3>
            {review.findings.length === 0 ? (
              <p className="muted">{t('review.noFindings')}</p>
            ) : (
              <Findings findings={review.findings} />
            )}
          </div>
        </div>
      </Card>
      <Decision id={review.id} onDecided={refresh} />
    </>
  );
}

function Decision({ id, onDecided }: { readonly id: string; readonly onDecided: () => Promise<void> }): ReactNode {
  const { client } = useUser();
  const [, go] = useLocation();
  const [notes, setNotes] = useState('');
  const decide = useMutation({
    mutationFn: (decision: DecisionDto['decision']) =>
      client.admin.decide(id, { decision, notes: notes.trim() === '' ? null : notes }),
    onSuccess: async ({ status }) => {
      toast(t(`review.status.${status}`));
      go('/admin/reviews');
      await onDecided();
    },
  });
  return (
    <Card title={t('review.decision')}>
      <TextArea label={t('review.notes')} hint={t('review.notesHint')} value={notes} onValue={setNotes} />
      <ErrorNote error={decide.error} />
      <div className="actions">
        <Button
          look="primary"
          icon={Check}
          busy={decide.isPending && decide.variables === 'approve'}
          onClick={() => decide.mutate('approve')}
        >
          {t('review.approve')}
        </Button>
        <Button
          look="danger"
          icon={X}
          disabled={notes.trim() === ''}
          busy={decide.isPending && decide.variables === 'reject'}
          onClick={() => decide.mutate('reject')}
        >
          {t('review.reject')}
        </Button>
      </div>
    </Card>
  );
}
