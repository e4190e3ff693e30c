/** What the database finds wrong; the message is in the language that was asked in. */
export type Found = { path: string; reason: string; message?: string; details?: { bound?: number | string } };
export const asProblems = (found: readonly Found[]) =>
  found.map(({ details, ...problem }) => ({
    ...problem,
    ...(details?.bound === undefined ? {} : { bound: details.bound }),
  }));
