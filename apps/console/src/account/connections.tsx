import type { PutProviderData } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { namesOf } from '../names-of';
import { useUser } from '../session/context';
import { ago, dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Choice, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { FormDialog } from '../ui/form-dialog';
import { Badge, Card, Loaded } from '../ui/parts';
import { toast } from '../ui/toasts';

type ProviderName = PutProviderData['path']['name'];
/** A provider that the server learns is missing here for the compiler. */
const PROVIDERS = namesOf<ProviderName>({
  openai: true,
  openrouter: true,
  anthropic: true,
  google: true,
  mistral: true,
  deepseek: true,
});

/** What other programs and companies have to do with the account: keys of model providers, tokens of workers. */
export function Connections(): ReactNode {
  return (
    <>
      <Providers />
      <AgentToken />
    </>
  );
}

function Providers(): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [isNew, setNew] = useState(false);
  const providers = useQuery({ queryKey: ['providers'], queryFn: () => client.providers.list() });
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['providers'] });
  return (
    <Card
      title={t('providers.title')}
      lead={t('providers.lead')}
      actions={
        <Button icon={Plus} onClick={() => setNew(true)}>
          {t('providers.add')}
        </Button>
      }
    >
      <Loaded query={providers}>
        {(found) =>
          found.length === 0 ? (
            <p className="muted">{t('providers.empty')}</p>
          ) : (
            <ul className="rows">
              {found.map(({ name, model, base_url: address, locked, updated_at: at }) => (
                <li key={name} className="row">
                  <span className="row-main">
                    <strong>{name}</strong>
                    <small>{[model, address, ago(at)].filter(Boolean).join(' · ')}</small>
                  </span>
                  {locked && <Badge tone="warn">{t('providers.locked')}</Badge>}
                  <ConfirmButton
                    label={t('delete')}
                    question={t('providers.deleteQuestion', { name })}
                    onConfirm={() => client.providers.delete(name).then(refresh)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {isNew && <ProviderForm onClose={() => setNew(false)} />}
    </Card>
  );
}

function ProviderForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [name, setName] = useState<ProviderName>('openai');
  const [key, setKey] = useState('');
  const [model, setModel] = useState('');
  const [address, setAddress] = useState('');
  const save = useMutation({
    mutationFn: () =>
      client.providers.set(name, {
        api_key: key.trim(),
        ...(model.trim() === '' ? {} : { model: model.trim() }),
        ...(address.trim() === '' ? {} : { base_url: address.trim() }),
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['providers'] });
      onClose();
    },
  });
  return (
    <FormDialog title={t('providers.add')} submit={t('save')} work={save} onClose={onClose}>
      <Choice
        label={t('providers.name')}
        value={name}
        options={PROVIDERS.map((value) => [value, value] as const)}
        onValue={setName}
      />
      <TextField
        label={t('providers.key')}
        hint={t('providers.keyHint')}
        type="password"
        autoComplete="off"
        required
        maxLength={1000}
        value={key}
        onValue={setKey}
      />
      <TextField label={t('providers.model')} hint={t('providers.modelHint')} value={model} onValue={setModel} />
      <TextField
        label={t('providers.address')}
        hint={t('providers.addressHint')}
        type="url"
        value={address}
        onValue={setAddress}
      />
    </FormDialog>
  );
}

/** For a worker outside of the server, such as `examples/agent-worker`. */
function AgentToken(): ReactNode {
  const { client } = useUser();
  const [scopes, setScopes] = useState('');
  const make = useMutation({
    mutationFn: () => client.security.agentToken(scopes.split(/[\s,]+/).filter(Boolean)),
  });
  const copy = async (token: string): Promise<void> => {
    await navigator.clipboard.writeText(token);
    toast(t('copied'));
  };
  return (
    <Card title={t('agentToken.title')} lead={t('agentToken.lead')}>
      <Form submit={t('agentToken.make')} work={make}>
        <TextField
          label={t('agentToken.scopes')}
          hint={t('agentToken.scopesHint')}
          required
          placeholder="tools:list_tasks"
          value={scopes}
          onValue={setScopes}
        />
      </Form>
      {make.data && (
        <>
          <p className="block mono" translate="no">
            {make.data.token}
          </p>
          <p className="hint">{t('agentToken.until', { when: dateTime(make.data.expires_at) })}</p>
          <div className="actions">
            <Button icon={Copy} onClick={() => void copy(make.data.token)}>
              {t('copy')}
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}
