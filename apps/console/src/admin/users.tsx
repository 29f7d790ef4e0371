import type { ManagedUserDto } from '@adiuva/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { namesOf } from '../names-of';
import { useUser } from '../session/context';
import { ago, dateTime, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Badge, Card, Loaded, Pages } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';

const TIERS = namesOf<ManagedUserDto['tier']>({ free: true, pro: true, power: true, team: true });
const PAGE = 50;

/** Accounts, newest first. */
export function Users(): ReactNode {
  const { client } = useUser();
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState('');
  const [page, setPage] = useState(1);
  const users = useQuery({
    queryKey: ['admin', 'users', { asked, page }],
    placeholderData: keepPreviousData,
    queryFn: () => client.admin.users({ page, limit: PAGE, ...(asked === '' ? {} : { q: asked }) }),
  });
  return (
    <Card title={t('admin.users')} lead={t('admin.usersLead')}>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(words.trim());
          setPage(1);
        }}
      >
        <input
          type="search"
          aria-label={t('admin.findUser')}
          placeholder={t('admin.findUser')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button type="submit">{t('search')}</Button>
      </form>
      <Loaded query={users}>
        {({ users: found, total }) => (
          <>
            <p className="hint">{t('admin.userCount', { count: number(total) })}</p>
            <ul className="rows">
              {found.map((user) => (
                <UserRow key={user.id} user={user} />
              ))}
            </ul>
            <Pages
              newer={page > 1 && (() => setPage(page - 1))}
              older={page * PAGE < total && (() => setPage(page + 1))}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function UserRow({ user }: { readonly user: ManagedUserDto }): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['admin', 'users'] });
  const setTier = useMutation({
    mutationFn: (tier: ManagedUserDto['tier']) => client.admin.changeUser(user.id, { tier }),
    onSuccess: async () => {
      toast(t('saved'), () => setTier.mutate(user.tier));
      await refresh();
    },
    onError: toastError,
  });
  const setDisabled = async (disabled: boolean): Promise<void> => {
    await client.admin.changeUser(user.id, { disabled });
    await refresh();
  };
  return (
    <li className="row">
      <span className="row-main">
        <strong>{user.email}</strong>
        <small>
          {dateTime(user.created_at)}
          {user.last_used_at !== null && ` · ${t('sessions.used', { when: ago(user.last_used_at) })}`}
        </small>
      </span>
      {user.role === 'admin' && <Badge tone="busy">{t('nav.admin')}</Badge>}
      {user.disabled && <Badge tone="bad">{t('admin.disabled')}</Badge>}
      <select
        aria-label={t('admin.tierOf', { email: user.email })}
        value={user.tier}
        onChange={(event) => {
          const tier = TIERS.find((known) => known === event.target.value);
          if (tier) setTier.mutate(tier);
        }}
      >
        {TIERS.map((tier) => (
          <option key={tier} value={tier}>
            {t(`plan.tier.${tier}`)}
          </option>
        ))}
      </select>
      {user.id !== profile.id &&
        (user.disabled ? (
          <Button onClick={() => void setDisabled(false).catch(toastError)}>{t('admin.enable')}</Button>
        ) : (
          <ConfirmButton
            label={t('admin.disable')}
            question={t('admin.disableQuestion', { email: user.email })}
            onConfirm={() => setDisabled(true)}
          />
        ))}
    </li>
  );
}
