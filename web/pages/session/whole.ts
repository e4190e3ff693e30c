/** A whole number from 0 to the most; null for anything else. */
export function wholeIn(typed: string, most: number): number | null {
  const text = typed.trim();
  return /^\d{1,6}$/.test(text) && Number(text) <= most ? Number(text) : null;
}
