/** An amount as people write it: `2,000 元`, `12.50 元`; whole yuan without fen. */
export function yuanWords(fen: number): { readonly zh: string; readonly en: string } {
  const rest = fen % 100;
  const whole = String((fen - rest) / 100).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const amount = rest === 0 ? whole : `${whole}.${String(rest).padStart(2, '0')}`;
  return { zh: `${amount} 元`, en: `${amount} yuan` };
}
