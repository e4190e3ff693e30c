import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { createServer as createTlsServer, request } from "node:https";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCurrent } from "../../../db/migrating/current.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { type SmtpSink, startSmtpSink } from "../chaos/smtp_sink.ts";
import { newPlace, project, type Run, run, until } from "../start/support.ts";
import { type ForeignServer, ownCertificate, startForeignServer } from "./foreign_server.ts";
import { blocksOf, commandsOf } from "./guide.ts";

// FND-36, FND-30: the operators' guide, its own commands run in its order, on a PostgreSQL that is not ours. What the
// guide calls /etc/restartix and db.example.com is here a folder and a port of the test; nothing else is changed. The
// server's certificate is of an authority that nobody knows, as in many a hospital.
const fixtures = path.join(project, "providers", "webhooks", "tests", "fixtures");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const issuer = "https://clerk.example.com";
const party = "https://app.example.com";

let place: Awaited<ReturnType<typeof newPlace>>;
let etc: string;
let foreign: ForeignServer;
let objects: EmbeddedObjects;
let smtp: SmtpSink;
let moment = "";
let processes: Run[] = [];
let proxy: { stop(): void } | undefined;

beforeAll(async () => {
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
});

afterAll(async () => {
  proxy?.stop();
  for (const { child } of processes) child.kill("SIGKILL");
  spawnSync(
    path.join(foreign.programs, "pg_ctl"),
    ["-D", here("/var/lib/postgresql/restored"), "-m", "immediate", "stop"],
    asServer(),
  );
  await Promise.all([foreign.stop(), objects.stop(), smtp.stop()]);
  rmSync(etc, { recursive: true, force: true });
  place.remove();
});

/** The guide's places as they are called here. */
function here(text: string): string {
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
    .replaceAll("2027-03-01 12:00:00+02", moment);
}

const asServer = () => (foreign.user ? { uid: foreign.user.uid, gid: foreign.user.gid } : {});

