/** TXT records of the DNS. */
export abstract class TxtRecords {
  /** The texts at a name; none where it does not exist or is not answered in time. */
  abstract resolve(name: string): Promise<readonly string[]>;
}
