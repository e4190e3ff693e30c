// Starts processes: how the API and the worker end, and with which words, is seen from outside.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { createTestDatabase, type TestDatabase } from "../../../db/testing/server.ts";
import { run } from "../start/support.ts";

// FND-30, FND-36: both processes of a deployment, with what an operator gets wrong: each ends with words that name the
// variable and say what to do, and without a place in our code.
let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase({ because: "roles and settings of it are made wrong", bare: true });
  dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-refusals-"));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Process = { file: string; variable: string; role: "authenticator" | "worker" };
const processes: Process[] = [
  { file: "server/main.ts", variable: "AUTHENTICATOR_DATABASE_URL", role: "authenticator" },
  { file: "tasks/main.ts", variable: "WORKER_DATABASE_URL", role: "worker" },
];

async function saidBy({ file, variable, role }: Process, env: NodeJS.ProcessEnv): Promise<string> {
  const { ended, output } = run(file, {
    ...bareEnv,
    DATA_DIR: dataDir,
    [variable]: database.urls[role],
    PORT: "1", // whoever gets that far has refused nothing
    ...env,
  });
  expect([await ended, output()]).toEqual([1, expect.not.stringMatching(/^\s+at |node:internal/m)]);
  return output();
}

const wrongUrls: [what: string, wrong: (url: URL) => void, expected: RegExp][] = [
  ["a port where nobody is", (url) => (url.port = "1"), /\(ECONNREFUSED\)\. See that the server runs/],
  [
    "a host that is not known",
    (url) => (url.hostname = "db.invalid"),
    /\((ENOTFOUND|EAI_AGAIN)\)\. See that the host/,
  ],
  ["a wrong password", (url) => (url.password = "secret-canary"), /\(28P01\)\. See that the password/],
  [
    "a database that is missing",
    (url) => (url.pathname = "/none"),
    /\(3D000\)\. npm run migrate makes the database/,
  ],
  [
    "a database that is not migrated",
    (url) => (url.pathname = "/template1"),
    /must lead to a migrated database: run npm run migrate/,
  ],
  [
    "a server without TLS",
    (url) => (url.search = "?sslmode=verify-full"),
    /speaks no TLS: turn ssl on there/,
  ],
];

test.for(
  processes.flatMap((one) => wrongUrls.map(([what, wrong, expected]) => ({ ...one, what, wrong, expected }))),
)("FND-36: $file with the URL of $what", async ({ wrong, expected, ...one }) => {
  const url = new URL(database.urls[one.role]);
  wrong(url);
  const said = await saidBy(one, { [one.variable]: url.href });
  expect(said).toMatch(expected);
  expect(said).toMatch(new RegExp(`^${one.variable} must `));
  expect(said).not.toContain("secret-canary");
});

test.for(processes)("FND-36, FND-05: $file runs as no role but its own", async (one) => {
  for (const other of ["admin", "owner", one.role === "worker" ? "authenticator" : "worker"] as const) {
    const as = new URL(database.urls[other]).username;
    expect(await saidBy(one, { [one.variable]: database.urls[other] })).toBe(
      `${one.variable} must lead in as app_${one.role}, not as ${as}.\n`,
    );
  }
});

test.for(processes)("FND-36: $file with an authority that is no file of certificates", async (one) => {
  const settings = path.join(dataDir, "settings.env");
  writeFileSync(settings, `NODE_EXTRA_CA_CERTS=${dataDir}/none.pem\n`);
  expect(await saidBy(one, { SETTINGS_FILE: settings })).toBe(
    `NODE_EXTRA_CA_CERTS must be a file of certificates (PEM) that can be read: ${dataDir}/none.pem cannot (ENOENT).\n`,
  );
});

test.for([
  ["server/main.ts", "HOST", "PORT"],
  ["server/main.ts", "OPS_HOST", "OPS_PORT"],
  ["tasks/main.ts", "OPS_HOST", "OPS_PORT"],
  ["tasks/main.ts", "OPS_HOST", "WORKER_OPS_PORT"],
] as const)("FND-30: %s names %s and %s, whichever stands in the way", async ([file, host, port]) => {
  const one = processes.find((each) => each.file === file) as Process;
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const occupied = String((taken.address() as { port: number }).port);
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const { port: open } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  try {
    const others = { PORT: String(open) };
    expect(await saidBy(one, { ...others, [port]: occupied })).toContain(
      `${port} must be a free port: ${occupied} is taken or not allowed.\n`,
    );
    // 192.0.2.0/24 is for documents: no machine has an address of it.
    expect(await saidBy(one, { ...others, [port]: String(open), [host]: "192.0.2.1" })).toContain(
      `${host} must be an address of this machine: 192.0.2.1 is none.\n`,
    );
  } finally {
    taken.close();
  }
});
