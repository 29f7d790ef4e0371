import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, CloudUpload, Download, RotateCcw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useRecords } from '../records/context';
import { useUser } from '../session/context';
import { bytes, dateTime } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Badge, Card, Empty, ErrorNote, Loaded } from '../ui/parts';
import { saveFile } from '../ui/save-file';
import { toast, toastError } from '../ui/toasts';
import { Retention } from './retention';

const FORMAT = 'console-1';

/** Encrypted copies of all records of this browser. */
export function Backups(): ReactNode {
  const { client, vault } = useUser();
  const records = useRecords();
  const cache = useQueryClient();
  const [progress, setProgress] = useState<number>();
  const history = useQuery({ queryKey: ['backups'], queryFn: () => client.backups.history() });
  const refresh = async (): Promise<void> => {
    for (const key of ['backups', 'retention', 'usage']) await cache.invalidateQueries({ queryKey: [key] });
  };
  const upload = useMutation({
    mutationFn: () => {
      const plain = new TextEncoder().encode(JSON.stringify(records.everything()));
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield plain;
      };
      return client.backups.upload(vault, source, {
        version: FORMAT,
        onProgress: ({ sentBytes, totalBytes }) => setProgress((100 * sentBytes) / Math.max(1, totalBytes)),
      });
    },
    onSuccess: refresh,
    onSettled: () => setProgress(undefined),
  });
  const download = useMutation({
    mutationFn: async (id: string) => {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of client.backups.download(vault, id)) parts.push(part);
      saveFile('adiuva-backup.json', parts, 'application/json');
    },
    onError: toastError,
  });
  const restore = (id: string): void => void client.backups.restore(id).then(refresh, toastError);
  const remove = (id: string): void =>
    void client.backups.delete(id).then(() => {
      toast(t('deleted'), () => restore(id));
      return refresh();
    }, toastError);
  const make = (
    <Button look="primary" icon={CloudUpload} busy={upload.isPending} onClick={() => upload.mutate()}>
      {t('backups.make')}
    </Button>
  );
  return (
    <>
      <Card title={t('account.backups')} lead={t('backups.lead')} actions={make}>
        {progress !== undefined && <progress aria-label={t('runs.progress')} value={progress} max={100} />}
        <ErrorNote error={upload.error} />
        <Loaded query={history}>
          {(found) =>
            found.length === 0 ? (
              <Empty icon={Archive} title={t('backups.empty')} text={t('backups.emptyText')} />
            ) : (
              <ul className="rows">
                {found.map(({ id, created_at: at, size_bytes: size, damaged, purge_at: purgeAt }) => (
                  <li key={id} className="row">
                    <span className="row-main">
                      <strong>{dateTime(at)}</strong>
                      <small>{bytes(size)}</small>
                    </span>
                    {damaged && <Badge tone="bad">{t('backups.damaged')}</Badge>}
                    {purgeAt === undefined ? (
                      <span className="actions">
                        <Button
                          icon={Download}
                          busy={download.isPending && download.variables === id}
                          onClick={() => download.mutate(id)}
                        >
                          {t('backups.download')}
                        </Button>
                        <Button look="danger" onClick={() => remove(id)}>
                          {t('delete')}
                        </Button>
                      </span>
                    ) : (
                      <>
                        <Badge tone="warn">{t('backups.purge', { when: dateTime(purgeAt) })}</Badge>
                        <Button icon={RotateCcw} onClick={() => restore(id)}>
                          {t('backups.restore')}
                        </Button>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <Retention />
    </>
  );
}
