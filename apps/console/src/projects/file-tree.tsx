import type { FileEntryDto } from '@adiuva/client';
import { File, FolderOpen } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { treeOf, type TreeFolder } from './tree';

export function FileTree({
  files,
  open,
  onOpen,
}: {
  readonly files: readonly FileEntryDto[];
  readonly open: string | undefined;
  readonly onOpen: (path: string) => void;
}): ReactNode {
  const tree = useMemo(() => treeOf(files), [files]);
  if (files.length === 0) return <p className="hint">{t('projects.noFiles')}</p>;
  return (
    <nav aria-label={t('projects.files')} className="tree">
      <Folder folder={tree} open={open} onOpen={onOpen} />
    </nav>
  );
}

function Folder({
  folder,
  open,
  onOpen,
}: {
  readonly folder: TreeFolder<FileEntryDto>;
  readonly open: string | undefined;
  readonly onOpen: (path: string) => void;
}): ReactNode {
  return (
    <ul>
      {folder.folders.map((inner) => (
        <li key={inner.path}>
          <details open>
            <summary>
              <FolderOpen size={15} aria-hidden />
              {inner.name}
            </summary>
            <Folder folder={inner} open={open} onOpen={onOpen} />
          </details>
        </li>
      ))}
      {folder.files.map(({ name, file }) => (
        <li key={file.path}>
          <button
            type="button"
            aria-current={file.path === open ? 'true' : undefined}
            onClick={() => onOpen(file.path)}
          >
            <File size={15} aria-hidden />
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
