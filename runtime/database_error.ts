/** What PostgreSQL says of a statement that failed, with what the client adds of it. */
export type DatabaseError = Error & {
  /** The SQLSTATE: five digits or capitals. */
  code: string;
  severity: string;
  table?: string;
  constraint?: string;
  column?: string;
  routine?: string;
};

/**
 * Whether an error is an answer of the database. Known by what every such answer carries, and not by the class of a
 * client: so this room needs no client, and processes that must not load one can use its log.
 */
export function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error)) return false;
  const { code, severity } = error as Partial<DatabaseError>;
  return typeof severity === "string" && typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);
}
