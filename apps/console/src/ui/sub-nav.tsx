import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { t, type TextKey } from '../texts/texts';

/** The parts of a screen, each with an address. */
export function SubNav({ links }: { readonly links: readonly (readonly [path: string, title: TextKey])[] }): ReactNode {
  const [location] = useLocation();
  return (
    <nav className="subnav" aria-label={t('nav.parts')}>
      {links.map(([path, title]) => (
        <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
          {t(title)}
        </Link>
      ))}
    </nav>
  );
}
