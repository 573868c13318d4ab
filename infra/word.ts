/** `import-read`, `import.read` -> `ImportRead`: construct ids from the words of specs. */
export function pascal(word: string): string {
  return word.replace(/(?:^|[-.])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `import-read` -> `IMPORT_READ`: environment variables from the words of specs. */
export function constant(word: string): string {
  return word.toUpperCase().replaceAll('-', '_');
}
