import * as z from 'zod';
import { codeLists, codesOf } from './code-list.ts';
import { freeText } from './free-text.ts';
import { type Decided, type Fault, type Refusal, refuse } from './refusal.ts';

const name = freeText(30, 1);
const english = freeText(80, 1);

/** An industry mode (产业模式) as a county calls it; a closed one is kept to be read and takes no new measures. */
export const Mode = z.strictObject({
  code: z.enum(codesOf('mode')),
  zh: name,
  en: english,
  closed: z.boolean(),
});
export type Mode = z.infer<typeof Mode>;

/** The modes of a county and their version; version 0 is the list that is shipped. */
export interface ModeList {
  readonly version: number;
  readonly modes: readonly Mode[];
}

/** Places for modes of the county's own. */
export function isOwn(code: string): boolean {
  return code.startsWith('own-');
}

/** The neutral list that is shipped: the county's six are not known, so these are to be renamed. */
export const shippedModes: ModeList = {
  version: 0,
  modes: codeLists.mode
    .filter(({ code }) => !isOwn(code))
    .map(({ code, zh, en }) => ({ code, zh, en, closed: false })),
};

/**
 * A county's next list: modes are renamed, closed, opened again and, up to four, added; none is left out, since measures name them.
 * Refusals: version-stale, mode-missing, mode-twice, request-invalid (own modes in order).
 */
export function changeModes(
  before: ModeList,
  wanted: { readonly version: number; readonly modes: readonly Mode[] },
): Decided<ModeList> {
  if (wanted.version !== before.version)
    return refuse('version-stale', { version: before.version });
  const refused = refuseModes(before, wanted.modes);
  return refused ?? { ok: { version: before.version + 1, modes: wanted.modes } };
}

function refuseModes(before: ModeList, modes: readonly Mode[]): Refusal | undefined {
  const codes = modes.map(({ code }) => code);
  if (new Set(codes).size < codes.length) return refuse('mode-twice');
  const lost = before.modes.find(({ code }) => !codes.includes(code));
  if (lost) return refuse('mode-missing', { mode: lost.zh });
  const names = modes.flatMap(({ zh, closed }) => (closed ? [] : [zh]));
  return new Set(names).size < names.length ? refuse('mode-twice') : undefined;
}

/** Why a mode cannot be that of a new measure. Refusals: mode-unknown, mode-closed. */
export function refuseMode({ modes }: ModeList, mode: string): Refusal | undefined {
  const found = modes.find(({ code }) => code === mode);
  const faults = (code: 'mode-unknown' | 'mode-closed', values?: Fault['values']): Refusal => ({
    ...refuse(code, values),
    faults: [{ field: 'mode', code, ...(values && { values }) }],
  });
  if (!found) return faults('mode-unknown');
  return found.closed ? faults('mode-closed', { mode: found.zh }) : undefined;
}
