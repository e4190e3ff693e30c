/**
 * Something on this machine keeps the database from starting. The message is one line that says
 * what to do, so whoever catches it prints the message and nothing else.
 */
export class StartupError extends Error {
  override name = "StartupError";

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*\n\s*/g, " ").trim(), options);
  }
}

/** Something in our SQL files is wrong. The message says in which, one line or more per problem. */
export class SourceError extends Error {
  override name = "SourceError";
}
