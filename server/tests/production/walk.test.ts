// Starts processes: the guide's own commands are run, on a PostgreSQL that is not ours.
import { chmodSync, lstatSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCurrent } from "../../../db/migrating/current.ts";
import { bareEnv } from "../../../db/testing/bare_env.ts";
import { project, run, until } from "../start/support.ts";
import { tokenOf } from "./clerk.ts";
import {
  asServer,
  closeDeployment,
  etc,
  fillIn,
  foreign,
  here,
  isWritable,
  openDeployment,
  place,
  plain,
  settingOf,
  settings,
  smtp,
  type,
  walked,
} from "./deployment.ts";
import { ownCertificate } from "./foreign_server.ts";
import { commandsOf } from "./guide.ts";
import { ask, document, startProxy } from "./over_tls.ts";

// FND-36, FND-30: the operators' guide, its own commands run in its order, on a PostgreSQL that is not ours. What the
// guide calls /etc/restartix and db.example.com is here a folder and a port of the test; nothing else is changed. The
// server's certificate is of an authority that nobody knows, as in many a hospital.
beforeAll(openDeployment);
afterAll(closeDeployment);

test("FND-36: one command writes settings, keys and passwords, never overwrites, and says all that is missing", async () => {
  const [write = "", documents = ""] = commandsOf("settings");
  const first = await type(write);
  const missing = [
    "PUBLIC_URL",
    "TELEMETRY_URL",
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
  walked.processes = ["api", "worker"].map((name) => {
    const unit = readFileSync(
      path.join(project, `docs/guides/production/systemd/restartix-${name}.service`),
      "utf8",
    );
    const [node = "", file = ""] = here(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "").split(" ");
    expect(lstatSync(node).isSymbolicLink() || statSync(node).isFile()).toBe(true);
    expect(unit).toContain("EnvironmentFile=/etc/restartix/restartix.env");
    return run(file, { ...bareEnv, SETTINGS_FILE: path.join(etc, "restartix.env") });
  });
  await walked.processes[0]?.printed("API at");
  walked.proxy = await startProxy();
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
  for (const { child, ended } of walked.processes) {
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
  walked.moment = (await client.query<{ at: string }>("select clock_timestamp()::text as at")).rows[0]
    ?.at as string;
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
