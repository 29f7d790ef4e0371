import { MessageCircle, NotebookPen, type LucideIcon } from 'lucide-react';
import type { TextKey } from '../texts/texts';

interface NavLink {
  readonly to: string;
  readonly text: TextKey;
  readonly icon: LucideIcon;
}

interface NavGroup {
  readonly title: TextKey;
  readonly links: readonly NavLink[];
}

const GROUPS: readonly NavGroup[] = [
  {
    title: 'nav.group.work',
    links: [
      { to: '/', text: 'nav.chat', icon: MessageCircle },
      { to: '/notes', text: 'nav.notes', icon: NotebookPen },
    ],
  },
];

export function groupsFor(): readonly NavGroup[] {
  return GROUPS;
}
