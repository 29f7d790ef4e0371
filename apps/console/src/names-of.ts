/** The members of a union, in their order; the compiler names one that is missing. */
export function namesOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names).filter((name): name is Name => name in names);
}
