import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../texts/texts';
import { Badge, type Tone } from '../ui/parts';

export const PERMISSIONS = [
  'tasks:read',
  'tasks:write',
  'notes:read',
  'notes:write',
  'projects:read',
  'projects:write',
  'checkpoints:read',
  'checkpoints:write',
  'calendar:read',
  'calendar:write',
  'notifications:send',
  'agents:call',
  'network:fetch',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Those that write or leave the device stand out. */
export function Permissions({ permissions }: { readonly permissions: readonly Permission[] }): ReactNode {
  if (permissions.length === 0) return <p className="muted">{t('plugins.noPermissions')}</p>;
  return (
    <ul className="actions">
      {permissions.map((permission) => (
        <li key={permission}>
          <Badge tone={toneOf(permission)}>
            <Lock size={11} aria-hidden /> {permission}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function toneOf(permission: Permission): Tone {
  if (permission === 'network:fetch') return 'bad';
  return permission.endsWith(':read') ? 'plain' : 'warn';
}
