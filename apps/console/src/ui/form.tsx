import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { ErrorNote } from './parts';

/** What is used of a mutation. */
export interface Work {
  readonly mutate: () => void;
  readonly isPending: boolean;
  readonly error: unknown;
}

/** Fields in a screen that are sent together, with the error and the button; `FormDialog` is the same in a dialog. */
export function Form({
  submit,
  work,
  look = 'plain',
  icon,
  canSubmit = true,
  children,
}: {
  readonly submit: string;
  readonly work: Work;
  readonly look?: 'primary' | 'plain' | 'danger';
  readonly icon?: LucideIcon;
  readonly canSubmit?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        work.mutate();
      }}
    >
      {children}
      <ErrorNote error={work.error} />
      <div className="actions">
        <Button type="submit" look={look} busy={work.isPending} disabled={!canSubmit} {...(icon ? { icon } : {})}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
