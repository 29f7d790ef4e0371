import { Compass } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../texts/texts';
import { Empty, Page } from '../ui/parts';

export function NotFound(): ReactNode {
  return (
    <Page title={t('notFound.title')}>
      <Empty icon={Compass} title={t('notFound.title')} text={t('notFound.text')} />
    </Page>
  );
}
