/** What a heading means: our field ('' for a column known and read by nobody) and how strictly it says so, 0 being strictest. */
export interface Meaning {
  readonly field: string;
  readonly strength: number;
}

const HELPERS =
  /^(?:结对|挂钩|定点)?(?:帮扶|挂钩|结对|包户|包保)(?:责任人|联系人|人员|干部|领导|人)?(?:基本)?(?:信息|情况)?$/;
const HEADS = /^户主(?:基本)?(?:信息|情况)?$/;
const UNIT = /^(?:工作|所在)?单位(?:名称)?$/;
const ANY_PHONE = /^(?:联系|手机)?(?:电话|手机|方式|号码?)(?:号码?)?$/;

/** Under the title of the helpers a name is the helper's; what else is said of them is not the household's. */
const ofHelpers: ReadonlyMap<string, string> = new Map([
  ['name', 'helperName'],
  ['phone', 'helperPhone'],
  ['helperName', 'helperName'],
  ['helperUnit', 'helperUnit'],
  ['helperPhone', 'helperPhone'],
  ['measures', 'measures'],
]);

/** Under the title of the head these repeat the head's own row, and are not the member's. */
const ofHead: ReadonlySet<string> = new Set([
  'name',
  'sex',
  'birth',
  'identityNumber',
  'nation',
  'politics',
  'education',
  'health',
  'labour',
]);

/**
 * What a heading means below the title of its group, or to the right of a helper's column: 联系电话 under 帮扶干部, or
 * beside 帮扶责任人, is the helper's telephone; taken for the household's it would put a stranger on file.
 * @param own the heading itself, `alone` what it means by itself
 * @param before field of the column to the left
 */
export function readInGroup(
  own: string,
  alone: Meaning | null,
  { group, before }: { readonly group: string; readonly before: string },
): Meaning | null {
  const isHelpers = HELPERS.test(group);
  const isBeside = before.startsWith('helper');
  if ((isHelpers || isBeside) && UNIT.test(own)) return { field: 'helperUnit', strength: 1 };
  if (alone === null) return null;
  if (isHelpers) {
    const field = ofHelpers.get(alone.field);
    return field === undefined ? null : { ...alone, field };
  }
  if (isBeside && alone.field === 'phone' && ANY_PHONE.test(own)) {
    return { ...alone, field: 'helperPhone' };
  }
  return HEADS.test(group) && ofHead.has(alone.field) ? { ...alone, field: '' } : alone;
}
