import type { Reporter, TestModule } from 'vitest/node';

interface Line {
  readonly file: string;
  readonly verdict: string;
  readonly seconds: number;
  /** What the tests said of themselves: figures of time and memory. */
  readonly told: readonly string[];
}

function lineOf(module: TestModule): Line {
  const tests = [...module.children.allTests()];
  const failed = tests.filter((test) => test.result().state === 'failed').length;
  const passed = tests.filter((test) => test.result().state === 'passed').length;
  const isBroken = failed > 0 || module.errors().length > 0 || passed === 0;
  return {
    file: module.relativeModuleId,
    verdict: isBroken ? 'FAILED' : 'passed',
    seconds: module.diagnostic().duration / 1000,
    told: [
      `${passed} passed, ${failed} failed`,
      ...tests.flatMap((test) => test.annotations().map(({ message }) => message)),
    ],
  };
}

/** Ends the soak with a line per file: verdict, seconds, and what its tests told of time and memory. */
export class SoakReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.map(lineOf).toSorted((one, two) => two.seconds - one.seconds);
    process.once('exit', () => {
      for (const { file, verdict, seconds, told } of lines)
        process.stdout.write(
          `${verdict} ${seconds.toFixed(0).padStart(5)} s  ${file}: ${told.join('; ')}\n`,
        );
    });
  }
}
