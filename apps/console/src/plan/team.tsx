import type { TeamDto, TeamMemberDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus, Users } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button, LinkButton } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Choice, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Badge, Card, Empty, ErrorNote, Loaded, Meter } from '../ui/parts';
import { nullIfMissing } from '../ui/problem';
import { toast, toastError } from '../ui/toasts';

export function Team(): ReactNode {
  const { client } = useUser();
  const team = useQuery({
    queryKey: ['team'],
    // Undefined is no data for a query.
    queryFn: () => client.teams.mine().catch(nullIfMissing),
  });
  return <Loaded query={team}>{(found) => (found ? <TeamView team={found} /> : <NoTeam />)}</Loaded>;
}

function NoTeam(): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => client.teams.create(name),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team'] }),
  });
  if (profile.tier !== 'team')
    return (
      <Empty icon={Users} title={t('team.none')} text={t('team.noneText')}>
        <LinkButton to="/plan">{t('sync.plans')}</LinkButton>
      </Empty>
    );
  return (
    <>
      <Empty icon={Users} title={t('team.none')} text={t('team.noneText')} />
      <Card title={t('team.create')}>
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <input
            aria-label={t('name')}
            placeholder={t('name')}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" look="primary" busy={create.isPending}>
            {t('create')}
          </Button>
        </form>
        <ErrorNote error={create.error} />
      </Card>
    </>
  );
}

function TeamView({ team }: { readonly team: TeamDto }): ReactNode {
  const { client, profile } = useUser();
  const cache = useQueryClient();
  const canManage = team.role !== 'member';
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['team'] });
  const members = useQuery({ queryKey: ['team', 'members'], queryFn: () => client.teams.members(team.id) });
  return (
    <>
      <Card
        title={team.name}
        actions={
          team.role === 'owner' ? (
            <ConfirmButton
              label={t('team.delete')}
              question={t('team.deleteQuestion')}
              onConfirm={() => client.teams.delete(team.id).then(refresh)}
            />
          ) : (
            <ConfirmButton
              label={t('team.leave')}
              question={t('team.leaveQuestion')}
              onConfirm={() => client.teams.removeMember(team.id, profile.id).then(refresh)}
            />
          )
        }
      >
        <Meter
          label={t('plan.seats')}
          used={team.members}
          limit={team.seats}
          text={t('usage.of', { used: team.members, limit: team.seats })}
        />
        <Loaded query={members}>
          {(found) => (
            <ul className="rows">
              {found.map((member) => (
                <Member key={member.user_id} member={member} team={team} canManage={canManage} onChanged={refresh} />
              ))}
            </ul>
          )}
        </Loaded>
      </Card>
      {canManage && <Invites team={team} />}
    </>
  );
}

function Member({
  member,
  team,
  canManage,
  onChanged,
}: {
  readonly member: TeamMemberDto;
  readonly team: TeamDto;
  readonly canManage: boolean;
  readonly onChanged: () => Promise<void>;
}): ReactNode {
  const { client } = useUser();
  const isOwner = member.user_id === team.owner_id;
  const changeRole = (role: TeamMemberDto['role']): void =>
    void client.teams.changeRole(team.id, member.user_id, role).then(onChanged, toastError);
  return (
    <li className="row">
      <span className="row-main">
        <strong>{member.name ?? member.email}</strong>
        <small>{member.email}</small>
      </span>
      {!member.active && <Badge tone="warn">{t('team.inactive')}</Badge>}
      {isOwner ? (
        <Badge tone="good">{t('team.role.owner')}</Badge>
      ) : canManage ? (
        <>
          <select
            aria-label={t('team.role')}
            value={member.role}
            onChange={(event) => changeRole(event.target.value === 'admin' ? 'admin' : 'member')}
          >
            <option value="member">{t('team.role.member')}</option>
            <option value="admin">{t('team.role.admin')}</option>
          </select>
          <ConfirmButton
            label={t('team.remove')}
            question={t('team.removeQuestion')}
            onConfirm={() => client.teams.removeMember(team.id, member.user_id).then(onChanged)}
          />
        </>
      ) : (
        <Badge>{t(`team.role.${member.role}`)}</Badge>
      )}
    </li>
  );
}

function Invites({ team }: { readonly team: TeamDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<TeamMemberDto['role']>('member');
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['team', 'invites'] });
  const invites = useQuery({ queryKey: ['team', 'invites'], queryFn: () => client.teams.invites(team.id) });
  const invite = useMutation({
    mutationFn: () => client.teams.invite(team.id, email, role),
    onSuccess: () => {
      setEmail('');
      toast(t('security.mailSent'));
      return refresh();
    },
  });
  return (
    <Card title={t('team.invites')} lead={t('team.invitesLead')}>
      <Form submit={t('team.invite')} work={invite} icon={UserPlus}>
        <div className="columns">
          <TextField label={t('auth.email')} type="email" required value={email} onValue={setEmail} />
          <Choice
            label={t('team.role')}
            value={role}
            options={(['member', 'admin'] as const).map((value) => [value, t(`team.role.${value}`)] as const)}
            onValue={setRole}
          />
        </div>
      </Form>
      <Loaded query={invites}>
        {(found) => (
          <ul className="rows">
            {found.map(({ id, email: invited, expires_at: expiresAt }) => (
              <li key={id} className="row">
                <span className="row-main">
                  <strong>{invited}</strong>
                  <small>{t('team.expires', { when: dateTime(expiresAt) })}</small>
                </span>
                <Button onClick={() => void client.teams.withdrawInvite(team.id, id).then(refresh, toastError)}>
                  {t('team.withdraw')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}
