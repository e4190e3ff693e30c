/**
 * One lock, and how it shows: another session holds what the lock is about, and whoever needs it waits in the function
 * that takes it. Every text is SQL. Rows are found again by the names that the furniture gave them: `tests.id('ana')`.
 */
export type LockCase = {
  /**
   * `function: words`, such as `app_private.require_patient: for share`, `app_private.by_turn: pg_advisory_xact_lock`, or
   * `app_public.merge_patients: app_private.lock_people` for a step that locks (named lock_… or require_…). Where the same
   * words come twice, the second ends in ` (2)`.
   */
  lock: string;
  /** Who calls: a name that `tests.act_as` knows. */
  as: string;
  /** What is done before in the caller's transaction, by the database itself. */
  before?: string;
  call: string;
  /**
   * A limit that counts under this lock, as `function: reason`, and a call that differs in all but what is counted, which
   * has to wait as well: a lock on less than what is counted lets two at once be the last that is allowed.
   */
  limit?: { of: string; another: string };
} & Held &
  Shows;

/** What the other session has locked: rows (what follows `from`), or an advisory key before it is hashed. */
type Held = { rows: string; key?: never } | { key: string; rows?: never };

/** By waiting; by leaving behind of these rows, which are due, those that are held; or by an answer. */
type Shows =
  | { leaves?: never; answers?: never }
  | { leaves: string; answers?: never }
  | { answers: unknown; leaves?: never };

/** What one area brings: rows that its cases need beside the two clinics, and the cases. */
export type LockArea = { furniture: string; cases: LockCase[] };

/** The function that takes the lock, and the words or the step it takes it with, without schema and number. */
export function partsOf({ lock }: LockCase): { taker: string; words?: string; step?: string } {
  const [, taker = "", by = ""] = /^\w+\.(\w+): (.+?)(?: \(\d+\))?$/.exec(lock) ?? [];
  const [, step] = /^app_private\.(\w+)$/.exec(by) ?? [];
  return step ? { taker, step } : { taker, words: by };
}
