/**
 * How a bar of what was used is drawn, in hundredths of its width: what is within the limit, what goes on beyond it on the same scale, and
 * where the limit stands. Null where there is no limit, for then there is nothing to be a part of.
 */
export function barOf({
  used,
  included,
}: {
  used: string;
  included: string | null;
}): { within: number; beyond: number; limit: number } | null {
  if (included === null) return null;
  const [all, most] = [Number(used), Number(included)];
  const scale = 100 / Math.max(all, most, 1);
  return {
    within: Math.min(all, most) * scale,
    beyond: Math.max(all - most, 0) * scale,
    limit: most * scale,
  };
}
