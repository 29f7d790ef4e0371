import type { FileDto } from '@adiuva/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, History, Save, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { bytes } from '../texts/format';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ErrorNote, Loaded } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { useDraft } from '../ui/use-draft';

/** The server keeps so many versions of a file. */
const KEPT_VERSIONS = 20;

export function FileEditor({
  projectId,
  path,
  onClose,
}: {
  readonly projectId: string;
  readonly path: string;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useUser();
  const [version, setVersion] = useState<number>();
  const file = useQuery({
    queryKey: ['projects', projectId, 'file', path, version],
    queryFn: () => client.projects.readFile(projectId, path, version),
  });
  return (
    <Loaded query={file}>
      {(found) => (
        <Editor
          key={version ?? 'current'}
          projectId={projectId}
          file={found}
          isOld={version !== undefined}
          onVersion={setVersion}
          onClose={onClose}
        />
      )}
    </Loaded>
  );
}

function Editor({
  projectId,
  file,
  isOld,
  onVersion,
  onClose,
}: {
  readonly projectId: string;
  readonly file: FileDto;
  readonly isOld: boolean;
  readonly onVersion: (version: number | undefined) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [content, setContent] = useDraft(file.content);
  /** The version that the text is made from: an agent may write another one meanwhile. */
  const [base, setBase] = useState(file.version);
  if (content === file.content && file.version > base) setBase(file.version);
  const lines = useRef<HTMLPreElement>(null);
  const current = ['projects', projectId, 'file', file.path, undefined];
  const refresh = (): Promise<void> => cache.invalidateQueries({ queryKey: ['projects', projectId] });
  const save = useMutation({
    // An old version replaces whatever is current; an edit only what it was made from.
    mutationFn: (text: string) =>
      client.projects.writeFile(projectId, { path: file.path, content: text }, isOld ? undefined : base),
    onSuccess: async ({ version }, text) => {
      await cache.cancelQueries({ queryKey: current });
      cache.setQueryData<FileDto>(current, (now) => now && { ...now, content: text, version });
      setBase(version);
      onVersion(undefined);
      toast(t('saved'));
      void refresh();
    },
  });
  /** The keys were pressed while the text before was being saved. */
  const again = useRef(false);
  useEffect(() => {
    if (save.isPending || !again.current) return;
    again.current = false;
    save.mutate(content);
  });
  const remove = async (): Promise<void> => {
    try {
      await client.projects.deleteFile(projectId, file.path);
      onClose();
      await refresh();
      const restore = (): Promise<unknown> =>
        client.projects.writeFile(projectId, { path: file.path, content: file.content }).then(refresh);
      toast(t('deleted'), restore);
    } catch (error) {
      toastError(error);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') {
      event.preventDefault();
      if (save.isPending) again.current = true;
      else save.mutate(content);
    }
  };
  const isChanged = content !== file.content || isOld;
  const count = content.split('\n').length;
  return (
    <section className="editor" aria-label={file.path}>
      <header className="card-head">
        <div>
          <h2 className="mono">{file.path}</h2>
          <p className="hint">
            {file.language} · {bytes(file.size_bytes)} · {t('projects.version', { version: file.version })}
          </p>
        </div>
        <div className="actions">
          <Button look="quiet" icon={ArrowLeft} onClick={onClose}>
            {t('close')}
          </Button>
          <Versions file={file} isOld={isOld} onVersion={onVersion} />
          <Button look="quiet" icon={Trash2} label={t('delete')} onClick={() => void remove()} />
          <Button
            look="primary"
            icon={isOld ? History : Save}
            disabled={!isChanged}
            busy={save.isPending}
            onClick={() => save.mutate(content)}
          >
            {t(isOld ? 'projects.restore' : 'save')}
          </Button>
        </div>
      </header>
      <ErrorNote error={save.error} />
      <div className="editor-body">
        <pre ref={lines} aria-hidden className="editor-lines">
          {Array.from({ length: count }, (_, index) => index + 1).join('\n')}
        </pre>
        <textarea
          aria-label={file.path}
          className="mono"
          wrap="off"
          spellCheck={false}
          rows={Math.min(Math.max(count + 1, 14), 32)}
          value={content}
          readOnly={isOld}
          onKeyDown={onKey}
          onChange={(event) => setContent(event.target.value)}
          onScroll={(event) => {
            if (lines.current) lines.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
    </section>
  );
}

function Versions({
  file,
  isOld,
  onVersion,
}: {
  readonly file: FileDto;
  readonly isOld: boolean;
  readonly onVersion: (version: number | undefined) => void;
}): ReactNode {
  const newest = file.version;
  if (newest < 2 && !isOld) return null;
  const first = Math.max(1, newest - KEPT_VERSIONS + 1);
  const older = Array.from({ length: newest - first }, (_, index) => newest - 1 - index);
  return (
    <select
      aria-label={t('projects.versions')}
      value={isOld ? String(file.version) : ''}
      onChange={(event) => onVersion(event.target.value === '' ? undefined : Number(event.target.value))}
    >
      <option value="">{t('projects.current')}</option>
      {(isOld ? [file.version] : older).map((version) => (
        <option key={version} value={version}>
          {t('projects.version', { version })}
        </option>
      ))}
    </select>
  );
}
