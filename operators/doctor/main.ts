import { parseArgs, styleText } from "node:util";
import { joinDatabase } from "../../db/migrating/open_database.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { type Diagnosis, diagnose } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { examineToken, readToken } from "./token.ts";

const marks = {
  ok: styleText("green", "ok     "),
  warning: styleText("yellow", "look   "),
  broken: styleText("red", "broken "),
} as const;

/**
 * `npm run doctor` (FND-28): says what of a deployment works and how to mend the rest. Fails when something is broken.
 * `-- --token-file token.txt`, or `-` for what is piped in: says what a session token lacks.
 */
async function main(): Promise<number> {
  const tokenFile = readArguments();
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  // With a token in hand only that is asked: it works without a database, where the frontend is made.
  const diagnosis: Diagnosis =
    token === undefined
      ? await diagnose(process.env, await waysIn())
      : [{ name: "token", findings: examineToken(token, process.env) }];
  for (const { name, findings } of diagnosis) {
    for (const finding of findings) tell(name, finding);
  }
  const count = (level: Finding["level"]) =>
    diagnosis.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
  console.log(`\n${count("ok")} ok, ${count("warning")} to look at, ${count("broken")} broken`);
  return count("broken") > 0 ? 1 : 0;
}

function readArguments(): string | undefined {
  try {
    return parseArgs({ options: { "token-file": { type: "string" } } }).values["token-file"];
  } catch {
    throw new StartupError('There is "npm run doctor", and "npm run doctor -- --token-file token.txt".');
  }
}

function tell(name: string, { level, says, mend }: Finding): void {
  console.log(`${marks[level]}${name.padEnd(10)} ${says}`);
  if (mend) console.log(`${" ".repeat(18)}${styleText("dim", mend)}`);
}

/** The URLs of the environment; without them, those of the `npm start` that runs here. */
async function waysIn(): Promise<{ authenticator: string; worker: string }> {
  const { AUTHENTICATOR_DATABASE_URL, WORKER_DATABASE_URL } = process.env;
  if (AUTHENTICATOR_DATABASE_URL && WORKER_DATABASE_URL) {
    return { authenticator: AUTHENTICATOR_DATABASE_URL, worker: WORKER_DATABASE_URL };
  }
  if (process.env.APP_MODE === "production") {
    throw new StartupError(
      "AUTHENTICATOR_DATABASE_URL and WORKER_DATABASE_URL must be set, as for the processes.",
    );
  }
  const { urls, close } = await joinDatabase();
  await close();
  return urls;
}

await runProgram(main);
