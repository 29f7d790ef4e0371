import type { FieldError } from '@adiuva/kernel';

/** The rule of a check; stable names that authors and reviewers see. */
export type Rule =
  | 'manifest_schema'
  | 'manifest_permission'
  | 'manifest_binary'
  | 'manifest_mismatch'
  | 'look_alike_name'
  | 'name_taken'
  | 'price'
  | 'not_a_zip'
  | 'damaged'
  | 'stray_bytes'
  | 'overlapping_entries'
  | 'header_mismatch'
  | 'too_many_entries'
  | 'entry_too_large'
  | 'package_too_large'
  | 'compression_ratio'
  | 'unsupported_compression'
  | 'encrypted_entry'
  | 'unsafe_path'
  | 'reserved_name'
  | 'name_too_long'
  | 'name_encoding'
  | 'link'
  | 'special_file'
  | 'duplicate_name'
  | 'case_twin'
  | 'checksum'
  | 'too_slow'
  | 'empty_package'
  | 'secret'
  | 'native_binary'
  | 'nested_archive'
  | 'web_assembly'
  | 'runs_code'
  | 'install_script'
  | 'undeclared_network';

/** An error refuses the package; a warning is shown to author and reviewer. */
export type Severity = 'error' | 'warning';

/** One thing that a check found, and where: `file` is a name inside the package, `line` counts from 1. */
export interface Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly file: string | null;
  readonly line: number | null;
  readonly message: string;
}

const MAX_FILE_SHOWN = 200;
// Control, format and surrogate characters could make a name read as another one where it is shown.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function errorFinding(
  rule: Rule,
  message: string,
  file: string | null = null,
  line: number | null = null,
): Finding {
  return { rule, severity: 'error', file: file === null ? null : shown(file), line, message };
}

export function warningFinding(
  rule: Rule,
  message: string,
  file: string | null = null,
  line: number | null = null,
): Finding {
  return { ...errorFinding(rule, message, file, line), severity: 'warning' };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

/** `secret: src/index.js:12: …`, for a person. */
export function findingLine({ rule, file, line, message }: Finding): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  return `${rule}: ${place}${message}`;
}

/** A finding as an entry of `errors`: rule, file and line are members of their own. */
export function asError(finding: Finding): FieldError {
  const { rule, file, line } = finding;
  return {
    field: 'package',
    message: findingLine(finding),
    rule,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
  };
}

function shown(file: string): string {
  const printable = file.replace(UNPRINTABLE, '\u{fffd}');
  return printable.length > MAX_FILE_SHOWN ? `${printable.slice(0, MAX_FILE_SHOWN)}…` : printable;
}
