import { compare, gt, parse, rcompare } from 'semver';

/** Strictly a semantic version (semver.org, 2.0.0): no `v`, no blanks, no build metadata, which has no order. */
export function isVersion(text: string): boolean {
  const version = parse(text);
  return version !== null && version.version === text && version.build.length === 0;
}

/** Whether `next` comes after every one of `taken`. */
export function isNewest(next: string, taken: readonly string[]): boolean {
  return taken.every((version) => gt(next, version));
}

/** The version that is served: the greatest release, or the greatest pre-release where nothing else is there. */
export function servedVersion(versions: readonly string[]): string | null {
  const releases = versions.filter((version) => parse(version)?.prerelease.length === 0);
  return [...(releases.length > 0 ? releases : versions)].sort(rcompare)[0] ?? null;
}

export function newestFirst(a: string, b: string): number {
  return compare(b, a);
}
