import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProjectDto } from '@adiuva/client';
import { Download, FileCode, FilePlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useLocation, useParams } from 'wouter';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/confirm';
import { Empty, ErrorNote, Loaded, Page, Skeleton } from '../ui/parts';
import { saveFile } from '../ui/save-file';
import { toastError } from '../ui/toasts';
import { FileEditor } from './file-editor';
import { FileTree } from './file-tree';
import { Jobs } from './jobs';

export function Project(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  const { client } = useUser();
  const project = useQuery({ queryKey: ['projects', id], queryFn: () => client.projects.get(id) });
  if (project.data) return <ProjectView project={project.data} />;
  return <Page title={t('nav.projects')}>{project.error ? <ErrorNote error={project.error} /> : <Skeleton />}</Page>;
}

function ProjectView({ project }: { readonly project: ProjectDto }): ReactNode {
  const { client } = useUser();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const [path, setPath] = useState<string>();
  const files = useQuery({
    queryKey: ['projects', project.id, 'files'],
    queryFn: async () => (await client.projects.files(project.id)).files,
  });
  const download = async (): Promise<void> => {
    try {
      const archive = await client.projects.archive(project.id);
      saveFile(`${project.title}.zip`, [await archive.blob()], 'application/zip');
    } catch (error) {
      toastError(error);
    }
  };
  const addFile = (
    <NewFile
      onPath={async (name) => {
        await client.projects.writeFile(project.id, { path: name, content: '' }, 0);
        await cache.invalidateQueries({ queryKey: ['projects', project.id, 'files'] });
        setPath(name);
      }}
    />
  );
  return (
    <Page
      look="wide"
      title={project.title}
      lead={[project.description, project.tech_stack.join(', ')].filter(Boolean).join(' · ')}
      actions={
        <>
          <Button icon={Download} onClick={() => void download()}>
            {t('projects.archive')}
          </Button>
          <ConfirmButton
            label={t('delete')}
            question={t('projects.deleteQuestion')}
            onConfirm={async () => {
              await client.projects.delete(project.id);
              await cache.invalidateQueries({ queryKey: ['projects'], refetchType: 'none' });
              go('/projects');
            }}
          />
        </>
      }
    >
      <div className={path === undefined ? 'split natural' : 'split natural has-open'}>
        <div className="split-list">
          {addFile}
          <Loaded query={files}>{(found) => <FileTree files={found} open={path} onOpen={setPath} />}</Loaded>
        </div>
        <div className="split-open">
          {path === undefined ? (
            <Empty icon={FileCode} title={t('projects.choose')} text={t('projects.chooseText')} />
          ) : (
            <FileEditor key={path} projectId={project.id} path={path} onClose={() => setPath(undefined)} />
          )}
        </div>
      </div>
      <Jobs projectId={project.id} />
    </Page>
  );
}

function NewFile({ onPath }: { readonly onPath: (path: string) => Promise<void> }): ReactNode {
  const [path, setPath] = useState('');
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        onPath(path.trim()).then(() => setPath(''), toastError);
      }}
    >
      <input
        aria-label={t('projects.newFile')}
        placeholder="src/index.ts"
        className="mono"
        required
        value={path}
        onChange={(event) => setPath(event.target.value)}
      />
      <Button type="submit" icon={FilePlus} label={t('projects.newFile')} />
    </form>
  );
}
