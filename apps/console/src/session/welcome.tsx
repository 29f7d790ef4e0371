import { Copy, Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Check } from '../ui/fields';
import { ErrorNote } from '../ui/parts';
import { toast } from '../ui/toasts';
import { saveFile } from '../ui/save-file';
import { useConsoleSession, useUser } from './context';
import { Gate } from './gate';
import { registerThisBrowser } from './this-browser';

/** After a sign-up: the recovery words, once. */
export function Welcome({ words }: { readonly words: string }): ReactNode {
  const session = useConsoleSession();
  const user = useUser();
  const [, go] = useLocation();
  const [areKept, setKept] = useState(false);
  const [isDevice, setDevice] = useState(true);
  const finish = useMutation({
    mutationFn: async () => {
      if (isDevice) await registerThisBrowser(user);
    },
    onSuccess: () => {
      session.wordsAreKept();
      go('/');
    },
  });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(words);
    toast(t('copied'));
  };
  return (
    <Gate title={t('welcome.title')} lead={t('welcome.lead')}>
      <ol className="words" translate="no">
        {words.split(' ').map((word, index) => (
          <li key={index}>{word}</li>
        ))}
      </ol>
      <div className="stack">
        <div className="actions">
          <Button icon={Copy} onClick={() => void copy()}>
            {t('copy')}
          </Button>
          <Button icon={Download} onClick={() => saveFile('adiuva-recovery-words.txt', [`${words}\n`])}>
            {t('welcome.download')}
          </Button>
        </div>
        <Check label={t('welcome.confirm')} checked={areKept} onChecked={setKept} />
        <Check label={t('welcome.device')} hint={t('welcome.deviceHint')} checked={isDevice} onChecked={setDevice} />
        <ErrorNote error={finish.error} />
        <Button look="primary" disabled={!areKept} busy={finish.isPending} onClick={() => finish.mutate()}>
          {t('welcome.start')}
        </Button>
      </div>
    </Gate>
  );
}
