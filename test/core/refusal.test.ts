import { describe, expect, it } from 'vitest';
import { labelOf } from '../../functions/core/code-list.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';

describe('words for people', () => {
  it('a refusal names its values, and shows where one is missing', () => {
    expect(wordsOf('version-stale', 'en', { version: 7 })).toContain('version 7');
    expect(wordsOf('version-stale', 'zh')).toContain('{version}');
  });

  it('fields and statuses are called what people call them', () => {
    const values = { field: 'facts.identifiedYear' };
    expect(wordsOf('date-future', 'zh', values)).toBe('“识别年度”不能晚于今天。');
    expect(wordsOf('date-future', 'en', values)).toContain('"year of identification"');
    const change = { from: 'unexited', to: 'returned' };
    expect(wordsOf('status-transition', 'zh', change)).toBe('不能由“未脱贫”改为“返贫”。');
    expect(wordsOf('date-future', 'zh', { field: '纳入年度' })).toContain('纳入年度');
  });

  it('levels and acts are told in words, lists of them with the comma of the language', () => {
    const values = { step: '乡镇审核', en: 'Town review', levels: 'town、county' };
    expect(wordsOf('step-wrong-level', 'zh', values)).toContain('“乡镇审核”应由乡镇、县办理');
    expect(wordsOf('step-wrong-level', 'en', values)).toContain('"Town review"');
    expect(wordsOf('step-wrong-level', 'en', values)).toContain('level town, county');
    expect(wordsOf('procedure-act-missing', 'zh', { act: 'decide' })).toContain('审定');
  });

  it('a code no list knows is shown as it is', () => {
    expect(labelOf('cause', 'illness', 'zh')).toBe('因病');
    expect(labelOf('cause', 'weather', 'en')).toBe('weather');
  });
});
