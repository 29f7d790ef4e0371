import { useQuery } from '@tanstack/react-query';
import { BadgeCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { useUser } from '../session/context';
import { ago } from '../texts/format';
import { t } from '../texts/texts';
import { Badge, Card, Empty, Loaded } from '../ui/parts';
import { Review } from './review';

export function Reviews(): ReactNode {
  const { id } = useParams<{ id?: string }>();
  const { client } = useUser();
  const reviews = useQuery({ queryKey: ['admin', 'reviews'], queryFn: () => client.admin.reviews({ limit: 50 }) });
  if (id !== undefined) return <Review id={id} />;
  return (
    <Loaded query={reviews}>
      {({ reviews: found }) =>
        found.length === 0 ? (
          <Empty icon={BadgeCheck} title={t('review.empty')} text={t('review.emptyText')} />
        ) : (
          <Card>
            <ul className="rows">
              {found.map(({ id: reviewId, name, version, author, submitted_at: at, status }) => (
                <li key={reviewId}>
                  <Link href={`/admin/reviews/${reviewId}`}>
                    <span className="row-main">
                      <strong>
                        {name} {version}
                      </strong>
                      <small>
                        {author} · {ago(at)}
                      </small>
                    </span>
                    <Badge tone={status === 'in_review' ? 'busy' : 'warn'}>{t(`review.status.${status}`)}</Badge>
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
        )
      }
    </Loaded>
  );
}
