import type { FindingDto } from '@adiuva/client';
import type { ReactNode } from 'react';
import { Badge } from '../ui/parts';

/** What a check found, of a package or of the files of a code project. */
export function Findings({ findings }: { readonly findings: readonly FindingDto[] }): ReactNode {
  if (findings.length === 0) return null;
  return (
    <ul className="rows">
      {findings.map(({ rule, file, line, message, severity }) => (
        <li key={`${rule} ${file} ${line}`} className="row">
          <span className="row-main">
            {message}
            {file !== null && (
              <small className="mono">
                {file}
                {line !== null && `:${line}`}
              </small>
            )}
          </span>
          <Badge tone={severity === 'error' ? 'bad' : 'warn'}>{rule}</Badge>
        </li>
      ))}
    </ul>
  );
}
