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

/** Runs a command line program: those two errors become their text and exit code 1. */
export async function runProgram(program: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await program()) ?? 0;
  } catch (error) {
    if (!(error instanceof StartupError || error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
