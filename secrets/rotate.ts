import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { openAsWorker, requireWorkerUrl } from "../db/migrating/open_database.ts";
import { openKms } from "../providers/kms/index.ts";
import { addMasterKey } from "../providers/kms/master_key_file.ts";
import { readKmsConfig } from "../providers/kms/settings.ts";
import { ConfigError, together } from "../runtime/config_error.ts";
import { runProgram } from "../runtime/run_program.ts";
import { StartupError } from "../runtime/startup_error.ts";
import { goOnWithRotation, rewrapDataKeys } from "./rotation.ts";

const usage = `npm run keys:rotate               a new master key, and new data keys for everybody
npm run keys:rotate -- --master   the master key only: every data key is wrapped again, no row is touched
npm run keys:rotate -- --data     the data keys only: everything encrypted is sealed again`;

/**
 * `npm run keys:rotate` (FND-11): while everything runs. Interrupt it anywhere and run it again, or let the
 * worker go on with the data keys. With AWS KMS the new master key is the one that KMS_KEY_ID names.
 */
async function rotate(): Promise<undefined> {
  const { master, data } = readArguments();
  const [config] = together(
    () => readKmsConfig(),
    () => requireWorkerUrl(),
  );
  // The database first: where none runs, no key is made either.
  const database = await openAsWorker();
  const kms = openKms(config);
  const client = new pg.Client({
    connectionString: database.url,
    application_name: "restartix keys:rotate",
  });
  try {
    await client.connect();
    if (master) {
      // Data keys of an earlier master key mean that a rotation was interrupted: that one comes first.
      const left = await rewrapDataKeys(client, kms, { say });
      if (config.provider === "local" && left === 0) {
        addMasterKey(config.file);
        say(`${config.file} holds a new master key: keep a copy`);
      }
      await rewrapDataKeys(client, kms, { say });
      say(`the master key is ${(await kms.describe()).masterKeyId}`);
    }
    if (data) await rotateData(client, kms);
  } finally {
    await client.end();
    await database.close();
    kms.close();
  }
}

async function rotateData(client: pg.Client, kms: ReturnType<typeof openKms>): Promise<void> {
  for (let waited = false; ; waited = true) {
    const outcome = await goOnWithRotation(client, kms, { begin: !waited, by: "keys:rotate" }, { say });
    if (outcome === null) return say("the worker finished the rotation");
    if (outcome === "busy") {
      if (!waited) say("another process has the rotation; waiting for it");
    } else if (outcome.unopened.length > 0) {
      throw new StartupError(
        `These do not open, because they were moved or changed, and keep their old key:\n${outcome.unopened.join("\n")}`,
      );
    } else if (outcome.finished) {
      return say("every clinic has a new data key, and nothing uses the old ones");
    } else if (!waited) {
      say(
        "everything is sealed again; the old keys are retired within a minute or two, when nobody seals with them",
      );
    }
    await sleep(5_000);
  }
}

function readArguments(): { master: boolean; data: boolean } {
  try {
    const { values } = parseArgs({
      options: { master: { type: "boolean", default: false }, data: { type: "boolean", default: false } },
    });
    return values.master === values.data ? { master: true, data: true } : values;
  } catch {
    throw new ConfigError(`What is asked for is not known. There is:\n${usage}`);
  }
}

function say(line: string): void {
  console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
}

await runProgram(rotate);
