import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'wouter';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  readonly busy?: boolean;
  /** Of a button that shows its icon alone. */
  readonly label?: string;
}

export function Button({ look = 'plain', icon: Icon, busy = false, label, children, ...rest }: ButtonProps): ReactNode {
  const Shown = busy ? LoaderCircle : Icon;
  return (
    <button
      type="button"
      className={`button ${look}${children === undefined ? ' square' : ''}`}
      aria-label={label}
      title={label}
      aria-busy={busy}
      {...rest}
      disabled={busy || rest.disabled === true}
    >
      {Shown && <Shown size={16} aria-hidden className={busy ? 'spin' : undefined} />}
      {children}
    </button>
  );
}

export function LinkButton({
  to,
  look = 'plain',
  icon: Icon,
  children,
}: {
  readonly to: string;
  readonly look?: 'primary' | 'plain' | 'quiet';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Link href={to} className={`button ${look}`}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </Link>
  );
}
