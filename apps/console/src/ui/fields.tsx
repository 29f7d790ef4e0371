import { useId, type ComponentProps, type ReactNode, type TextareaHTMLAttributes } from 'react';
import { t } from '../texts/texts';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Of the server or of the form. */
  readonly fault?: string | undefined;
}

/** A label with its control, its hint and its fault, joined for screen readers. */
function Field({
  label,
  hint,
  fault,
  children,
}: FieldProps & { readonly children: (ids: { id: string; describedBy: string | undefined }) => ReactNode }): ReactNode {
  const id = useId();
  const describedBy = fault !== undefined || hint !== undefined ? `${id}-note` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, describedBy })}
      {describedBy !== undefined && (
        <p id={describedBy} className={fault === undefined ? 'hint' : 'fault'}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = FieldProps &
  Omit<ComponentProps<'input'>, 'onChange' | 'value'> & {
    readonly value: string;
    readonly onValue: (value: string) => void;
  };

export function TextField({ label, hint, fault, onValue, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {({ id, describedBy }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={fault !== undefined}
          onChange={(event) => onValue(event.target.value)}
          {...rest}
        />
      )}
    </Field>
  );
}

type KnownFieldProps = Omit<TextFieldProps, 'label'> & { readonly label?: string };

/** The address of an account. */
export function EmailField(props: KnownFieldProps): ReactNode {
  return <TextField label={t('auth.email')} type="email" autoComplete="username" required {...props} />;
}

/** The password of the account. */
export function PasswordField(props: KnownFieldProps): ReactNode {
  return <TextField label={t('auth.password')} type="password" autoComplete="current-password" required {...props} />;
}

export function NewPasswordField(props: KnownFieldProps): ReactNode {
  const [label, hint] = [t('auth.newPassword'), t('auth.passwordHint')];
  return <TextField label={label} hint={hint} type="password" autoComplete="new-password" required {...props} />;
}

type TextAreaProps = FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> & {
    readonly value: string;
    readonly onValue: (value: string) => void;
  };

export function TextArea({ label, hint, fault, onValue, ...rest }: TextAreaProps): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          rows={4}
          aria-describedby={describedBy}
          aria-invalid={fault !== undefined}
          onChange={(event) => onValue(event.target.value)}
          {...rest}
        />
      )}
    </Field>
  );
}

export function Choice<T extends string>({
  label,
  hint,
  fault,
  value,
  options,
  required = false,
  onValue,
}: FieldProps & {
  readonly value: T;
  readonly options: readonly (readonly [value: T, label: string])[];
  /** Refuses the option without a value. */
  readonly required?: boolean;
  readonly onValue: (value: T) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {({ id, describedBy }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          required={required}
          value={value}
          onChange={(event) => {
            const chosen = options.find(([option]) => option === event.target.value);
            if (chosen) onValue(chosen[0]);
          }}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check({
  label,
  hint,
  checked,
  onChecked,
  disabled = false,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly disabled?: boolean;
}): ReactNode {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChecked(event.target.checked)}
      />
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </label>
  );
}
