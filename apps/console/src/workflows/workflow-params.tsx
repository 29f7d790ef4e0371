import type { ReactNode } from 'react';
import { t } from '../texts/texts';
import { TextField } from '../ui/fields';
import { Card } from '../ui/parts';

type Params = Readonly<Record<string, unknown>>;

/** The parameters of the next execution; those that are no text keep their default. */
export function WorkflowParams({
  params,
  onParams,
}: {
  readonly params: Params;
  readonly onParams: (params: Record<string, unknown>) => void;
}): ReactNode {
  const names = Object.keys(params);
  if (names.length === 0) return null;
  return (
    <Card title={t('workflows.params')} lead={t('workflows.paramsLead')}>
      <div className="columns">
        {names.map((name) => {
          const value = params[name];
          const isText = typeof value === 'string';
          return (
            <TextField
              key={name}
              label={name}
              disabled={!isText}
              value={isText ? value : JSON.stringify(value)}
              onValue={(text) => onParams({ ...params, [name]: text })}
            />
          );
        })}
      </div>
    </Card>
  );
}
