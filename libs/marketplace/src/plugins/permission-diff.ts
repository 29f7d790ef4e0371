import type { Permission } from './manifest';

export interface PermissionDiff {
  readonly added: readonly Permission[];
  readonly removed: readonly Permission[];
}

/** What a version asks for that the last one did not, and the other way round. */
export function permissionDiff(last: readonly Permission[], next: readonly Permission[]): PermissionDiff {
  return {
    added: next.filter((permission) => !last.includes(permission)),
    removed: last.filter((permission) => !next.includes(permission)),
  };
}
