/** An amount as people write it: `2,000 元`, `12.50 元`; whole yuan without fen. */
export function yuanWords(fen: number): { readonly zh: string; readonly en: string } {
  const [whole = '0', rest = '00'] = (Math.abs(fen) / 100).toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  const sign = fen < 0 ? '-' : '';
  const amount = `${sign}${grouped}${rest === '00' ? '' : `.${rest}`}`;
  return { zh: `${amount} 元`, en: `${amount} yuan` };
}
