// Starts processes: every npm command is run as operators run it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { processesOf, project, type Run, run } from "./start/support.ts";

// FND-36: every npm command that runs a program of ours, whatever it does: with settings that cannot be used it says so
// in words and fails, it starts nothing in production that is not its own, and what is printed about it is so.
const scripts: Record<string, string> = JSON.parse(
  readFileSync(path.join(project, "package.json"), "utf8"),
).scripts;
/** The programs of ours by the name of their script; the rest are tools with settings of their own. */
const programs = Object.entries(scripts).flatMap(([name, line]) => {
  const file = /^(?:exec )?node (\S+\.ts)$/.exec(line)?.[1];
  return file ? [{ name, file }] : [];
});
/** These look at files of the project alone: no setting concerns them. */
const readsNoSettings = new Set([
  "trace",
  "phone-numbers",
  "documents",
  "pictures:documents",
  "client",
  "contract",
  "form-schema",
  "web:build",
  "db:stage",
  "db:commit",
  "test",
]);
const concerned = programs.filter(({ name }) => !readsNoSettings.has(name));

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-commands-"));
});
afterEach(() => {
  expect(processesOf(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true });
});

const args: Record<string, string[]> = {
  token: ["patient"],
  "first-clinic": [
    ["--superadmin", "a@b.test", "--superadmin-name", "A", "--slug", "a", "--name", "A"],
    ["--owner", "a@b.test", "--owner-name", "A"],
  ].flat(),
  "production:settings": ["--folder", "/proc/x", "--database", "localhost"],
};

const start = ({ name, file }: { name: string; file: string }, env: NodeJS.ProcessEnv): Run =>
  run(file, { ...bareEnv, ...env }, { args: args[name] ?? [] });

/** It fails, tells no secret and no place in our code, and leaves nothing in its folder. */
async function refuses(started: Run): Promise<string> {
  expect([await started.ended, started.output()]).toEqual([1, expect.stringMatching(/\S/)]);
  expect(started.output()).not.toMatch(/^\s+at |node:internal|secret-canary/m);
  return started.output();
}

const guide = readFileSync(path.join(project, "docs", "guides", "operators.md"), "utf8");
const onMachinesOfProduction = new Set(
  [...guide.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name),
);

test.for(
  concerned.filter(
    ({ name }) =>
      onMachinesOfProduction.has(name) &&
      !["api", "worker", "telemetry", "composer", "production:settings"].includes(name),
  ),
)(
  "FND-36: where SETTINGS_FILE was forgotten, npm run $name answers for no empty database of its own",
  async (program) => {
    await refuses(start(program, { DATA_DIR: path.join(dataDir, "data") }));
    expect(readdirSync(dataDir)).toEqual([]);
  },
);

test.for(concerned)(
  "FND-36: in production without its settings, npm run $name refuses and makes nothing",
  async (program) => {
    await refuses(start(program, { APP_MODE: "production", DATA_DIR: path.join(dataDir, "data") }));
    expect(readdirSync(dataDir)).toEqual([]);
  },
);

test.for(
  concerned.filter(({ name }) =>
    ["migrate", "audit:verify", "keys:rotate", "doctor", "first-clinic"].includes(name),
  ),
)("FND-36: with NODE_ENV=production alone, npm run $name makes up no database either", async (program) => {
  await refuses(start(program, { NODE_ENV: "production", DATA_DIR: path.join(dataDir, "data") }));
  expect(readdirSync(dataDir)).toEqual([]);
});

/** Programs that open or make something in the data folder, or at the URL of a database. */
const opens = concerned.filter(({ name }) =>
  ["start", "token", "keys:rotate", "audit:verify", "db:watch", "migrate", "first-clinic"].includes(name),
);
test.runIf(process.platform === "linux").for(opens)(
  "FND-36: npm run $name with a data folder that cannot be made is refused, and does not spin",
  async (program) => {
    await refuses(start(program, { DATA_DIR: "/proc/restartix" }));
  },
);

