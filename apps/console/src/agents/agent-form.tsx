import type { CustomAgentDto, ToolDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Check, Choice, TextArea, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { toast } from '../ui/toasts';

const ROLES = ['agent', 'synthesis', 'planner'] as const;
const NAME = '[a-z][a-z0-9_]{2,62}';

/** A new agent, or the changes of one. */
export function AgentForm({
  agent,
  onClose,
}: {
  readonly agent: CustomAgentDto | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const tools = useQuery({ queryKey: ['tools'], queryFn: () => client.agents.tools(), staleTime: 60_000 });
  const [name, setName] = useState(agent?.name ?? '');
  const [description, setDescription] = useState(agent?.description ?? '');
  const [instructions, setInstructions] = useState(agent?.instructions ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(agent?.tools ?? []);
  const [role, setRole] = useState(agent?.model_role ?? 'agent');
  const [memory, setMemory] = useState(agent?.memory ?? false);
  const [enabled, setEnabled] = useState(agent?.enabled ?? true);
  const save = useMutation({
    mutationFn: () => {
      const body = { name, description, instructions, tools: [...chosen], model_role: role, memory, enabled };
      return agent ? client.agents.change(agent.id, body, agent.version) : client.agents.create(body);
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['agents'] });
      toast(t('saved'));
      onClose();
    },
  });
  return (
    <FormDialog title={agent ? agent.name : t('agents.new')} submit={t('save')} work={save} onClose={onClose}>
      <TextField
        label={t('agents.name')}
        hint={t('agents.nameHint')}
        required
        pattern={NAME}
        maxLength={63}
        value={name}
        onValue={setName}
      />
      <TextField
        label={t('projects.description')}
        required
        maxLength={500}
        value={description}
        onValue={setDescription}
      />
      <TextArea
        label={t('goals.instructions')}
        hint={t('agents.instructionsHint')}
        required
        rows={6}
        maxLength={16_000}
        value={instructions}
        onValue={setInstructions}
      />
      <Tools tools={tools.data ?? []} chosen={chosen} onChosen={setChosen} />
      <Choice
        label={t('agents.role')}
        value={role}
        options={ROLES.map((value) => [value, t(`agents.role.${value}`)] as const)}
        onValue={setRole}
      />
      <Check label={t('agents.memory')} hint={t('agents.memoryHint')} checked={memory} onChecked={setMemory} />
      <Check label={t('agents.enabled')} checked={enabled} onChecked={setEnabled} />
    </FormDialog>
  );
}

/** `remember` comes with the memory, and is no choice of its own. */
function Tools({
  tools,
  chosen,
  onChosen,
}: {
  readonly tools: readonly ToolDto[];
  readonly chosen: readonly string[];
  readonly onChosen: (names: readonly string[]) => void;
}): ReactNode {
  return (
    <fieldset>
      <legend>{t('agents.tools')}</legend>
      <p className="hint">{t('agents.toolsHint')}</p>
      <div className="columns">
        {tools
          .filter(({ name }) => name !== 'remember')
          .map(({ name, kind }) => (
            <Check
              key={name}
              label={name}
              hint={t(`agents.tool.${kind}`)}
              checked={chosen.includes(name)}
              onChecked={(isChosen) =>
                onChosen(isChosen ? [...chosen, name] : chosen.filter((other) => other !== name))
              }
            />
          ))}
      </div>
    </fieldset>
  );
}
