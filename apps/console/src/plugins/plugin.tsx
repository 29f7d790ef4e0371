import { ApiProblem, type PluginDetailsDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, ShieldCheck, Star } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { useUser } from '../session/context';
import { bytes, dateTime, money, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { Card, ErrorNote, Page, Skeleton } from '../ui/parts';
import { saveFile } from '../ui/save-file';
import { toast, toastError } from '../ui/toasts';
import { Permissions } from './permissions';

export function Plugin(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const { client } = useUser();
  const plugin = useQuery({ queryKey: ['plugins', id], queryFn: () => client.plugins.get(id) });
  if (!plugin.data)
    return <Page title={t('nav.plugins')}>{plugin.error ? <ErrorNote error={plugin.error} /> : <Skeleton />}</Page>;
  return <PluginView plugin={plugin.data} />;
}

function PluginView({ plugin }: { readonly plugin: PluginDetailsDto }): ReactNode {
  const { ratings, versions } = plugin;
  return (
    <Page
      title={plugin.name}
      lead={`${plugin.author} · ${plugin.category} · ${plugin.version}`}
      actions={<InstallActions plugin={plugin} />}
    >
      <Link href="/plugins">{t('plugins.all')}</Link>
      <Card>
        <p>{plugin.description}</p>
        <dl className="facts">
          <dt>{t('plugins.price')}</dt>
          <dd>{plugin.price_cents === 0 ? t('plugins.free') : money(plugin.price_cents)}</dd>
          <dt>{t('plugins.rating')}</dt>
          <dd>
            {ratings.count === 0
              ? t('plugins.unrated')
              : t('plugins.rated', { average: number(ratings.average), count: ratings.count })}
          </dd>
          <dt>{t('plugins.installs')}</dt>
          <dd>{number(plugin.install_count)}</dd>
        </dl>
      </Card>
      <Card title={t('plugins.permissions')} lead={t('plugins.permissionsLead')}>
        <Permissions permissions={plugin.permissions} />
      </Card>
      {plugin.installed && <Rate id={plugin.id} />}
      <Card title={t('projects.versions')}>
        <ul className="rows">
          {versions.map(({ version, size_bytes: size, published_at: at, checksum }) => (
            <li key={version} className="row">
              <span className="row-main">
                <strong>{version}</strong>
                <small>
                  {dateTime(at)} · {bytes(size)}
                </small>
              </span>
              <code title={checksum}>{checksum.slice(0, 12)}…</code>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}

function InstallActions({ plugin }: { readonly plugin: PluginDetailsDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['plugins'] });
  const install = useMutation({
    mutationFn: () => client.plugins.install(plugin.id),
    onSuccess: ({ version }) => {
      toast(t('plugins.verified', { version }), () => uninstall());
      return refresh();
    },
    onError: (error) => {
      const page = error instanceof ApiProblem ? error.document['checkout_url'] : undefined;
      if (typeof page === 'string') location.assign(page);
      else toastError(error);
    },
  });
  const uninstall = (): void => void client.plugins.uninstall(plugin.id).then(refresh, toastError);
  const save = useMutation({
    mutationFn: async () => {
      const { version, bytes: content } = await client.plugins.install(plugin.id);
      saveFile(`${plugin.name}-${version}.zip`, [content], 'application/zip');
    },
    onError: toastError,
  });
  if (!plugin.installed)
    return (
      <Button look="primary" icon={ShieldCheck} busy={install.isPending} onClick={() => install.mutate()}>
        {plugin.price_cents === 0 ? t('plugins.install') : t('plugins.buy', { price: money(plugin.price_cents) })}
      </Button>
    );
  return (
    <>
      <Button icon={Download} busy={save.isPending} onClick={() => save.mutate()}>
        {t('plugins.package')}
      </Button>
      <Button onClick={uninstall}>{t('plugins.uninstall')}</Button>
    </>
  );
}

function Rate({ id }: { readonly id: string }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [stars, setStars] = useState(0);
  const [text, setText] = useState('');
  const rate = useMutation({
    mutationFn: () => client.plugins.rate(id, stars, text.trim() === '' ? undefined : text),
    onSuccess: () => {
      toast(t('saved'));
      return cache.invalidateQueries({ queryKey: ['plugins', id] });
    },
  });
  return (
    <Card title={t('plugins.rate')}>
      <Form submit={t('plugins.rate')} work={rate} canSubmit={stars > 0}>
        <div className="actions" role="radiogroup" aria-label={t('plugins.rating')}>
          {[1, 2, 3, 4, 5].map((value) => (
            <Button
              key={value}
              look="quiet"
              role="radio"
              aria-checked={value === stars}
              icon={Star}
              label={t('plugins.stars', { count: value })}
              className={`button quiet square star${value <= stars ? ' lit' : ''}`}
              onClick={() => setStars(value)}
            />
          ))}
        </div>
        <TextArea label={t('plugins.words')} rows={2} value={text} onValue={setText} />
      </Form>
    </Card>
  );
}