test.for(
  opens
    .filter(({ name }) => name !== "token")
    .flatMap((program) =>
      ["nonsense", "postgres://", "postgres://admin:secret-canary@127.0.0.1:1/none"].map((url) => ({
        ...program,
        url,
      })),
    ),
)("FND-36: npm run $name with the database $url is refused in words", async ({ url, ...program }) => {
  const role = program.name === "audit:verify" ? { WORKER_DATABASE_URL: url } : {};
  await refuses(start(program, { DATA_DIR: dataDir, DATABASE_URL: url, ...role }));
});

test.for(
  concerned.filter(
    ({ name }) => !["start", "chaos", "mutants", "schema", "errors", "classes"].includes(name),
  ),
)("FND-36: npm run $name names a file of settings that is not there", async (program) => {
  const said = await refuses(start(program, { DATA_DIR: dataDir, SETTINGS_FILE: `${dataDir}/none.env` }));
  expect(said).toBe(`SETTINGS_FILE must name files that can be read: ${dataDir}/none.env cannot (ENOENT).\n`);
});

test("FND-36: audit:verify with a store that refuses says so in one line", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const { createTestDatabase } = await import("../../db/testing/server.ts");
  const database = await createTestDatabase({ because: "a program of ours is run on it", bare: true });
  try {
    const verify = run("tasks/audit/main.ts", {
      ...bareEnv,
      DATA_DIR: dataDir,
      WORKER_DATABASE_URL: database.urls.worker,
      S3_BUCKET: "clinics",
      S3_REGION: "eu-central-1",
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret-canary",
    });
    expect(await refuses(verify)).toMatch(/^s3 \w+: the account of this machine is not accepted\.[^\n]+\n$/);
    const nobody = run("tasks/audit/main.ts", {
      ...bareEnv,
      DATA_DIR: dataDir,
      WORKER_DATABASE_URL: database.urls.worker,
      S3_BUCKET: "clinics",
      S3_REGION: "eu-central-1",
      S3_ENDPOINT: "http://127.0.0.1:9",
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret-canary",
    });
    expect(await refuses(nobody)).toMatch(/^s3 ECONNREFUSED: the object store cannot be asked\.[^\n]+\n$/);
  } finally {
    server.close();
    await database.drop();
  }
});

/** Everything that somebody may read: sources, documents, tests. */
const texts = ["README.md", ".gmrc", "db", "docs", "server", "tasks", "providers", "secrets", "bench", ".ci"]
  .flatMap((name) =>
    /\./.test(name.slice(1)) || name === ".gmrc"
      ? [name]
      : readdirSync(path.join(project, name), { recursive: true, encoding: "utf8" }).map(
          (file) => `${name}/${file}`,
        ),
  )
  .filter(
    (name) => /\.(ts|md|sql|json|service)$|^\.gmrc$/.test(name) && !name.includes("migrations/committed"),
  )
  .map((name) => ({ name, text: readFileSync(path.join(project, name), "utf8") }));

test("FND-36: whatever npm command is printed or written down exists", () => {
  const unknown = texts.flatMap(({ name, text }) =>
    [...text.matchAll(/npm run (?:-s |--silent )?([a-z][a-z:-]*[a-z])/g)]
      .map((match) => match[1] as string)
      .filter((script) => !scripts[script])
      .map((script) => `${name}: npm run ${script}`),
  );
  expect(unknown).toEqual([]);
});

test("FND-36: nobody is told to run a source file with whatever Node they have", () => {
  const told = texts
    .filter(({ name }) => name !== "server/tests/commands.test.ts" && name !== ".gmrc")
    .flatMap(({ name, text }) =>
      [...text.matchAll(/(?<![\w/])node [\w/.-]+\.ts\b/g)].map(([hint]) => `${name}: ${hint}`),
    );
  expect(told).toEqual([]);
});

test("FND-36: folders are made by makeFolder alone, which comes back from every file system", () => {
  const recursive = texts
    .filter(({ name }) => name.endsWith(".ts") && !/\.test\.ts$|\/tests\//.test(name))
    .filter(({ text }) => /mkdir(Sync)?\([^;]*recursive: true/.test(text))
    .map(({ name }) => name);
  expect(recursive).toEqual([]);
});
