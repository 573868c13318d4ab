/** One figure of the bench: ours against a baseline measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly base: number;
  /** Largest (or, with `atLeast`, smallest) ratio aimed at; none where the figure is only reported. */
  readonly goal?: number;
  readonly atLeast?: true;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/** Runs both sides in turn, so that whatever else the machine does meets both alike. Returns their medians. */
export async function interleaved(
  rounds: number,
  sides: { readonly ours: () => Promise<number>; readonly base: () => Promise<number> },
): Promise<{ ours: number; base: number }> {
  const ours: number[] = [];
  const base: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0;
    if (first) ours.push(await sides.ours());
    base.push(await sides.base());
    if (!first) ours.push(await sides.ours());
  }
  return { ours: median(ours), base: median(base) };
}

export function ratioOf(figure: Figure): number {
  return figure.ours / figure.base;
}

/** Whether a figure reaches its goal; undefined where it has none. */
export function reached(figure: Figure): boolean | undefined {
  if (figure.goal === undefined) return undefined;
  return figure.atLeast ? ratioOf(figure) >= figure.goal : ratioOf(figure) <= figure.goal;
}

const places = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/** The figures as a table of text, one line each. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const goal = figure.goal === undefined ? '' : `${figure.atLeast ? '>=' : '<='} ${figure.goal}`;
    const verdict = { true: 'reached', false: 'MISSED', undefined: 'reported' }[
      `${reached(figure)}`
    ];
    return [
      figure.name,
      places(figure.ours),
      places(figure.base),
      figure.unit,
      ratioOf(figure).toFixed(3),
      goal,
      verdict,
      figure.note ?? '',
    ];
  });
  const all = [['figure', 'ours', 'base', 'unit', 'ratio', 'goal', '', ''], ...rows];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell?.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
