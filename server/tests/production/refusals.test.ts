// Starts processes: how the API and the worker end, and with which words, is seen from outside.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireDirect } from "../../../db/connection/require_database.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { createTestDatabase, type TestDatabase } from "../../../db/testing/server.ts";
import { ConfigError } from "../../../runtime/config_error.ts";
import { run } from "../start/support.ts";
import { startBeside, startTestApi, type TestApi } from "../support.ts";

// FND-30, FND-36: both processes of a deployment, with what an operator gets wrong: each ends with words that name the
// variable and say what to do, and without a place in our code.
let database: TestDatabase;
let api: TestApi;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase({ because: "roles and settings of it are made wrong", bare: true });
  api = await startTestApi({ because: "others are started beside it where they may not listen" });
  dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-refusals-"));
});
afterAll(async () => {
  await api?.close();
  await database?.drop();
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

/** The words come from one function, so they are asked for without a process; that they are what a process ends with is below. */
test.for(wrongUrls)("FND-36: the URL of %s", async ([, wrong, expected]) => {
  for (const { variable, role } of processes) {
    const url = new URL(database.urls[role]);
    wrong(url);
    const said = await requireDirect(url.href, { variable, role: `app_${role}` }).catch((error) => error);
    expect(said).toBeInstanceOf(ConfigError);
    expect(said.message).toMatch(expected);
    expect(said.message).toMatch(new RegExp(`^${variable} must `));
    expect(said.message).not.toContain("secret-canary");
  }
});

test.for(processes)("FND-36: $file ends with what its URL is refused for", async (one) => {
  const url = new URL(database.urls[one.role]);
  url.password = "secret-canary";
  const said = await saidBy(one, { [one.variable]: url.href });
  expect(said).toMatch(new RegExp(`^${one.variable} must .*\\(28P01\\)\\. See that the password`));
  expect(said).not.toContain("secret-canary");
});

test.for(processes)("FND-36, FND-05: $file runs as no role but its own", async (one) => {
  const others = ["admin", "owner", one.role === "worker" ? "authenticator" : "worker"] as const;
  const refused = (as: string) => `${one.variable} must lead in as app_${one.role}, not as ${as}.`;
  for (const url of others.map((other) => database.urls[other])) {
    await expect(requireDirect(url, { variable: one.variable, role: `app_${one.role}` })).rejects.toThrow(
      refused(new URL(url).username),
    );
  }
  expect(await saidBy(one, { [one.variable]: database.urls.owner })).toBe(`${refused("app_owner")}\n`);
});

test.for(processes)("FND-36: $file with an authority that is no file of certificates", async (one) => {
  const settings = path.join(dataDir, "settings.env");
  writeFileSync(settings, `NODE_EXTRA_CA_CERTS=${dataDir}/none.pem\n`);
  expect(await saidBy(one, { SETTINGS_FILE: settings })).toBe(
    `NODE_EXTRA_CA_CERTS must be a file of certificates (PEM) that can be read: ${dataDir}/none.pem cannot (ENOENT).\n`,
  );
});

type Listening = { host: string; port: number };

/** A port that is taken and one that is free. */
async function ports(): Promise<{ occupied: number; open: number; close(): void }> {
  const [taken, free] = [createServer(), createServer()];
  for (const one of [taken, free]) await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const [occupied, open] = [taken, free].map((one) => (one.address() as { port: number }).port) as [
    number,
    number,
  ];
  await new Promise((resolve) => free.close(resolve));
  return { occupied, open, close: () => taken.close() };
}
const takenPort = (variable: string, port: number) =>
  `${variable} must be a free port: ${port} is taken or not allowed.`;
// 192.0.2.0/24 is for documents: no machine has an address of it.
const foreignHost = (variable: string) =>
  `${variable} must be an address of this machine: 192.0.2.1 is none.`;

test.for([
  ["HOST", "PORT", (at: Listening) => at],
  ["OPS_HOST", "OPS_PORT", (at: Listening) => ({ host: "127.0.0.1", port: 0, ops: at })],
] as const)("FND-30: the API names %s and %s, whichever stands in the way", async ([host, port, config]) => {
  const { occupied, open, close } = await ports();
  try {
    const here = config({ host: "127.0.0.1", port: occupied });
    await expect(startBeside(api, here)).rejects.toThrow(takenPort(port, occupied));
    await expect(startBeside(api, config({ host: "192.0.2.1", port: open }))).rejects.toThrow(
      foreignHost(host),
    );
  } finally {
    close();
  }
});

test.for([
  ["OPS_HOST", "OPS_PORT"],
  ["OPS_HOST", "WORKER_OPS_PORT"],
] as const)("FND-30: the worker names %s and %s, whichever stands in the way", async ([host, port]) => {
  const worker = processes[1] as Process;
  const { occupied, open, close } = await ports();
  try {
    expect(await saidBy(worker, { [port]: String(occupied) })).toContain(`${takenPort(port, occupied)}\n`);
    expect(await saidBy(worker, { [port]: String(open), [host]: "192.0.2.1" })).toContain(
      `${foreignHost(host)}\n`,
    );
  } finally {
    close();
  }
});
