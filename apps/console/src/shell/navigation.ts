import {
  Bell,
  Bot,
  CreditCard,
  FileCode,
  MessageCircle,
  NotebookPen,
  Package,
  Play,
  ShieldCheck,
  Target,
  UserRound,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
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
      { to: '/projects', text: 'nav.projects', icon: FileCode },
    ],
  },
  {
    title: 'nav.group.automation',
    links: [
      { to: '/goals', text: 'nav.goals', icon: Target },
      { to: '/runs', text: 'nav.runs', icon: Play },
      { to: '/workflows', text: 'nav.graphs', icon: Waypoints },
      { to: '/agents', text: 'nav.agents', icon: Bot },
      { to: '/plugins', text: 'nav.plugins', icon: Package },
    ],
  },
  {
    title: 'nav.group.you',
    links: [
      { to: '/notifications', text: 'nav.inbox', icon: Bell },
      { to: '/account', text: 'nav.account', icon: UserRound },
      { to: '/plan', text: 'nav.plan', icon: CreditCard },
    ],
  },
];

const ADMIN: NavLink = { to: '/admin', text: 'nav.admin', icon: ShieldCheck };

export function groupsFor(role: 'user' | 'admin'): readonly NavGroup[] {
  if (role !== 'admin') return GROUPS;
  return GROUPS.map((group) =>
    group.title === 'nav.group.you' ? { ...group, links: [...group.links, ADMIN] } : group,
  );
}
