/** Hands parts to the user as a file of this name. */
export function saveFile(name: string, parts: readonly BlobPart[], type = 'text/plain'): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
