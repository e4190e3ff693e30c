import "../../server/graphile_env.ts";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { readMasterKeys } from "../../providers/kms/master_key_file.ts";
import { ConfigError } from "../../runtime/config_error.ts";
import { attempt, makeFolder } from "../../runtime/folders.ts";
import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { productionProblems } from "./problems.ts";
import { settingsFiles } from "./template.ts";

const usage = `npm run production:settings -- --folder /etc/restartix --database db.internal:5432/restartix

Writes restartix.env, administrator.env and keys/master.keys into the folder, and says what you must fill in. When they
are there, it changes nothing and says what is still missing or wrong.`;

/**
 * `npm run production:settings` (FND-36): one command that writes the settings, keys and role passwords of a deployment,
 * and says everything that is missing. It never overwrites; whatever is there stays, half of it too.
 */
async function main(): Promise<number> {
  const { folder, database } = readArguments();
  const files = {
    restartix: path.join(folder, "restartix.env"),
    administrator: path.join(folder, "administrator.env"),
    masterKey: path.join(folder, "keys", "master.keys"),
  };
  const there = Object.values(files).filter((file) => existsSync(file));

  if (there.length === 0) {
    if (!database) throw new ConfigError(`--database must be the host of your PostgreSQL 18.\n\n${usage}`);
    const texts = settingsFiles({ folder, database });
    attempt(`Cannot write to ${folder}: give this user write permission there.`, () => {
      makeFolder(folder, { mode: 0o700 });
      writePrivately(files.restartix, texts.restartix);
      writePrivately(files.administrator, texts.administrator);
    });
    readMasterKeys(files.masterKey, { create: true });
    console.log(
      `Written, for this user's eyes only:\n${Object.values(files)
        .map((file) => `  ${file}`)
        .join("\n")}`,
    );
  } else {
    console.log(`Nothing is overwritten; looked at what ${folder} holds.`);
  }

  const missing = Object.values(files).filter((file) => file !== files.masterKey && !existsSync(file));
  const problems = [
    ...missing.map(
      (file) => `${file} must exist: take it from your backup, or move the others away to begin anew.`,
    ),
    ...productionProblems(settingsIn([files.restartix, files.administrator])),
  ];
  if (problems.length === 0) {
    console.log("Nothing is missing. Next: npm run migrate.");
    return 0;
  }
  console.log(
    `\nStill missing or wrong, ${problems.length} in all:\n${problems.map((line) => `  ${line}`).join("\n")}`,
  );
  console.log(`\nFill them in, then run this again.`);
  return there.length === 0 ? 0 : 1;
}

function settingsIn(files: string[]): NodeJS.ProcessEnv {
  const present = files.filter((file) => existsSync(file));
  const texts = present.map((file) =>
    attempt(`Cannot read ${file}: run this as the user who owns it.`, () => readFileSync(file, "utf8")),
  );
  // The files alone: what happens to be in this shell is not what the processes will find.
  return Object.assign({}, ...texts.map((text) => parseEnv(text)), { APP_MODE: "production" });
}

function writePrivately(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600); // whatever the umask
}

function readArguments(): { folder: string; database?: string | undefined } {
  let values: { folder?: string | undefined; database?: string | undefined };
  try {
    ({ values } = parseArgs({ options: { folder: { type: "string" }, database: { type: "string" } } }));
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split("\n")[0]}\n\n${usage}`);
  }
  if (!values.folder) throw new ConfigError(`--folder must be where the settings are kept.\n\n${usage}`);
  if (values.database && !/^[a-z0-9.-]+(:\d{1,5})?(\/[a-z0-9_]+)?$/i.test(values.database)) {
    throw new StartupError(
      "--database must be a host, with port and name where they are not 5432 and restartix.",
    );
  }
  return { folder: path.resolve(values.folder), database: values.database };
}

await runProgram(main);
