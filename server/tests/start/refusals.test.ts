// Starts processes: how a start is refused, and with which words, is seen from outside.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isFree, newPlace, processesOf, run } from "./support.ts";

// FND-30: what keeps a start from starting is one line that says what to do, and nothing is left behind.

let place: Awaited<ReturnType<typeof newPlace>>;

beforeEach(async () => {
  place = await newPlace();
});

afterEach(() => {
  expect(processesOf(place.dataDir)).toEqual([]);
  place.remove();
});

async function refusal(
  env: NodeJS.ProcessEnv = {},
  options: { uid?: number; file?: string; args?: string[] } = {},
) {
  const { file = "server/start.ts", ...rest } = options;
  const attempt = run(file, { ...place.env, ...env }, rest);
  expect([await attempt.ended, attempt.output()]).toEqual([1, expect.stringMatching(/^[^\n]+\n$/)]);
  return attempt.output().trim();
}

test.for([
  ["api", "PORT"],
  ["page", "MAILBOX_PORT"],
  ["smtp", "SMTP_URL"],
  ["composer", "COMPOSER_PORT"],
  ["objects", "OBJECTS_PORT"],
  ["database", "DATABASE_PORT"],
] as const)("FND-30: a taken port (%s) names the variable %s", async ([port, variable]) => {
  const other = createServer().listen(place.ports[port], "127.0.0.1");
  try {
    expect(await refusal()).toBe(
      `Port ${place.ports[port]} is taken by another program: set ${variable} to a free one.`,
    );
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
  for (const left of Object.values(place.ports)) expect(await isFree(left)).toBe(true);
});

test("FND-30: two settings with the same port are named", async () => {
  expect(await refusal({ MAILBOX_PORT: place.env.PORT })).toMatch(
    /^PORT and MAILBOX_PORT are both \d+: set one/,
  );
});

test("FND-30: a data folder without write permission is named, whoever starts", async ({ skip }) => {
  const folder = path.join(place.dataDir, "read-only");
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  const nobody = process.getuid?.() === 0 ? 65534 : undefined; // root may write anywhere
  if (nobody !== undefined && !(await canRun(nobody))) skip("the project's folder is closed to other users");
  expect(await refusal({ DATA_DIR: path.join(folder, "data") }, { ...(nobody && { uid: nobody }) })).toBe(
    `Cannot write to ${folder}/data: give this user write permission there, or set DATA_DIR to a folder of yours.`,
  );
});

test.runIf(process.getuid?.() === 0)(
  "FND-30: started as root in a folder that the database's user cannot enter, it says which folder",
  async () => {
    chmodSync(place.dataDir, 0o700);
    expect(await refusal()).toMatch(
      new RegExp(
        `^Root may not run PostgreSQL, .* cannot enter ${place.dataDir}: run "chmod o\\+x ${place.dataDir}"`,
      ),
    );
  },
);

test.for([
  [{ PORT: "http" }, "PORT must be a port number between 1 and 65535."],
  [{ DATABASE_URL: "localhost:5432" }, "DATABASE_URL must be a postgres:// URL of an administrator."],
  [{ SMTP_URL: "localhost" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
] as const)("FND-30: a setting that cannot be used is named: %o", async ([env, line]) => {
  expect(await refusal(env)).toBe(line);
});

test("FND-30: a database that does not answer is named without its password", async () => {
  const line = await refusal({
    DATABASE_URL: `postgres://admin:secret@127.0.0.1:${place.ports.database}/clinic`,
  });
  expect(line).toMatch(/^Cannot connect to clinic on 127\.0\.0\.1:\d+ as admin: connect ECONNREFUSED/);
  expect(line).not.toContain("secret");
});

test("FND-30: the demo does not start in production", async () => {
  expect(await refusal({ APP_MODE: "production" })).toMatch(
    /^npm start is the demo: in production there are npm run api, npm run worker and npm run telemetry/,
  );
});

test("FND-30: a reset drops no database of another name, and the demo's only when told to", async () => {
  const server = `postgres://admin@127.0.0.1:${place.ports.database}`;
  const file = "server/start/reset.ts";
  expect(await refusal({ DATABASE_URL: `${server}/clinic` }, { file, args: ["--yes"] })).toMatch(
    /^DATABASE_URL names clinic, and reset drops only a database called restartix/,
  );
  expect(await refusal({ DATABASE_URL: `${server}/restartix` }, { file })).toMatch(
    /^This drops the database restartix on .*: run "npm run reset -- --yes"/,
  );
});

test("FND-30: a reset leaves alone what it did not make", async () => {
  writeFileSync(path.join(place.dataDir, "notes.txt"), "mine");
  const reset = run("server/start/reset.ts", place.env);
  expect(await reset.ended).toBe(0);
  expect(reset.output()).toBe(`There was nothing to remove in ${place.dataDir}.\n`);
  rmSync(path.join(place.dataDir, "notes.txt"));
});

async function canRun(uid: number): Promise<boolean> {
  const probe = run("server/config.ts", {}, { uid });
  probe.child.on("error", () => {});
  return (await probe.ended) === 0;
}
