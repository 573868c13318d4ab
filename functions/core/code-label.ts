import labels from './code-label.json' with { type: 'json' };
import { type Code, type CodeListName, codeLists } from './code-list.ts';

const known = new Map<string, Readonly<Record<string, readonly string[]>>>(Object.entries(labels));

function labelled(name: string, codes: readonly Code[]): readonly Code[] {
  return codes.map((entry) => {
    const also = known.get(name)?.[entry.code];
    return also ? { ...entry, also } : entry;
  });
}

/** The code lists with the other labels that ledgers use: for reading files and for showing what is understood; nobody else carries them. */
export const labelledLists: Readonly<Record<CodeListName, readonly Code[]>> = {
  ...codeLists,
  ...Object.fromEntries(
    Object.entries(codeLists).map(([name, codes]) => [name, labelled(name, codes)]),
  ),
};