/** Runs commands in a shell, as somebody would type them; what they printed. */
async function type(commands: string, { expects = 0, as = {}, env = {} } = {}): Promise<string> {
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
function fillIn(): void {
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
const plain = (url: string) => url.replace("@localhost:", "@127.0.0.1:").replace("?sslmode=verify-full", "");

const settings = () => ({
  SETTINGS_FILE: here("/etc/restartix/administrator.env,/etc/restartix/restartix.env"),
});

test("FND-36: one command writes settings, keys and passwords, never overwrites, and says all that is missing", async () => {
  const [write = "", documents = ""] = commandsOf("settings");
  const first = await type(write);
  const missing = [
    "PUBLIC_URL",
    "CLERK_ISSUER",
    "S3_BUCKET",
    "EMAIL_FROM",
    "SMTP_URL",
    "DATABASE_URL",
    "TRUSTED_DOCUMENTS",
  ];
  for (const name of missing) expect(first).toContain(`\n  ${name} must be `);
  for (const file of ["restartix.env", "administrator.env", "keys/master.keys"])
    expect(statSync(path.join(etc, file)).mode & 0o777).toBe(0o600);
  const written = () =>
    ["restartix.env", "administrator.env", "keys/master.keys"].map((file) =>
      readFileSync(path.join(etc, file), "utf8"),
    );
  const before = written();
  expect(await type(write, { expects: 1 })).toContain("Nothing is overwritten");
  expect(written()).toEqual(before);
  // The settings that nobody has filled in are refused by the processes with the same list.
  const api = run("server/main.ts", {
    ...bareEnv,
    SETTINGS_FILE: path.join(etc, "restartix.env"),
  });
  expect(await api.ended).toBe(1);
  expect(api.output()).toMatch(/^\d+ settings are missing or wrong:\n/);

  fillIn();
  expect(await type(documents)).toContain("Nothing is missing.");
});

test("FND-36: the database is prepared from its administrator's URL alone, and again without harm", async () => {
  const [prepare = "", open = ""] = commandsOf("database");
  const file = path.join(etc, "restartix.env");
  expect(await type("npm run migrate", { env: settings(), expects: 1 })).toMatch(
    /is of an authority .* NODE_EXTRA_CA_CERTS\.$/m,
  );
  writeFileSync(file, `${readFileSync(file, "utf8")}NODE_EXTRA_CA_CERTS=${ownCertificate["server.crt"]}\n`);
  expect(await type(prepare)).toContain(
    `The database is migrated: restartix on localhost:${place.ports.database}.`,
  );
  await type(prepare);
  // What is not in a committed migration yet is in the next version: nothing where all is committed.
  await runCurrent(plain(settingOf("administrator.env", "OWNER_DATABASE_URL")));
  const opened = await type(open, { env: settings() });
  expect(opened).toContain(
    "irina@example.com is superadmin, and olga@example.com owns Clinica Atlas (atlas).",
  );
  expect(await type(open, { env: settings() })).toContain("They were there already");
  expect(await type(open.replace("irina@", "eva@"), { env: settings(), expects: 1 })).toMatch(
    /A superadmin is there already/,
  );
});

test("FND-36: a role that was there before keeps its password until it is told otherwise", async () => {
  const file = path.join(etc, "administrator.env");
  const kept = readFileSync(file, "utf8");
  writeFileSync(file, kept.replace(/(app_owner:)[^@]+/, "$1another"));
  expect(await type("npm run migrate", { env: settings(), expects: 1 })).toMatch(
    /OWNER_DATABASE_URL does not lead to the database/,
  );
  await type("npm run migrate -- --set-passwords", { env: settings() });
  writeFileSync(file, kept);
  await type("npm run migrate -- --set-passwords", { env: settings() });
});

test("FND-36: a server that archives in vain says so to nobody but the doctor, until its folder is there", async () => {
  const [doctor = ""] = commandsOf("doctor");
  const asked = () => type(`${doctor.trim()} || true`, { env: settings() });
  const administrator = new pg.Client(foreign.adminUrl);
  await administrator.connect();
  const change = () => administrator.query("select pg_create_restore_point('walk'), pg_switch_wal()");
  try {
    await change();
    await until(async () => (await asked()).includes("archiving fails"), 40_000);
    await type(commandsOf("place")[0] ?? "");
    await change();
    await until(async () => (await asked()).includes("changes are archived"), 40_000);
  } finally {
    await administrator.end();
  }
});

test("FND-36: the units' own command lines start API and worker, behind TLS, and doctor is content", async () => {
  processes = ["api", "worker"].map((name) => {
    const unit = readFileSync(
      path.join(project, `docs/guides/production/systemd/restartix-${name}.service`),
      "utf8",
    );
    const [node = "", file = ""] = here(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "").split(" ");
    expect(lstatSync(node).isSymbolicLink() || statSync(node).isFile()).toBe(true);
    expect(unit).toContain("EnvironmentFile=/etc/restartix/restartix.env");
    return run(file, { ...bareEnv, SETTINGS_FILE: path.join(etc, "restartix.env") });
  });
  await processes[0]?.printed("API at");
  proxy = await startProxy();
  await until(async () => (await ask({}).catch(() => undefined)) !== undefined);
  await until(
    async () =>
      (await fetch(`http://127.0.0.1:${place.ports.workerOps}/readyz`).catch(() => undefined))?.ok === true,
  );

  const [doctor = ""] = commandsOf("doctor");
  const said = await type(doctor, { env: settings() });
  expect(said).toMatch(/\b0 to look at, 0 broken/);
});

test("FND-36, APT-05: the clinic's owner signs in, opens a calendar, and a visitor's booking is confirmed", async () => {
  const owner = await tokenOf("olga@example.com");
  const refused = await ask({ query: "{ __typename }" });
  expect(refused.errors?.[0]?.extensions.code).toBeDefined();

  const { organizations } = await document("MyClinic", { slug: "atlas" }, owner);
  const clinic = organizations.nodes[0].id;
  const specialist = (
    await document("AddSpecialist", { clinic, givenName: "Mihai", familyName: "Pop" }, owner)
  ).createSpecialist.specialist.id;
  for (const weekday of [1, 2, 3, 4, 5, 6, 7])
    await document("AddHours", { specialist, weekday, starts: "08:00", ends: "20:00" }, owner);
  const service = (
    await document(
      "AddService",
      { clinic, name: "Kinetoterapie", durationMinutes: 50, priceAmount: "20000" },
      owner,
    )
  ).createService.service.id;
  await document("OfferService", { service, specialist }, owner);
  const calendar = (await document("AddCalendar", { service, name: "Kinetoterapie" }, owner)).createCalendar
    .calendar.id;
  await document("PutIntoCalendar", { calendar, specialist }, owner);

  const from = new Date(Date.now() + 24 * 3600_000).toISOString();
  const to = new Date(Date.now() + 5 * 24 * 3600_000).toISOString();
  const { availableSlots } = await document("FreeTimes", { calendar, from, to });
  const { holdSlot } = await document("Hold", { calendar, startsAt: availableSlots.nodes[0].startsAt });
  const visitor = {
    givenName: "Maria",
    familyName: "Ionescu",
    email: "maria@example.com",
    phone: "0700 000 123",
  };
  const { requestBooking } = await document("Book", { holdToken: holdSlot.slotHold.token, ...visitor });
  const { confirmBookingRequest } = await document(
    "Confirm",
    { request: requestBooking.bookingReceipt.bookingRequestId },
    owner,
  );
  expect(confirmBookingRequest.appointment.startsAt).toBe(availableSlots.nodes[0].startsAt);
  await until(async () => smtp.mails().length > 0);
});

test("FND-36: the superadmin runs the platform and sees no patient", async () => {
  const { me, organizations } = await document(
    "MyClinic",
    { slug: "atlas" },
    await tokenOf("irina@example.com"),
  );
  expect(me.email).toBe("irina@example.com");
  expect(organizations.nodes).toHaveLength(1);
});

test("FND-36: a backup as app_backup, something is lost, and the restore to the moment before holds the same", async () => {
  for (const { child, ended } of processes) {
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }
  // pg_basebackup is in none of our packages; the stand-in asks the server for the same (see there).
  const bin = path.join(foreign.home, "bin");
  await type(`mkdir -p ${bin}`);
  writeFileSync(
    path.join(bin, "pg_basebackup"),
    `#!/bin/sh\nexec "${process.execPath}" "${path.join(import.meta.dirname, "pg_basebackup.ts")}" "$@"\n`,
  );
  chmodSync(path.join(bin, "pg_basebackup"), 0o755);
  await type(commandsOf("backup")[0] ?? "", { env: { NODE_EXTRA_CA_CERTS: ownCertificate["server.crt"] } });
  if (foreign.user) await type(`chown -R ${foreign.user.uid}:${foreign.user.gid} ${foreign.home}/base-*`);

  const client = new pg.Client(foreign.adminUrl.replace(/postgres$/, "restartix"));
  await client.connect();
  // After the base backup, before the accident: what only the archived changes hold.
  await client.query("update app_public.organizations set city = 'Cluj-Napoca'");
  const kept = await type("npm run -s backup:sums", { env: settings() });
  expect(kept).toMatch(/^app_public\.appointments 1 -?\d+$/m);
  moment = (await client.query<{ at: string }>("select clock_timestamp()::text as at")).rows[0]?.at as string;
  await client.query("drop table app_public.appointments cascade");
  await client.query("select pg_switch_wal()");
  const archived = async () =>
    (await client.query("select from pg_stat_archiver where last_archived_wal is not null")).rowCount;
  await until(async () => (await archived()) === 1);
  expect(await type("npm run -s backup:sums", { env: settings() })).not.toContain("app_public.appointments ");
  await client.end();

  await type(commandsOf("restore")[0] ?? "", { as: asServer() });
  const backupUrl = settingOf("administrator.env", "BACKUP_DATABASE_URL");
  const restored = backupUrl.replace(`:${place.ports.database}/`, `:${place.ports.page}/`);
  expect(restored).not.toBe(backupUrl);
  await until(async () => (await isWritable(plain(restored))) === true);
  expect(
    await type("npm run -s backup:sums", { env: { ...settings(), BACKUP_DATABASE_URL: restored } }),
  ).toBe(kept);
  const workerUrl = settingOf("restartix.env", "WORKER_DATABASE_URL");
  const verified = await type("npm run -s audit:verify", {
    env: {
      ...settings(),
      WORKER_DATABASE_URL: workerUrl.replace(`:${place.ports.database}/`, `:${place.ports.page}/`),
    },
  });
  expect(verified).toContain("all as they were written");
});

test("FND-36: a backup as a role that row security holds is refused, not smaller", async () => {
  const owner = settingOf("administrator.env", "OWNER_DATABASE_URL");
  const said = await type("npm run -s backup:sums", {
    env: { ...settings(), BACKUP_DATABASE_URL: owner },
    expects: 1,
  });
  expect(said).toMatch(/^The database refuses: query would be affected by row-level security/m);
});

/** The value of a variable in one of the files. */
function settingOf(file: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, "m").exec(readFileSync(path.join(etc, file), "utf8"))?.[1] ?? "";
}

async function isWritable(url: string): Promise<boolean> {
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

/** A session token as Clerk signs it. */
function tokenOf(email: string): Promise<string> {
  return new SignJWT({
    azp: party,
    sid: `sess_${email}`,
    email,
    email_verified: true,
    name: email.split("@")[0],
    locale: "ro",
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "one" })
    .setIssuer(issuer)
    .setSubject(`user_${email}`)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(privateKey);
}

type Answer = { data?: any; errors?: { message: string; extensions: { code: string } }[] };

async function document(name: string, variables: object, token?: string): Promise<any> {
  const documents: Record<string, { name: string }> = JSON.parse(
    readFileSync(path.join(etc, "documents.json"), "utf8"),
  );
  const documentId = Object.keys(documents).find((id) => documents[id]?.name === name);
  const { data, errors } = await ask({ documentId, variables }, token);
  expect({ name, errors }).toEqual({ name, errors: undefined });
  return data;
}

/** Over TLS, by the proxy. */
function ask(body: object, token?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: place.ports.objects,
        path: "/graphql",
        method: "POST",
        rejectUnauthorized: false, // the certificate is the test's
        headers: {
          host: "api.example.com",
          "content-type": "application/json",
          ...(token && { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.once("end", () => {
          try {
            resolve(JSON.parse(text));
          } catch (error) {
            reject(error as Error);
          }
        });
      },
    );
    asked.once("error", reject);
    asked.end(JSON.stringify(body));
  });
}

/** nginx with the guide's own file where this machine has one; otherwise the same in a few lines of Node. */
async function startProxy(): Promise<{ stop(): void }> {
  const files = { key: path.join(fixtures, "sns.key.pem"), cert: path.join(fixtures, "sns.cert.pem") };
  if (spawnSync("nginx", ["-v"]).status === 0) {
    const given = readFileSync(path.join(project, "docs/guides/production/nginx.conf"), "utf8")
      .replace("listen 443 ssl", `listen 127.0.0.1:${place.ports.objects} ssl`)
      .replace("/etc/ssl/restartix/fullchain.pem", files.cert)
      .replace("/etc/ssl/restartix/privkey.pem", files.key)
      .replace("127.0.0.1:4000", `127.0.0.1:${place.ports.api}`);
    const conf = path.join(place.dataDir, "nginx.conf");
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${place.dataDir}/${name};`,
    );
    writeFileSync(
      conf,
      `daemon off;\npid ${place.dataDir}/nginx.pid;\nerror_log ${place.dataDir}/nginx.log;\nevents {}\nhttp {\naccess_log off;\n${temporary.join("\n")}\n${given}\n}\n`,
    );
    execFileSync("nginx", ["-t", "-q", "-c", conf], { stdio: "pipe" });
    const nginx: ChildProcess = spawn("nginx", ["-c", conf], { stdio: "ignore" });
    return { stop: () => void nginx.kill("SIGTERM") };
  }
  const server = createTlsServer(
    { key: readFileSync(files.key), cert: readFileSync(files.cert) },
    (incoming, outgoing) => {
      const headers = {
        ...incoming.headers,
        "x-forwarded-for": incoming.socket.remoteAddress,
        "x-forwarded-proto": "https",
      };
      const { url, method } = incoming;
      const onward = plainRequest({ port: place.ports.api, path: url, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once("error", () => outgoing.writeHead(502).end());
      incoming.pipe(onward);
    },
  );
  await new Promise<void>((resolve) => server.listen(place.ports.objects, "127.0.0.1", resolve));
  return { stop: () => void server.close() };
}
