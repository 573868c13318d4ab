import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import { type CapabilitySpec, queueNames } from '../../functions/core/spec.ts';
import { restore } from '../../functions/restore/spec.ts';
import { deadLetterImpact, functionImpact, impact } from '../../infra/impact.ts';
import { pascal } from '../../infra/word.ts';
import { alarmsOf } from '../../scripts/cost.ts';
import { synthesised } from '../infra/assembly.ts';
import { everyKind } from '../support/catalogue.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operate.md'), 'utf8');
const [, runbook = ''] = /^## Runbook\n([\s\S]*?)^## /m.exec(page) ?? [];
const sections = new Map(
  runbook
    .split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
);

/** Alarms as the stacks name them, with the runbook their text points to. */
async function alarmsIn(capabilities: readonly CapabilitySpec[]) {
  const { resources } = await synthesised(capabilities);
  return resources
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ id, properties }) => ({
      name: id.replace(/Alarm[0-9A-F]{8}$/, ''),
      heading: String(properties.AlarmDescription).split('docs/operate.md#').at(-1) ?? '',
    }));
}
const ofEveryKind = await alarmsIn(everyKind);
const alarms = [...(await alarmsIn(catalogue)), ...ofEveryKind];

it('the bill counts the alarms the stacks have', () => {
  expect(alarmsOf(everyKind)).toBe(ofEveryKind.length);
});

describe('the runbook', () => {
  it('has a section for every alarm, and no section nobody is sent to', () => {
    const meant = [
      ...Object.values(impact),
      ...queueNames.map((name) => deadLetterImpact[name]),
      functionImpact('any', 'any', 'errors'),
      functionImpact('any', 'any', 'throttles'),
    ].map((one) => one.runbook);
    expect([...sections.keys()].sort()).toEqual([...new Set(meant)].sort());
    expect(alarms.map(({ heading }) => heading).filter((one) => !sections.has(one))).toEqual([]);
  });

  it('names each alarm where its text sends the reader', () => {
    expect(alarms.length).toBeGreaterThan(10);
    const unnamed = alarms.filter(({ name, heading }) => {
      const section = sections.get(heading) ?? '';
      const isOfFunctions = /(Errors|Throttles)$/.exec(name);
      return !section.includes(isOfFunctions ? `\`…${isOfFunctions[1]}\`` : `\`${name}\``);
    });
    expect(unnamed).toEqual([]);
    for (const queue of queueNames) {
      expect(runbook).toContain(`\`${pascal(queue)}DeadDepth\``);
      expect(runbook).toContain(`\`${pascal(queue)}Waiting\``);
    }
  });
});

describe('the rest of docs/operate.md', () => {
  it('explains every code a log line may carry', () => {
    const [, logs = ''] = /^## Logs\n([\s\S]*?)^## /m.exec(page) ?? [];
    const codes = globSync('functions/**/*.ts', { cwd: root }).flatMap((path) => [
      ...readFileSync(join(root, path), 'utf8').matchAll(
        /\blog\.(?:info|warn|error)\(\s*'([^']+)'/g,
      ),
    ]);
    const named = new Set(codes.map(([, code]) => code));
    expect(named).toContain('request');
    expect([...named].filter((code) => !logs.includes(`\`${code}\``))).toEqual([]);
  });

  it('links to pages and headings that exist', () => {
    for (const [, path] of page.matchAll(/\]\(([^)#][^)#]*)/g))
      expect(() => readFileSync(join(root, 'docs', path ?? ''))).not.toThrow();
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(' ', '-')
        .replace(/[^\w-]/g, ''),
    );
    const anchors = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(anchors.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([]);
  });

  it('names every context a deployment reads and the function an operator calls', () => {
    const settings = readFileSync(join(root, 'infra/settings.ts'), 'utf8');
    const [, shape = ''] = /const context = z\.object\(\{\n([\s\S]*?)\n\}\);/.exec(settings) ?? [];
    const names = [...shape.matchAll(/^ {2}(\w+): z/gm)].map(([, name]) => name);
    expect(names).toContain('stage');
    expect(names.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
    for (const { id } of restore.functions) expect(page).toContain(`bangfu-$STAGE-${id}`);
  });
});
