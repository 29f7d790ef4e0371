import type { DagNodeDto } from '@adiuva/client';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Check, Choice, TextArea, TextField } from '../ui/fields';

/** One node: who does what, after which others, and what a failure means. */
export function NodeForm({
  node,
  others,
  onNode,
}: {
  readonly node: DagNodeDto;
  readonly others: readonly DagNodeDto[];
  readonly onNode: (node: DagNodeDto) => void;
}): ReactNode {
  const { client } = useUser();
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents(), staleTime: 60_000 });
  const tools = useQuery({ queryKey: ['tools'], queryFn: () => client.agents.tools(), staleTime: 60_000 });
  const [argumentText, setArgumentText] = useState(() => JSON.stringify(node.arguments ?? {}, null, 2));
  const parsed = parseObject(argumentText);
  const change = (part: Partial<DagNodeDto>): void => onNode({ ...node, ...part });
  const doer = node.tool ? `tool ${node.tool}` : `agent ${node.agent ?? ''}`;
  const dependsOn = node.depends_on ?? [];
  return (
    <div className="stack">
      <div className="columns">
        <TextField label={t('name')} value={node.name ?? node.id} onValue={(name) => change({ name })} />
        <Choice
          label={t('workflows.doer')}
          value={doer}
          options={[
            ...(agents.data ?? []).map(({ name }) => [`agent ${name}`, `${t('chat.agent')}: ${name}`] as const),
            ...(tools.data ?? []).map(({ name }) => [`tool ${name}`, `${t('workflows.tool')}: ${name}`] as const),
          ]}
          onValue={(value) => {
            const [kind, name = ''] = value.split(' ');
            change(kind === 'tool' ? { tool: name, agent: null } : { agent: name, tool: null });
          }}
        />
        <Choice
          label={t('workflows.onError')}
          value={node.on_error ?? 'fail'}
          options={(['fail', 'continue'] as const).map((value) => [value, t(`workflows.onError.${value}`)] as const)}
          onValue={(on_error) => change({ on_error })}
        />
      </div>
      {!node.tool && (
        <TextArea
          label={t('goals.instructions')}
          hint={t('workflows.templateHint')}
          value={node.instructions ?? ''}
          onValue={(instructions) => change({ instructions })}
        />
      )}
      <TextArea
        label={t('workflows.arguments')}
        className="mono"
        spellCheck={false}
        fault={parsed === undefined ? t('workflows.noObject') : undefined}
        value={argumentText}
        onValue={(text) => {
          setArgumentText(text);
          const next = parseObject(text);
          if (next) change({ arguments: next });
        }}
      />
      {others.length > 0 && (
        <fieldset>
          <legend>{t('workflows.after')}</legend>
          <div className="columns">
            {others.map(({ id, name }) => (
              <Check
                key={id}
                label={name ?? id}
                checked={dependsOn.includes(id)}
                onChecked={(isChecked) =>
                  change({
                    depends_on: isChecked ? [...dependsOn, id] : dependsOn.filter((other) => other !== id),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
