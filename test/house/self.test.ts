import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(Boolean);
const texts = tracked.filter(
  (path) =>
    /\.(ts|tsx|json|md|html|yml|csv|txt)$|^\.|\/run$/.test(path) && path !== 'package-lock.json',
);
// Spelled in parts so that this file does not find itself.
const outside = new RegExp(['\\.\\./sha', 'red|/wo', 'rk/|/ro', 'ot/|/ho', 'me/[a-z]'].join(''));

describe('the project stands on its own', () => {
  it('runs on Node 24, whatever Node the host has', () => {
    expect(process.version).toMatch(/^v24\./);
  });

  it('names no path outside itself', () => {
    const naming = texts.filter((path) => outside.test(readFileSync(join(root, path), 'utf8')));
    expect(texts.length).toBeGreaterThan(20);
    expect(naming).toEqual([]);
  });

  it('holds identity numbers of the fictitious area 350199 only', () => {
    const shapes =
      /(?<![\d.])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g;
    const foreign = tracked
      .filter((path) => /\.(ts|json|md|csv)$/.test(path) && path !== 'package-lock.json')
      .flatMap((path) => readFileSync(join(root, path), 'utf8').match(shapes) ?? [])
      .filter(
        (number) => !number.startsWith('350199') && number.toUpperCase() !== '11010519491231002X',
      );
    expect(foreign.length).toBe(0);
  });

  it('pins every dependency exactly', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const versions = Object.values<string>({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('depends on what its functions import, and on nothing else', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const imported = tracked
      .filter((path) => path.startsWith('functions/') && path.endsWith('.ts'))
      .flatMap((path) => [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /^(?:import (?!type )|\} )[^']*from '((?:@[^/']+\/)?[^./'@][^/':]*)(?:\/[^']*)?'/gm,
        ),
      ])
      .map(([, name]) => name);
    expect([...new Set(imported)].toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it('locks the packages of every platform, so that npm ci works on each', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const isPlatform = (name: string) => /linux|darwin|win32|windows|android|freebsd/.test(name);
    const missing = Object.values<{ optionalDependencies?: Record<string, string> }>(packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => isPlatform(name) && !packages[`node_modules/${name}`]);
    expect(missing).toEqual([]);
  });
});
