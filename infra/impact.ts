import type { QueueName } from '../functions/core/spec.ts';

/** What an alarm means for people, in both languages, and where the runbook says what to do. */
export interface Impact {
  readonly zh: string;
  readonly en: string;
  /** Heading of the runbook in docs/operate.md. */
  readonly runbook: string;
}

/** Messages of a queue were given up: who is now looking at something wrong? */
export const deadLetterImpact: Readonly<Record<QueueName, Impact>> = {
  summary: {
    zh: '有村的汇总没有更新，看板上的户数、人数与台账不一致，据此上报会出错。',
    en: 'The figures of some village were not recomputed: its board and those above it differ from the register, and reports drawn from them are wrong.',
    runbook: 'summary-dead',
  },
  listing: {
    zh: '有农户的名单索引没有更新，筛选名单时会漏掉或多出农户，可能有人因此错过帮扶。',
    en: 'Some household stands in the wrong lists: a clerk who filters by status or cause misses it, and help may miss it too.',
    runbook: 'listing-dead',
  },
  import: {
    zh: '有台账导入停在半途，上传人看到的进度不再变化，部分农户尚未入库。',
    en: 'An import stands still half-way: who uploaded it sees no progress, and part of its households is not in the register.',
    runbook: 'import-dead',
  },
  job: {
    zh: '有批量任务（区划调整、重算等）停在半途，新旧区划的名单和权限暂时不一致。',
    en: 'A long job (change of divisions, recount) stands still half-way: lists and rights of the old and the new division disagree until it goes on.',
    runbook: 'job-dead',
  },
  recount: {
    zh: '有乡镇的看板没有核对完：它与台账是否一致，今天没有人知道。',
    en: 'The recount of some town stands still: nobody knows today whether its board agrees with the register.',
    runbook: 'recount-dead',
  },
  snapshot: {
    zh: '有乡镇的年度快照没有定格：该县这一年的定格数据还不能查看和上报。',
    en: 'The year snapshot of some county stands still: its frozen figures of that year cannot be read or reported yet.',
    runbook: 'snapshot-dead',
  },
  entitlement: {
    zh: '有农户的应享政策没有重新评估：应享、未享名单和覆盖数字停在改动之前，可能有人因此漏享。',
    en: 'What some household is entitled to was not evaluated again: lists of who misses a benefit, and coverage, stand as before the change, and somebody may be missed.',
    runbook: 'entitlement-dead',
  },
  coverage: {
    zh: '有区划的政策覆盖数字没有从村加总上来：乡镇、县及以上的应享、未享户数停在旧数，据此上报会出错。',
    en: 'The coverage of some area was not added up from its villages: figures of who is entitled or missed in its town and above are old, and reports drawn from them are wrong.',
    runbook: 'coverage-dead',
  },
  evaluation: {
    zh: '有区划的政策重新评估停在半途：新发布的政策还没有评估到每一户，覆盖数字新旧混杂。',
    en: 'The evaluation of some area stands still half-way: new policies have not reached every household, and coverage is partly of the old ones.',
    runbook: 'evaluation-dead',
  },
};

export const impact = {
  failed: {
    zh: '夜间任务或上传文件的处理多次失败：昨夜的核对、到期提醒没有做，或上传的台账没有人读。',
    en: 'A nightly task or the reading of an upload failed every time: last night was not checked, or a ledger lies unread while its sender waits.',
    runbook: 'failed',
  },
  undispatched: {
    zh: '台账的改动没有传到汇总和名单：看板、名单停在旧的状态，请按地区重算。',
    en: 'Changes of the register did not reach figures and lists: both stay as they were until the area is recounted.',
    runbook: 'undispatched',
  },
  lagging: {
    zh: '台账的改动迟迟没有传出：看板和名单落后五分钟以上，刚录入的农户查不到。',
    en: 'Boards and lists are more than five minutes behind the register: a household entered just now is not found in them.',
    runbook: 'lagging',
  },
  waiting: {
    zh: '队列积压超过十五分钟：录入后迟迟看不到结果，乡镇会重复录入。',
    en: 'Work waits for more than fifteen minutes: clerks do not see what they entered and may enter it again.',
    runbook: 'waiting',
  },
  drift: {
    zh: '夜间核对发现看板与台账不一致：在查明原因之前，不要用看板数字上报。',
    en: 'The nightly recount found boards that differ from the register: do not report from boards until the cause is known.',
    runbook: 'drift',
  },
  refusedByFault: {
    zh: '接口多次报系统故障：村、乡、县的工作人员办不了事，会看到“系统故障”和编号。',
    en: 'The API answers with faults: clerks in villages, towns and the county office cannot work and see a fault with its number.',
    runbook: 'api-faults',
  },
} as const satisfies Readonly<Record<string, Impact>>;

/** A function that people call, or that works behind them, fails or is held back. */
export function functionImpact(id: string, purpose: string, how: 'errors' | 'throttles'): Impact {
  return how === 'errors'
    ? {
        zh: `功能 ${id} 出错，用到它的人办不成事，或事后才发现没有办成。`,
        en: `Function ${id} fails, which ${purpose}: whoever needs that now is refused or finds out later.`,
        runbook: 'function-errors',
      }
    : {
        zh: `功能 ${id} 被限流，用到它的人要等待或重试。`,
        en: `Function ${id} is held back, which ${purpose}: whoever needs that now waits or has to try again.`,
        runbook: 'function-throttles',
      };
}

/** The text of an alarm as it reaches a phone. */
export function wordsOf({ zh, en, runbook }: Impact): string {
  return `${zh}\n${en}\ndocs/operate.md#${runbook}`;
}
