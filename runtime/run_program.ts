import { isUnreachable, mendConnection } from "./connection_error.ts";
import { isDatabaseError } from "./database_error.ts";
import { readSettingsFiles } from "./settings_file.ts";
import { SourceError, StartupError } from "./startup_error.ts";
import { onStop } from "./told_to_stop.ts";

export type ProgramOptions = {
  /** The program hears signals itself and ends what it started. */
  hearsSignals?: boolean;
};

/**
 * Runs a command line program: reads SETTINGS_FILE first; what the operator can mend becomes its text and exit code 1;
 * told to stop, it ends with what it started, so that no database server is left behind. FND-36.
 */
export async function runProgram(
  program: () => Promise<number | undefined> | Promise<void>,
  { hearsSignals = false }: ProgramOptions = {},
): Promise<void> {
  // Leaving by `exit` lets a server that this process started hear of it; dying of a signal does not.
  const callOff = hearsSignals ? () => {} : onStop(() => process.exit(130));
  try {
    readSettingsFiles();
    const code = await program();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    const said = explain(error);
    if (said === undefined) throw error;
    console.error(said);
    process.exitCode = 1;
  } finally {
    callOff();
  }
}

/** What helps with the errors of vendors, whose messages say which of them it was and in one word why. */
const vendors: Record<string, string> = {
  StorageUnavailable: "the object store cannot be asked. See that it runs, and S3_ENDPOINT.",
  CredentialsRefused: "the account of this machine is not accepted. See its keys or its role.",
  KmsUnavailable: "the key service cannot be asked. See AWS_REGION and the network.",
  KeyRefused: "the key does not open this. See KMS_KEY_ID or MASTER_KEY_FILE.",
};

/** What the operator is told; undefined for a fault of ours, whose place in the code somebody will want to know. */
function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // By name: the errors of settings and of vendors belong to rooms above this one.
  if (error instanceof StartupError || error instanceof SourceError || error.name === "ConfigError") {
    return error.message;
  }
  const advice = vendors[error.name];
  if (advice) return `${error.message.replace(/\.+$/, "")}: ${advice}`;
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  if (path && syscall)
    return `${path} cannot be used (${syscall}: ${code}): see that this user may, or set DATA_DIR.`;
  // Refused on the way in, or classes 08, 28, 3D, 53, 57 and the privileges: connection, password, database, resources.
  if (isDatabaseError(error)) {
    if (error.severity === "FATAL") return `The database refuses: ${error.message}. ${mendConnection(error)}`;
    if (/^(08|28|3D|53|57|42501)/.test(code)) return `The database refuses: ${error.message}.`;
    return undefined;
  }
  if (isUnreachable(error)) {
    return `The server cannot be reached: ${error.message || code}. ${mendConnection(error)}`;
  }
  return undefined;
}
