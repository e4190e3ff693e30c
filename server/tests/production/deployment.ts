import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect } from "vitest";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type SmtpSink, startSmtpSink } from "../chaos/smtp_sink.ts";
import { newPlace, project, type Run } from "../start/support.ts";
import { publicKey } from "./clerk.ts";
import { type ForeignServer, startForeignServer } from "./foreign_server.ts";
import { blocksOf } from "./guide.ts";

/** Where the operators' guide is walked: its folders, a PostgreSQL that is not ours, a store and a mail server. */
export let place: Awaited<ReturnType<typeof newPlace>>;
export let etc: string;
export let foreign: ForeignServer;
let objects: EmbeddedObjects;
export let smtp: SmtpSink;

/** What the steps of the guide leave for those after them. */
export const walked: { moment: string; processes: Run[]; proxy?: { stop(): void } } = {
  moment: "",
  processes: [],
};

export async function openDeployment(): Promise<void> {
  place = await newPlace();
  etc = mkdtempSync(path.join(os.tmpdir(), "restartix-etc-"));
  rmSync(etc, { recursive: true }); // the command makes it
  [foreign, objects, smtp] = await Promise.all([
    startForeignServer(place.ports.database, (home) =>
      blocksOf("conf").join("").replaceAll("/var/backups/restartix", home),
    ),
    startObjects({ port: 0, dataDir: place.dataDir }),
    startSmtpSink(),
  ]);
}

export async function closeDeployment(): Promise<void> {
  walked.proxy?.stop();
  for (const { child } of walked.processes) child.kill("SIGKILL");
  spawnSync(
    path.join(foreign.programs, "pg_ctl"),
    ["-D", here("/var/lib/postgresql/restored"), "-m", "immediate", "stop"],
    asServer(),
  );
  await Promise.all([foreign.stop(), objects.stop(), smtp.stop()]);
  rmSync(etc, { recursive: true, force: true });
  place.remove();
}

/** The guide's places as they are called here. */
export function here(text: string): string {
  return text
    .replaceAll("/etc/restartix", etc)
    .replaceAll("/opt/restartix", project)
    .replaceAll("db.example.com:5432", `127.0.0.1:${place.ports.database}`)
    .replaceAll("/var/backups/restartix", foreign.home)
    .replaceAll("/var/lib/postgresql/restored", path.join(foreign.home, "restored"))
    .replaceAll("base-2027-03-01", `base-${new Date().toLocaleDateString("sv")}`)
    .replaceAll(
      "-o postgres -g postgres ",
      foreign.user ? `-o ${foreign.user.uid} -g ${foreign.user.gid} ` : "",
    )
    .replaceAll("5433", String(place.ports.page))
    .replaceAll("2027-03-01 12:00:00+02", walked.moment);
}

export const asServer = () => (foreign.user ? { uid: foreign.user.uid, gid: foreign.user.gid } : {});

/** Runs commands in a shell, as somebody would type them; what they printed. */
export async function type(commands: string, { expects = 0, as = {}, env = {} } = {}): Promise<string> {
  const child = spawn("/bin/sh", ["-ec", here(commands)], {
    cwd: "uid" in as ? foreign.home : project,
    env: {
      PATH: [
        path.join(project, "node_modules", ".bin"),
        path.join(foreign.home, "bin"),
        foreign.programs,
        process.env.PATH,
      ].join(":"),
      HOME: place.dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    ...as,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  await sleep(0);
  expect({ code, output }).toEqual({ code: expects, output: expect.any(String) });
  return output;
}

/** Fills the files of settings in: what the guide lists, with this machine's vendors. */
export function fillIn(): void {
  const own: Record<string, string> = {
    CLERK_JWT_KEY: publicKey
      .export({ type: "spki", format: "pem" })
      .toString()
      .trim()
      .replaceAll("\n", "\\n"),
    CLERK_JWKS_URL: "",
    CLERK_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    S3_BUCKET: objects.settings.bucket,
    S3_REGION: objects.settings.region,
    S3_ENDPOINT: objects.settings.endpoint as string,
    S3_PATH_STYLE: "true",
    SMTP_URL: smtp.url,
    // The database that the guide names, which nobody has made yet.
    DATABASE_URL: foreign.adminUrl.replace(/postgres$/, "restartix"),
    PORT: String(place.ports.api),
    OPS_PORT: String(place.ports.apiOps),
    WORKER_OPS_PORT: String(place.ports.workerOps),
  };
  const credentials = JSON.parse(
    readFileSync(path.join(place.dataDir, "objects", "credentials.json"), "utf8"),
  );
  own.S3_ACCESS_KEY_ID = credentials.accessKeyId;
  own.S3_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  const [processes = "", administrator = ""] = blocksOf("ini");
  for (const [file, block] of [
    ["restartix.env", processes],
    ["administrator.env", administrator],
  ] as const) {
    const name = path.join(etc, file);
    const listed = Object.fromEntries(block.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
    let text = readFileSync(name, "utf8");
    for (const [variable, value] of Object.entries({ ...listed, ...own })) {
      text = text.replace(new RegExp(`^#?${variable}=.*$`, "m"), () => `${variable}=${value}`);
    }
    text = text.replace(/@127\.0\.0\.1(:\d+\/\w+)$/gm, "@localhost$1?sslmode=verify-full");
    if (file === "restartix.env") text += `CLERK_JWT_KEY=${own.CLERK_JWT_KEY}\n`;
    writeFileSync(name, text);
  }
}

/** The same database without TLS, for the test itself. */
export const plain = (url: string) =>
  url.replace("@localhost:", "@127.0.0.1:").replace("?sslmode=verify-full", "");

export const settings = () => ({
  SETTINGS_FILE: here("/etc/restartix/administrator.env,/etc/restartix/restartix.env"),
});

/** The value of a variable in one of the files. */
export function settingOf(file: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, "m").exec(readFileSync(path.join(etc, file), "utf8"))?.[1] ?? "";
}

export async function isWritable(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    return (
      (await client.query<{ in_recovery: boolean }>("select pg_is_in_recovery() as in_recovery")).rows[0]
        ?.in_recovery === false
    );
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
