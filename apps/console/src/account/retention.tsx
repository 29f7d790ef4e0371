import type { RetentionDto } from '@adiuva/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Card, ErrorNote, Loaded } from '../ui/parts';
import { toast } from '../ui/toasts';

const RULES = ['keep_last', 'keep_daily', 'keep_weekly', 'keep_monthly'] as const;

/** Which backups are kept on their own, with what the rules would do now. */
export function Retention(): ReactNode {
  const { client } = useUser();
  const rules = useQuery({ queryKey: ['retention'], queryFn: () => client.backups.retention() });
  return (
    <Card title={t('retention.title')} lead={t('retention.lead')}>
      <Loaded query={rules}>{(found) => <RetentionForm found={found} />}</Loaded>
    </Card>
  );
}

function RetentionForm({ found }: { readonly found: RetentionDto }): ReactNode {
  const { client } = useUser();
  const [rules, setRules] = useState(found);
  const previewed = useDeferredValue(rules);
  const preview = useQuery({
    queryKey: ['retention', previewed],
    queryFn: () => client.backups.previewRetention(previewed),
  });
  const save = useMutation({ mutationFn: () => client.backups.keep(rules), onSuccess: () => toast(t('saved')) });
  const change = (rule: (typeof RULES)[number], text: string): void => {
    // Zero is no rule.
    setRules({ ...rules, [rule]: Number(text) });
  };
  return (
    <Form submit={t('save')} work={save}>
      <div className="columns short">
        {RULES.map((rule) => (
          <TextField
            key={rule}
            label={t(`retention.${rule}`)}
            type="number"
            min={1}
            value={rules[rule] ? String(rules[rule]) : ''}
            onValue={(text) => change(rule, text)}
          />
        ))}
      </div>
      {preview.data && (
        <p className="hint" role="status">
          {t('retention.preview', { keep: preview.data.keep.length, drop: preview.data.drop.length })}
        </p>
      )}
      <ErrorNote error={preview.error} />
    </Form>
  );
}
