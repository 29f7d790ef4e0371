/** TXT records of the DNS. */
export abstract class TxtRecords {
  /** The texts at a name; none where the DNS says that there are none, undefined where it is not answered in time or fails. */
  abstract resolve(name: string): Promise<readonly string[] | undefined>;
}
