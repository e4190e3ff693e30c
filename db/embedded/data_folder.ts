import { spawnSync } from "node:child_process";
import {
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { attempt, makeFolder } from "../../runtime/folders.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { blockedFolder, type DatabaseUser } from "./database_user.ts";
import type { Binaries } from "./postgres_binaries.ts";

const majorVersion = "18";

/** Runs one of PostgreSQL's programs to its end as the database user. */
export type Run = (program: string, args: string[]) => { ok: boolean; output: string };

export function runner(binaries: Binaries, user: DatabaseUser | undefined): Run {
  return (program, args) => {
    const result = spawnSync(program, args, {
      ...as(user),
      cwd: path.parse(binaries.postgres).root,
      encoding: "utf8",
    });
    return {
      ok: result.status === 0,
      output: `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`,
    };
  };
}

/** How to spawn a program as the database user. */
export function as(user: DatabaseUser | undefined) {
  // An allow-list: neither our secrets nor the caller's PG* variables are any business of the server.
  const names = ["PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
  const inherited = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return {
    env: { ...Object.fromEntries(inherited), LC_ALL: "C" } as NodeJS.ProcessEnv,
    ...(user && { uid: user.uid, gid: user.gid }),
  };
}

/** Makes the folder that holds the data folder, and checks that the database user gets there. */
export function makeParent(dataDir: string, user: DatabaseUser | undefined): void {
  const parent = path.dirname(dataDir);
  attempt(`Cannot make ${parent}: give this user write permission there.`, () => makeFolder(parent));
  const blocked = blockedFolder(existsSync(dataDir) ? dataDir : parent, user);
  if (blocked) {
    throw new StartupError(
      `Root may not run PostgreSQL, so it runs as ${user?.name}, who cannot enter ${blocked}: ` +
        `run "chmod o+x ${blocked}", or move the project elsewhere.`,
    );
  }
}

/**
 * Makes the data folder: initdb runs in a folder beside it, which is moved into place when it is complete, so that an
 * interrupted start leaves no half.
 */
export function initialise(
  dataDir: string,
  { binaries, run, user, password }: { binaries: Binaries; run: Run; user?: DatabaseUser; password: string },
): void {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new StartupError(
      `${dataDir} is not empty and holds no PostgreSQL data: move it away and start again.`,
    );
  }
  const draft = `${dataDir}.new`;
  const passwordFile = path.join(draft, "password");
  const data = path.join(draft, "data");
  let result = { ok: false, output: "" };
  try {
    attempt(`Cannot write ${path.dirname(dataDir)}: give this user write permission there.`, () => {
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { mode: 0o700 });
      writeFileSync(passwordFile, password, { mode: 0o600 });
      if (user) for (const file of [draft, passwordFile]) chownSync(file, user.uid, user.gid);
    });
    // Collation by code point, the same on every machine. The character classes come from the
    // system where it can tell that ș is a letter: trigrams and text search ask for that.
    for (const characters of ["C.UTF-8", "en_US.UTF-8", "C"]) {
      result = run(binaries.initdb, [
        `--pgdata=${data}`,
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        `--lc-ctype=${characters}`,
        "--text-search-config=simple",
        "--no-sync",
        "--no-instructions",
      ]);
      if (result.ok || !/invalid locale name/.test(result.output)) break;
      rmSync(data, { recursive: true, force: true });
    }
    if (!result.ok)
      throw new StartupError(`PostgreSQL could not make its data folder: ${reason(result.output)}`);
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(data, dataDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Copies the files of a stopped server; the copy is moved into place when it is complete. */
export function copyData(from: string, dataDir: string, user: DatabaseUser | undefined): void {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  cpSync(from, draft, { recursive: true, mode: constants.COPYFILE_FICLONE });
  if (user) giveTo(user, draft);
  renameSync(draft, dataDir);
}

/** Gives a folder and all that is in it to a user. */
export function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): void {
  for (const name of ["", ...(readdirSync(folder, { recursive: true }) as string[])])
    chownSync(path.join(folder, name), uid, gid);
}

/** Refuses data that this server cannot read. */
export function checkData(dataDir: string): void {
  const version = attempt(
    `${dataDir} belongs to another user: run as that user, or move the folder away.`,
    () => readFileSync(path.join(dataDir, "PG_VERSION"), "utf8").trim(),
  );
  if (version !== majorVersion) {
    throw new StartupError(
      `${dataDir} was written by PostgreSQL ${version}, this is ${majorVersion}: move the folder away to begin anew.`,
    );
  }
}

/** The line of PostgreSQL's output that says why, without its time stamp. */
export function reason(output: string): string {
  const lines = output.split("\n").filter((line) => /(error|FATAL|could not|ENOENT|cannot)/i.test(line));
  const line = lines.at(-1) ?? output.trim().split("\n").at(-1) ?? "it said nothing.";
  return line.replace(/^.*?(?:FATAL|initdb: error|ERROR):\s*/, "").trim();
}
