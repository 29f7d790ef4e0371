import type { PluginQuery } from '@adiuva/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Package } from 'lucide-react';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { useUser } from '../session/context';
import { money } from '../texts/format';
import { t, type TextKey } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Empty, Loaded, Page } from '../ui/parts';
import { SubNav } from '../ui/sub-nav';
import { Earnings } from './earnings';
import { OwnPlugins } from './own-plugins';

const PARTS: readonly (readonly [path: string, title: TextKey])[] = [
  ['/plugins', 'plugins.browse'],
  ['/plugins/mine', 'plugins.mine'],
  ['/plugins/earnings', 'plugins.earnings'],
];
const PAGE = 24;

export function Plugins(): ReactNode {
  return (
    <Page title={t('nav.plugins')} lead={t('plugins.lead')}>
      <SubNav links={PARTS} />
      <Switch>
        <Route path="/plugins/mine" component={OwnPlugins} />
        <Route path="/plugins/earnings" component={Earnings} />
        <Route component={Catalogue} />
      </Switch>
    </Page>
  );
}

function Catalogue(): ReactNode {
  const { client } = useUser();
  const [words, setWords] = useState('');
  const [sort, setSort] = useState<NonNullable<PluginQuery['sort']>>('rating');
  const [page, setPage] = useState(1);
  const q = useDeferredValue(words.trim());
  const found = useQuery({
    queryKey: ['plugins', { q, sort, page }],
    placeholderData: keepPreviousData,
    queryFn: () => client.plugins.search({ sort, page, limit: PAGE, ...(q === '' ? {} : { q }) }),
  });
  return (
    <>
      <div className="inline-form">
        <input
          type="search"
          aria-label={t('plugins.searchLabel')}
          placeholder={t('search')}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setPage(1);
          }}
        />
        <select
          aria-label={t('plugins.sort')}
          value={sort}
          onChange={(event) =>
            setSort((['rating', 'installs', 'newest'] as const).find((known) => known === event.target.value) ?? sort)
          }
        >
          {(['rating', 'installs', 'newest'] as const).map((value) => (
            <option key={value} value={value}>
              {t(`plugins.sort.${value}`)}
            </option>
          ))}
        </select>
      </div>
      <Loaded query={found}>
        {({ plugins, total }) =>
          plugins.length === 0 ? (
            <Empty
              icon={Package}
              title={t(q === '' ? 'plugins.empty' : 'notes.noHits')}
              text={t(q === '' ? 'plugins.emptyText' : 'plugins.noHitsText')}
            />
          ) : (
            <>
              <ul className="grid">
                {plugins.map(({ id, name, description, author, category, price_cents: price }) => (
                  <li key={id} className="card">
                    <div>
                      <h2>
                        <Link href={`/plugins/${id}`}>{name}</Link>
                      </h2>
                      <p className="hint">{author}</p>
                    </div>
                    <p className="clamp">{description}</p>
                    <div className="row">
                      <Badge>{category}</Badge>
                      <span className="muted">{price === 0 ? t('plugins.free') : money(price)}</span>
                    </div>
                  </li>
                ))}
              </ul>
              {total > PAGE && (
                <div className="actions">
                  <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
                    {t('back')}
                  </Button>
                  <Button disabled={page * PAGE >= total} onClick={() => setPage(page + 1)}>
                    {t('more')}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}
