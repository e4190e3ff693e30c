/** One thing broken in the catalog, as SQL. */
export type Mutant = {
  kind: string;
  /** What is broken, in words. */
  object: string;
  /** The function whose body changes, with its arguments. */
  function?: string;
  /** How that function is defined unbroken. */
  definition?: string;
  /** The lock that is taken away, as the cases of db/tests/locks name it. */
  lock?: string;
  /** Whether PostgreSQL counts its calls: one that is inlined into a query runs unseen. */
  runs?: "counted" | "unseen";
  /** The table whose rights or keys change. */
  table?: string;
  sql: string;
};
