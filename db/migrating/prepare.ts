import { readFile } from "node:fs/promises";
import pg from "pg";
import { mendConnection } from "../../runtime/connection_error.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { type LoginRole, loginRoles, type Passwords } from "../connection/login_roles.ts";

/** A connection URL to the same database for each role that logs in. */
export type RoleUrls = Record<"admin" | LoginRole, string>;

export type PrepareOptions = {
  /** Name of the database; created when it is not there. */
  database: string;
  /** Passwords we generated: set on the roles. A role without one keeps what the operator gave it. */
  passwords?: Passwords;
  /** Runs as the administrator once the roles are there, before the database is made. */
  beforeDatabase?: (client: pg.Client) => Promise<void>;
  /** URLs the operator set (OWNER_DATABASE_URL…): used as they are. */
  given?: Partial<RoleUrls>;
};

/**
 * Makes roles, database and extensions, and answers with the URLs to use. Idempotent. The
 * administrator is a superuser, or has createrole and createdb as on managed servers. FND-05, FND-30.
 */
export async function prepareDatabase(adminUrl: string, options: PrepareOptions): Promise<RoleUrls> {
  const { database, passwords = {} } = options;
  await withServer(adminUrl, async (client) => {
    await checkVersion(client);
    // Two processes that start at once would both find the roles missing.
    await client.query("select pg_advisory_lock(hashtext('restartix: prepare'))");
    await client.query(await migrationFile("roles.sql"));
    for (const [name, password] of Object.entries(passwords) as [LoginRole, string][]) {
      await client.query(`alter role ${loginRoles[name]} password ${client.escapeLiteral(password)}`);
    }
    await options.beforeDatabase?.(client);
    const found = await client.query("select from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) {
      await client.query(`create database ${client.escapeIdentifier(database)} owner app_owner`);
    }
  });

  const admin = withDatabase(adminUrl, database);
  await withClient(admin, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('restartix: prepare'))");
    await client.query(await migrationFile("database.sql"));
    await client.query(await migrationFile("extensions.sql"));
  });
  return roleUrls(admin, options);
}

/** The variables that hold a URL of a database. */
const urlVariables = [
  "DATABASE_URL",
  ...Object.keys(loginRoles).map((name) => `${name.toUpperCase()}_DATABASE_URL`),
];

/** Refuses, in one line, what is no URL of a database. */
export function checkDatabaseUrls(env: NodeJS.ProcessEnv): void {
  const wrong = urlVariables.filter((name) => env[name] && !isDatabaseUrl(env[name]));
  if (wrong.length === 0) return;
  throw new StartupError(
    `${wrong.join(", ")} must be ${wrong.length === 1 ? "a postgres:// URL" : "postgres:// URLs"}.`,
  );
}

function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/[^/]/.test(text) && URL.canParse(text);
}

/** The URLs of the login roles beside an administrator's URL. */
export function roleUrls(
  admin: string,
  { passwords = {}, given = {} }: Omit<PrepareOptions, "database">,
): RoleUrls {
  const url = (name: LoginRole) => {
    if (given[name]) return given[name];
    const password = passwords[name];
    if (!password) {
      throw new StartupError(
        `There is no password for ${loginRoles[name]}: set ${name.toUpperCase()}_DATABASE_URL.`,
      );
    }
    const role = new URL(admin);
    role.username = loginRoles[name];
    role.password = password;
    return role.href;
  };
  const names = Object.keys(loginRoles) as LoginRole[];
  return {
    admin,
    ...(Object.fromEntries(names.map((name) => [name, url(name)])) as Record<LoginRole, string>),
  };
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/**
 * Connects as the administrator for what belongs to the whole server: in the database that the URL names, or, as long
 * as that one is not made, in `postgres`.
 */
export async function withServer<T>(adminUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  try {
    return await withClient(adminUrl, use);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as pg.DatabaseError;
    if (!(error instanceof StartupError && code === "3D000")) throw error;
    return await withClient(withDatabase(adminUrl, "postgres"), use);
  }
}

/** Connects, runs, and disconnects whatever happens. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const { host, username, pathname } = new URL(url);
    throw new StartupError(
      `Cannot connect to ${pathname.slice(1)} on ${host} as ${username}: ${(error as Error).message || (error as NodeJS.ErrnoException).code}. ${mendConnection(error)}`,
      { cause: error },
    );
  }
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export function migrationFile(name: string): Promise<string> {
  return readFile(new URL(`../migrations/${name}`, import.meta.url), "utf8");
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select current_setting('server_version_num')::int as version");
  if (rows[0].version < 180000) {
    throw new StartupError(
      `PostgreSQL 18 is needed, and this server is ${Math.floor(rows[0].version / 10000)}.`,
    );
  }
}
